"""The verbs of a ceremony: prepare it, bring it on stage, press the remote; who may show it.

Where the stage stands is a row, so whatever dies comes back at the same slide. A press says on
which slide and turn it was made: pressed twice, or late, it does nothing; what shows more rests for
a moment after every press (`REST`), so that a finger that taps twice skips no slide. What a slide
tells whole becomes public in the same transaction, by the one way results come out
(`result_versions.reveal`); a rehearsal never gets there.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from competition import ledger, separation
from competition.database import writing
from competition.models import Role, Skill
from competition.moment import now
from competition.pins import Proof
from competition.rules.refusal import Refusal
from judging import ceremony_lists, result_versions
from judging.models import Ceremony, CeremonyProject, StageKey
from judging.rules import ceremony_slides
from judging.rules.ceremony_slides import MEASURES
from judging.rules.reveal import Order

LINK_LASTS = timedelta(hours=12)
COVERS = {"blank": "blank", "pause": "pause", "show": ""}
MOVES = ("next", "back", "jump")
FORWARD = ("next", "jump", "show")  # what may show more, and so make it public for good
REST = timedelta(milliseconds=700)  # two taps of one finger are within 500 ms; nobody speaks faster
LONGEST_ZH, LONGEST_EN = 60, 100


class Leap(Refusal):
    """A jump over what nobody has announced, which asks to be meant."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is chosen for a ceremony. `skills`: ids in the order of the stage."""

    name_zh: str
    name_en: str
    skills: tuple[int, ...]
    order: str = Order.PLACE
    measure: str = MEASURES[0]
    is_rehearsal: bool = False


def prepare(wanted: Wanted, *, actor_id: int, key: str) -> int:
    """Make a ceremony with its first project; gives its number. The same `key` again gives the one
    that was made.

    Raises:
        Refusal: nothing or something unknown was chosen, or lists are not ready (which says which).
    """
    with writing() as session:
        made = session.scalar(select(Ceremony.id).where(Ceremony.key == key))
        if made is not None:
            return made
        _check(wanted)
        row = Ceremony(
            key=key, name_zh=wanted.name_zh.strip(), name_en=wanted.name_en.strip(),
            order=wanted.order, measure=wanted.measure, is_rehearsal=wanted.is_rehearsal,
            skills=list(dict.fromkeys(wanted.skills)), made_by=actor_id, made_at=now(),
        )  # fmt: skip
        session.add(row)
        session.flush()
        _make(session, row, 1, actor_id)
        return row.id


def prepare_again(ceremony_id: int, *, seen: int, actor_id: int) -> None:
    """The next project, from the lists as they are now; `seen` is the number of the present one.
    Not while it is on stage."""
    with writing() as session:
        row = _row(session, ceremony_id)
        if row.project != seen:
            return
        if row.state == "on_stage":
            raise Refusal(
                "典礼正在台上，没有重新准备。请先下台。",
                "The ceremony is on stage, so it was not prepared again. Take it off stage first.",
            )
        row.project, row.slide, row.turn = seen + 1, 1, row.turn + 1
        row.state, row.cover = "prepared", ""
        _make(session, row, seen + 1, actor_id)


def go_on_stage(ceremony_id: int, *, actor_id: int, role: Role) -> None:
    """Let the stage show the slides. Refused while a list was reopened since it was prepared."""
    with writing() as session:
        row = _row(session, ceremony_id)
        if row.state == "on_stage":
            return
        found = project(session, row)
        gone = ceremony_lists.reopened(session, found)
        if gone:
            codes = [one["code"] for one in found.versions if one["skill"] in gone]
            raise Refusal(
                f"{'、'.join(codes)} 在准备之后重新打开过或名次有变化，典礼没有上台。"
                "请重新锁定后再准备一次。",
                f"{', '.join(codes)}: opened again or changed since this was prepared, so it did"
                " not go on stage. Lock anew, then prepare again.",
            )
        _apart(session, row, actor_id, role)
        row.state = "on_stage"
        _reveal(session, row, found, actor_id)
        _note(session, row, "open", {"project": row.project, "slide": row.slide}, actor_id)


def go_off_stage(ceremony_id: int, *, actor_id: int) -> None:
    """End it; what became public stays so. It may go on stage again, at the same slide."""
    with writing() as session:
        row = _row(session, ceremony_id)
        if row.state == "on_stage":
            row.state, row.cover = "over", ""
            _note(session, row, "close", {"slide": row.slide}, actor_id)


def take_remote(ceremony_id: int, proof: Proof, role: Role) -> None:
    """Note that whoever typed a PIN has the remote in hand."""
    with writing() as session:
        row = _row(session, ceremony_id)
        _apart(session, row, proof.account_id, role)
        _note(session, row, "remote", {"device": proof.device}, proof.account_id)


