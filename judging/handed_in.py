"""A tablet's unsent marks and notes, handed in as a file where the network never returns.

Each goes the way of an ordinary post, with its own key and by the judge who gave it: to hand in a
file twice, or a tablet that comes back afterwards, changes nothing. What the rules refuse is
set aside with its sentence. The file is sealed with the tablet's token (`outbox_seal`).
"""

import base64
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition.database import db
from competition.models import Account, Skill
from competition.offload import offload
from competition.rules.refusal import Refusal
from judging import marking, outbox_seal, remarks
from judging.admission import Post
from judging.marking import Parcel
from judging.models import Aspect, Criterion, Device, Scheme, SubCriterion
from judging.remarks import Given
from judging.rules.scheme import two_decimals

FORMAT = "podium-outbox/1"
MOST_MARKS = 20_000
MOST_BYTES = 64 * 1024 * 1024  # photos are in it
ReadPosts = Callable[[list[Any]], Sequence[Post | dict[str, Any]]]
ReadNote = Callable[[Any], Given]
BATCH = 200  # marks in one commit: tablets go on posting in between


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one mark or note of a file. `value` is a text; None for a vote, which stays
    sealed, and for a note."""

    judge: str
    code: str
    what: str
    value: str | None
    device_at: datetime | None
    outcome: str  # "applied", "known", "set_aside" or "unread"
    sentence: dict[str, str] | None
    is_note: bool = False


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What became of a file, mark by mark in the order of the taps."""

    lines: tuple[Line, ...]
    others: tuple[str, ...]  # skills of which the file holds marks too; those were left alone

    @property
    def counts(self) -> Counter[str]:
        return Counter(line.outcome for line in self.lines)


@dataclass(frozen=True, slots=True)
class Box:
    """The marks and notes of one judge in a file, opened, and the tablet that sealed them."""

    device: Device
    judge: Account
    posts: list[Any]
    notes: list[dict[str, Any]]


def hand_in(
    skill_id: int, data: bytes, read: ReadPosts, read_note: ReadNote, *, actor_id: int
) -> HandedIn:
    """Take every mark and note of a file that belongs to the skill. `read` makes posts of plain
    JSON, `read_note` a note, and raises a Refusal where it is none."""
    session = db.session()
    skill = session.get_one(Skill, skill_id)
    plain = _boxes(data)
    boxes = [_opened(session, skill, one) for one in plain if one["skill"] == skill.code]
    others = tuple(sorted({str(one["skill"]) for one in plain} - {skill.code}))
    if not boxes:
        raise Refusal(
            f"这个文件里没有 {skill.code} 的评分（只有 {'、'.join(others) or '空'}），"
            "什么都没有保存。请在对应赛项的裁判长工作台交这个文件。",
            f"The file holds no marks of {skill.code} (but of {', '.join(others) or 'nothing'});"
            " nothing was kept. Hand it in at the desk of its own skill.",
        )
    if sum(len(box.posts) + len(box.notes) for box in boxes) > MOST_MARKS:
        raise Refusal(
            f"文件里的评分超过 {MOST_MARKS} 条，没有保存。请联系技术人员。",
            f"The file holds more than {MOST_MARKS} marks; nothing was kept. Ask the technician.",
        )
    names = _Names(session, skill_id)
    lines: list[Line] = []
    for box in boxes:
        for start in range(0, len(box.posts), BATCH):
            lines += _taken(skill_id, box, read(box.posts[start : start + BATCH]), names, actor_id)
        for one in box.notes:
            lines.append(_noted(box, one, read_note, names, actor_id))
    return HandedIn(tuple(lines), others)


def _boxes(data: bytes) -> list[dict[str, Any]]:
    """The sealed boxes of a file."""
    try:
        plain = json.loads(data)
        boxes = plain["boxes"] if plain["format"] == FORMAT else None
        if not isinstance(boxes, list) or not all(isinstance(one["skill"], str) for one in boxes):
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Refusal(
            "这不是平板保存的待传评分文件，什么都没有保存。请选择平板上“保存为文件”得到的文件。",
            "This is not a file of unsent marks that a tablet saved; nothing was kept. Choose the"
            " file that “Save as a file” on the tablet gave.",
        ) from None
    return boxes