def press(
    ceremony_id: int,
    act: str,
    *,
    slide: int,
    turn: int,
    actor_id: int,
    to: int = 0,
    is_meant: bool = False,
) -> bool:
    """One press of the remote, made when the stage stood at `slide` in `turn`; gives whether it did
    anything. `act`: next, back, jump (`to` a slide), blank, pause or show (the slide again).

    Raises:
        Leap: the jump passes what nobody has announced, and it is not said that this `is_meant`.
        Refusal: the ceremony is not on stage, it is covered, it has only just moved, or there is no
            such slide.
    """
    with writing() as session:
        row = _row(session, ceremony_id)
        if row.state != "on_stage":
            raise Refusal(
                "典礼没有在台上，什么都没有改变。请先上台。",
                "The ceremony is not on stage; nothing was changed. Bring it on stage first.",
            )
        if (slide, turn) != (row.slide, row.turn):
            return False
        if act in FORWARD and rests(row):
            raise Refusal(
                "舞台刚刚变过，这次按键没有起作用。请看一眼舞台再按。",
                "The stage has only just moved, so this press did nothing. Look at it, then press"
                " again.",
            )
        found = project(session, row)
        body: dict[str, Any] = {"act": act, "from": slide}
        if act in COVERS:
            if row.cover == COVERS[act]:
                return False
            row.cover = COVERS[act]
        else:
            wanted = _slide(row, act, to, len(found.slides))
            if wanted == slide:
                return False
            if act == "jump" and not is_meant:
                _ask(session, row, found, wanted)
            row.slide = body["to"] = wanted
        row.turn, row.moved_at = turn + 1, now()
        _reveal(session, row, found, actor_id)  # which locks its skill, before the chain of acts
        _note(session, row, "press", body, actor_id)
        return True


def give_link(ceremony_id: int, *, actor_id: int) -> str:
    """The token of a link that opens the stage on one machine, once; it exists nowhere else."""
    token = secrets.token_urlsafe(24)
    with writing() as session:
        row = _row(session, ceremony_id)
        session.add(
            StageKey(ceremony_id=row.id, link_hash=_hash(token), made_by=actor_id, made_at=now())
        )
        _note(session, row, "link", {}, actor_id)
    return token


def end_links(ceremony_id: int, *, actor_id: int) -> None:
    """Every link that was given and every machine that used one is let in no more, from this moment
    on; a new link opens a machine anew. With none there is nothing to end."""
    with writing() as session:
        row = _row(session, ceremony_id)
        ended = session.execute(delete(StageKey).where(StageKey.ceremony_id == row.id))
        if ended.rowcount:  # type: ignore[attr-defined]
            _note(session, row, "links_end", {}, actor_id)


def use_link(token: str) -> tuple[int, str]:
    """The ceremony of a link, and the key of the machine that used it, which no other can."""
    key = secrets.token_urlsafe(32)
    with writing() as session:
        row = session.scalar(select(StageKey).where(StageKey.link_hash == _hash(token)))
        used = update(StageKey).where(
            StageKey.link_hash == _hash(token),
            StageKey.used_at.is_(None),
            StageKey.made_at > now() - LINK_LASTS,
        )
        values = {"used_at": now(), "key_hash": _hash(key)}
        if row is None or session.execute(used.values(values)).rowcount != 1:  # type: ignore[attr-defined]
            raise Refusal(
                "这个链接已经用过或已过期，舞台没有打开。请让秘书处再给一个。",
                "This link was used or is out of date, so the stage was not opened. Ask the office"
                " for another.",
            )
        of = session.get_one(Ceremony, row.ceremony_id)
        _note(session, of, "machine", {"link": row.id, "given_by": row.made_by}, None)
        return row.ceremony_id, key


# What stands


def project(session: Session, row: Ceremony) -> CeremonyProject:
    """The present project of a ceremony."""
    return session.scalars(
        select(CeremonyProject).where(
            CeremonyProject.ceremony_id == row.id, CeremonyProject.number == row.project
        )
    ).one()


def has_key(session: Session, ceremony_id: int, key: str) -> bool:
    """Whether a machine holds a key to this stage."""
    asked = select(StageKey.id).where(
        StageKey.ceremony_id == ceremony_id, StageKey.key_hash == _hash(key)
    )
    return bool(key) and session.scalar(asked) is not None


def machines(session: Session, ceremony_id: int) -> tuple[int, int]:
    """How many machines may show the stage, and how many links nobody has used."""
    asked = select(func.count(StageKey.used_at), func.count()).where(
        StageKey.ceremony_id == ceremony_id
    )
    used, given = session.execute(asked).one()
    return used, given - used


def rests(row: Ceremony) -> timedelta:
    """How long what shows more still rests, since the stage has only just moved."""
    return max(row.moved_at + REST - now(), timedelta()) if row.moved_at else timedelta()


# Pieces


def _check(wanted: Wanted) -> None:
    for name, zh, en, longest in (
        (wanted.name_zh.strip(), "中文", "Chinese", LONGEST_ZH),
        (wanted.name_en.strip(), "英文", "English", LONGEST_EN),
    ):
        if not 1 <= len(name) <= longest:
            raise Refusal(
                f"典礼的{zh}名称有 {len(name)} 字，应为 1 至 {longest} 字，没有准备。"
                "请改正后再提交。",
                f"The ceremony's name in {en} has {len(name)} characters; it needs 1 to {longest},"
                " so it was not prepared. Correct it and send it again.",
            )
    if not wanted.skills:
        raise Refusal(
            "没有选择赛项，典礼没有准备。请至少选择一个。",
            "No skill was chosen, so the ceremony was not prepared. Choose one at least.",
        )
    if wanted.order not in list(Order) or wanted.measure not in MEASURES:
        raise Refusal(
            "没有这种揭晓顺序或榜，典礼没有准备。请重新选择。",
            "There is no such order or table; the ceremony was not prepared. Choose again.",
        )


def _make(session: Session, row: Ceremony, number: int, actor_id: int) -> None:
    skills = _skills(session, row.skills)
    lists, versions = (
        (ceremony_lists.rehearsed(session, skills, f"{row.key} {number}"), [])
        if row.is_rehearsal
        else ceremony_lists.locked(session, skills)
    )
    made = ceremony_slides.slides((row.name_zh, row.name_en), lists, Order(row.order), row.measure)
    digest = ceremony_slides.digest(made)
    session.add(
        CeremonyProject(
            ceremony_id=row.id, number=number, versions=versions, slides=made, digest=digest,
            told=[], made_by=actor_id, made_at=now(),
        )
    )  # fmt: skip
    body = {"project": number, "digest": digest, "rehearsal": row.is_rehearsal}
    _note(session, row, "prepare", {**body, "versions": versions}, actor_id)


def _skills(session: Session, ids: Sequence[int]) -> list[Skill]:
    found = {one.id: one for one in session.scalars(select(Skill).where(Skill.id.in_(ids)))}
    if len(found) != len(ids):
        raise Refusal("没有这个赛项，没有改变。", "No such skill; nothing was changed.", status=404)
    return [found[one] for one in ids]


def _slide(row: Ceremony, act: str, to: int, of: int) -> int:
    """The slide that a move leads to."""
    if act not in MOVES:
        raise Refusal("没有这个按键，什么都没有改变。", "There is no such button; nothing changed.")
    if row.cover and act != "jump":
        raise Refusal(
            "屏幕正被遮住，没有翻页。请先恢复画面。",
            "The stage is covered, so nothing moved. Show the slide again first.",
        )
    wanted = {"next": row.slide + 1, "back": row.slide - 1}.get(act, to)
    if not 1 <= wanted <= of:
        raise Refusal(
            "没有这一页，画面没有改变。", "There is no such slide; the stage stays as it is."
        )
    return wanted


def _ask(session: Session, row: Ceremony, found: CeremonyProject, to: int) -> None:
    """Ask for a jump that leaves skills unannounced, or makes one public without its slides. What
    stands behind a cover was not told yet, so it counts as passed too."""
    settled = {*found.told, *ceremony_lists.reopened(session, found)}
    passed, told = ceremony_slides.leap(found.slides, row.slide - bool(row.cover), to, settled)
    if not passed and told is None:
        return
    zh, en = [f"没有翻页：要跳到第 {to} 页吗？"], [f"Not moved yet: jump to slide {to}?"]
    if passed:
        zh.append(f"会越过还没有宣布的 {'、'.join(passed)}，总表却会把它们算进去。")
        en.append(
            f"It passes {', '.join(passed)}, not announced yet; tables at the end count them."
        )
    if told is not None:
        for_good = (
            ("。", ".") if row.is_rehearsal else ("并公开，不能收回。", " and public, for good.")
        )
        at = ("恢复画面后", "once the stage is uncovered") if row.cover else ("立即", "at once")
        zh.append(f"{told} 的全部名次会{at[0]}出现在舞台上{for_good[0]}")
        en.append(f"The whole list of {told} is told {at[1]}{for_good[1]}")
    raise Leap("".join(zh), " ".join(en))


def _reveal(session: Session, row: Ceremony, found: CeremonyProject, actor_id: int) -> None:
    """What the stage now tells whole becomes public: once, never from a rehearsal, from behind a
    cover or from a list that was reopened."""
    skill = found.slides[row.slide - 1]["completes"]
    if row.is_rehearsal or row.cover or skill is None or skill in found.told:
        return
    if skill in ceremony_lists.reopened(session, found):
        return
    version = next(one["id"] for one in found.versions if one["skill"] == skill)
    key = f"stage-{found.id}"
    if result_versions.reveal(session, skill, version, actor_id=actor_id, key=key):
        found.told = [*found.told, skill]


def _apart(session: Session, row: Ceremony, actor_id: int, role: Role) -> None:
    """Whoever brings results out is asked about the separation of duties, skill by skill."""
    if not row.is_rehearsal:
        for skill in row.skills:
            separation.require(session, actor_id, role, skill)


def _row(session: Session, ceremony_id: int) -> Ceremony:
    row = session.get(Ceremony, ceremony_id, populate_existing=True, with_for_update=True)
    if row is None:
        raise Refusal(
            "没有这个典礼，没有改变。", "No such ceremony; nothing was changed.", status=404
        )
    return row


def _note(
    session: Session, row: Ceremony, act: str, body: dict[str, Any], actor_id: int | None
) -> None:
    ledger.append(
        session, act=f"ceremony.{act}", subject=f"ceremony:{row.id}", body=body, actor_id=actor_id
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