def _opened(session: Session, skill: Skill, box: dict[str, Any]) -> Box:
    """One box, by the token of the tablet that sealed it."""
    judge = box.get("judge")
    devices = session.scalars(
        select(Device)
        .where(Device.skill_id == skill.id, Device.account_id == judge)
        .order_by(Device.id.desc())
        if isinstance(judge, int) and abs(judge) < 2**31
        else select(Device).where(Device.id.is_(None))
    )
    for device in devices:
        try:
            text = offload(
                outbox_seal.unseal, device.token_hash, str(box.get("nonce")),
                str(box.get("sealed")), str(box.get("mac")),
            )  # fmt: skip
            posts = json.loads(text)
        except ValueError:
            continue
        if device.revoked_at is not None or not device.account.active:
            raise Refusal(
                f"保存这个文件的平板（{device.account.label}）已停用，什么都没有保存。请该裁判在平板上重新登录后"
                "再存一次文件。",
                f"The tablet that saved this file ({device.account.label}) was taken out of use;"
                " nothing was kept. Have the judge sign in on it again and save the file anew.",
            )
        if isinstance(posts, list):
            notes = [one for one in posts if isinstance(one, dict) and "remark" in one]
            marks = [one for one in posts if not (isinstance(one, dict) and "remark" in one)]
            return Box(device, device.account, marks, notes)
    raise Refusal(
        "文件在保存后被改动，或不是本赛项已配对的平板保存的，什么都没有保存。请在平板上重新保存一次。",
        "The file was changed after it was saved, or no tablet paired with this skill saved it;"
        " nothing was kept. Save it on the tablet again.",
    )


def _taken(
    skill_id: int,
    box: Box,
    items: Sequence[Post | dict[str, Any]],
    names: "_Names",
    actor_id: int,
) -> list[Line]:
    """Record one batch and say what became of each."""
    posts = [item for item in items if isinstance(item, Post)]
    before = marking.known_keys(db.session(), [post.key for post in posts])
    parcel = Parcel(skill_id, posts, box.judge.id, box.device.id, brought_by=actor_id)
    answers = iter(marking.record([parcel])[0] if posts else [])
    lines = []
    for item in items:
        if isinstance(item, Post):
            answer = next(answers)
            known = item.key in before and answer.state != "refused"
            outcome = {"taken": "applied", "refused": "unread"}.get(answer.state, answer.state)
            lines.append(
                Line(
                    box.judge.label, item.code, names.what(item), names.value(item),
                    item.device_at, "known" if known else outcome, answer.sentence,
                )
            )  # fmt: skip
        else:
            lines.append(Line(box.judge.label, "", "", None, None, "unread", item["sentence"]))
    return lines


def _noted(
    box: Box,
    item: dict[str, Any],
    read: ReadNote,
    names: "_Names",
    actor_id: int,
) -> Line:
    """Keep one note or photo, and say what became of it."""
    try:
        given = read(item["remark"])
        photo = item.get("photo")
        picture = base64.b64decode(str(photo), validate=True) if photo is not None else None
        known = remarks.is_known(db.session(), given.key)
        done = remarks.add(
            box.device.skill_id, given, picture, judge_id=box.judge.id, device_id=box.device.id,
            brought_by=actor_id,
        )  # fmt: skip
    except Refusal as refusal:
        return _unread_note(box, refusal)
    except ValueError:
        return _unread_note(box, NO_PHOTO())
    outcome = "known" if known else {"taken": "applied"}.get(done.state, done.state)
    what = names.aspects.get(given.aspect, (f"#{given.aspect}", ""))[0]
    return Line(
        box.judge.label, given.code, what, None, given.device_at, outcome, done.sentence, True
    )


def _unread_note(box: Box, refusal: Refusal) -> Line:
    return Line(box.judge.label, "", "", None, None, "unread", refusal.as_dict(), is_note=True)


def NO_PHOTO() -> Refusal:
    """A photo in a file that is no base64."""
    return Refusal(
        "照片在文件里不完整，没有保存。请在平板上重新保存一次文件。",
        "The photo in the file is not whole and was not kept. Save the file on the tablet again.",
    )


class _Names:
    """What people call aspects and sheets of a skill, of every version of its scheme."""

    def __init__(self, session: Session, skill_id: int) -> None:
        aspects = session.execute(
            select(Aspect.id, Aspect.code, Aspect.kind)
            .join(Scheme, Aspect.scheme_id == Scheme.id)
            .where(Scheme.skill_id == skill_id)
        )
        self.aspects: dict[int, tuple[str, str]] = {
            number: (code, kind) for number, code, kind in aspects
        }
        sheets = session.execute(
            select(SubCriterion.id, SubCriterion.code)
            .join(Criterion, SubCriterion.criterion_id == Criterion.id)
            .join(Scheme, Criterion.scheme_id == Scheme.id)
            .where(Scheme.skill_id == skill_id)
        )
        self.sheets: dict[int, str] = {row.id: row.code for row in sheets}

    def what(self, post: Post) -> str:
        if post.sub_criterion is not None:
            return self.sheets.get(post.sub_criterion, f"#{post.sub_criterion}")
        return self.aspects.get(post.aspect or 0, (f"#{post.aspect}", ""))[0]

    def value(self, post: Post) -> str | None:
        """A measurement as a text; a vote is not shown, nor what is no mark."""
        if self.aspects.get(post.aspect or 0, ("", "J"))[1] == "J":
            return None
        if post.observed is not None:
            return post.observed
        return "—" if post.value is None else two_decimals(post.value)
