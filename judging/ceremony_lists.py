"""Read: the lists that a ceremony is made of: of locked skills, fixed by their result version; in a
rehearsal invented ones, with invented people."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from weakref import WeakKeyDictionary

import yaml
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from competition.catalogue import DATA
from competition.models import Delegation, Entry, Skill
from competition.rules.refusal import Refusal
from judging import board_facts, finals, invented, kept, result_versions, tallies
from judging.models import CeremonyProject, PublicBoard, ResultVersion
from judging.rules import impact
from judging.rules.ceremony_slides import Listed, Named
from judging.rules.final import Final, final
from judging.rules.ranking import PRESETS
from judging.rules.scheme import two_decimals
from judging.rules.visibility import Shown

Pair = tuple[str, str]
Plain = dict[str, Any]
FEWEST = 6  # invented entries, also where fewer are entered: enough for every medal

LATE = 900  # hundredths, at most, that come in after an invented public board


@dataclass(frozen=True, slots=True)
class _Locked:
    """A locked skill: its final list by codes, what it was made of, its entries by code, and what
    the public sees of each, by names."""

    board: Final
    told: finals.Facts
    entries: Mapping[str, int]
    seen: Mapping[tuple[str, str], Plain]

    @property
    def is_pending(self) -> bool:
        return any(line.given.pending for line in self.board.lines)


def locked(session: Session, skills: Sequence[Skill]) -> tuple[list[Listed], list[Plain]]:
    """The lists of these skills and the versions that they are of.

    Raises:
        Refusal: some are not locked, a medal hangs on a tie, or a list is not its version any more.
    """
    versions = result_versions.standing(session, [one.id for one in skills])
    _refuse(
        [one.code for one in skills if one.id not in versions],
        "还没有锁定（或锁定后又打开）",
        "not locked (or opened again since)",
        "请先锁定这些赛项，或不选它们。",
        "Lock them first, or leave them out.",
    )
    found = {one.id: _locked(session, one) for one in skills}
    pending = [one.code for one in skills if found[one.id].is_pending]
    pages = [f"/results/{code}/ties" for code in pending]
    _refuse(
        pending,
        "有奖牌取决于尚未裁决的同分",
        "a medal hangs on a tie that is not decided",
        f"请裁判长先在“同分裁决”页裁决（{'、'.join(pages)}）。",
        f"Its chief judge decides it first, on the page “Ties” ({', '.join(pages)}).",
    )
    kept_lines = {
        row.skill_id: row.lines
        for row in session.scalars(
            select(ResultVersion).where(ResultVersion.id.in_([one for one, _ in versions.values()]))
        )
    }
    _refuse(
        [one.code for one in skills if impact.lines(found[one.id].board) != kept_lines[one.id]],
        "名次已与锁定的成绩版本不同（锁定后报名或规则有变化）",
        "differs from its locked version (entries or rules changed since)",
        "请重新锁定。",
        "Lock it anew.",
    )
    names = _delegations(session)
    labels = board_facts.public_labels(session, skills)
    lists = [_listed(one, found[one.id], labels[one.id], names) for one in skills]
    return lists, [
        {"skill": one.id, "code": one.code, "id": version_id, "version": version}
        for one in skills
        for version_id, version in (versions[one.id],)
    ]


def reopened(session: Session, project: CeremonyProject) -> set[int]:
    """The skills whose list is no longer the one that the project was made from: opened again, or
    its entries or rules changed while it stayed locked, such as by a withdrawal.

    Stages ask this every second, so a list is made anew only when something of its skill moved.
    """
    wanted = {one["skill"]: one["id"] for one in project.versions}
    standing = result_versions.standing(session, list(wanted))
    gone = {skill for skill, version in wanted.items() if standing.get(skill, (0,))[0] != version}
    compared = _compared.setdefault(session.get_bind(), {})
    for skill, made_of in _made_of(session, wanted.keys() - gone).items():
        before, differs = compared.get(wanted[skill], ((), False))
        if before != made_of:
            differs = _differs(session, skill, wanted[skill])
            compared[wanted[skill]] = (made_of, differs)
        if differs:
            gone.add(skill)
    return gone


# What this process last compared, per database: version → (what its skill was made of, whether the
# list is another one).
_compared: WeakKeyDictionary[Any, dict[int, tuple[tuple[object, ...], bool]]] = WeakKeyDictionary()


def _made_of(session: Session, skills: Collection[int]) -> dict[int, tuple[object, ...]]:
    """What moves when a locked list may have changed: the skill's acts, how entries take part."""
    out: dict[int, tuple[object, ...]] = {
        skill: (revision,)
        for skill, revision in session.execute(
            select(Skill.id, Skill.revision).where(Skill.id.in_(skills))
        )
    }
    takes = (Entry.skill_id, Entry.state, Entry.is_reserve, Entry.out_of_competition)
    found = (
        select(*takes, func.count(), func.sum(Entry.id))
        .where(Entry.skill_id.in_(skills))
        .group_by(*takes)
        .order_by(*takes)
    )
    for skill, *row in session.execute(found) if skills else ():
        out[skill] = (*out[skill], tuple(row))
    return out


def _differs(session: Session, skill_id: int, version_id: int) -> bool:
    found = _locked(session, session.get_one(Skill, skill_id))
    kept_lines = session.get_one(ResultVersion, version_id).lines
    return impact.lines(found.board) != kept_lines


def rehearsed(session: Session, skills: Sequence[Skill], seed: str) -> list[Listed]:
    """Invented results under each skill's own rules, of people who do not exist; the delegations
    are the real ones, so that their names are tried on the stage."""
    chance = Random(seed)  # noqa: S311 - a rehearsal, not a draw
    words = yaml.safe_load((DATA / "names.yaml").read_text("utf-8"))
    delegations = list(_delegations(session).items()) or [("T", ("彩排代表团", "Rehearsal team"))]
    return [_invented(session, one, chance, words, delegations) for one in skills]


def _refuse(codes: Sequence[str], zh: str, en: str, next_zh: str, next_en: str) -> None:
    if codes:
        raise Refusal(
            f"{'、'.join(codes)}：{zh}，典礼没有准备，什么都没有改变。{next_zh}",
            f"{', '.join(codes)}: {en}. The ceremony was not prepared; nothing was changed."
            f" {next_en}",
        )


def _locked(session: Session, skill: Skill) -> _Locked:
    found = kept.whole(session, skill.id)
    told = finals.facts(session, [skill.id])[skill.id]
    board = finals.standings(found, told, tallies.tallies(found, Shown.ALL), found.entries)
    entries = {code: entry for entry, code in found.entries.items()}
    return _Locked(board, told, entries, _seen(session, skill.id))


def _listed(
    skill: Skill,
    found: _Locked,
    labels: Mapping[int, Mapping[str, str]],
    names: Mapping[str, Pair],
) -> Listed:
    lines = []
    for line in found.board.lines:
        entry = found.entries[line.key]
        label = labels[entry]
        code = found.told.entries[entry].delegation if "delegation_zh" in label else ""
        before = found.seen.get((label["label_zh"], label.get("delegation_zh", "")))
        lines.append(
            Named(
                key=label["key"],
                label=(label["label_zh"], label["label_en"]),
                place=line.standing.place,
                award=line.given.award,
                total=two_decimals(line.standing.total),
                delegation=code,
                delegation_name=names[code] if code else ("", ""),
                before=before["place"] if before else None,
                before_total=before["total"] if before and before["place"] else "",
            )
        )
    return Listed(skill.id, skill.code, (skill.name_zh, skill.name_en), tuple(lines))


def _seen(session: Session, skill_id: int) -> dict[tuple[str, str], Plain]:
    """What the public sees of a skill at this moment, by names. Of two that are called the same
    neither counts as seen."""
    body = session.scalar(select(PublicBoard.body).where(PublicBoard.skill_id == skill_id))
    found: dict[tuple[str, str], Plain] = {}
    twice = set()
    for line in body["standings"] if body else ():
        name = (line["label_zh"], line.get("delegation_zh", ""))
        twice |= {name} & found.keys()
        found[name] = line
    return {name: line for name, line in found.items() if name not in twice}


def _delegations(session: Session) -> dict[str, Pair]:
    rows = session.execute(
        select(Delegation.code, Delegation.name_zh, Delegation.name_en).order_by(Delegation.code)
    )
    return {code: (zh, en) for code, zh, en in rows}


def _invented(
    session: Session,
    skill: Skill,
    chance: Random,
    words: Mapping[str, Any],
    delegations: Sequence[tuple[str, Pair]],
) -> Listed:
    ground = invented.ground(session, skill.code)
    results = invented.results(ground, max(ground.entered, FEWEST), chance, times=True)
    maxima = {"criterion": ground.facts.maxima, "module": ground.facts.maxima}
    rules = ground.facts.rules if ground.has_rules else PRESETS["provincial"]
    whole = final(results, rules, maxima)
    # what was public before some marks came in: each a little less, so that places move
    public = {
        line.key: max(0, line.standing.total - chance.randint(0, LATE)) for line in whole.lines
    }
    places = sorted(public, key=lambda key: -public[key])
    lines = []
    for line in whole.lines:
        team = [_person(chance, words) for _ in range(skill.team_size)]
        code, name = chance.choice(delegations)
        total = two_decimals(line.standing.total)
        lines.append(
            Named(
                line.key, ("、".join(team), ", ".join(team)), line.standing.place,
                line.given.award, total, code, name,
                before=places.index(line.key) + 1, before_total=two_decimals(public[line.key]),
            )
        )  # fmt: skip
    return Listed(skill.id, skill.code, (skill.name_zh, skill.name_en), tuple(lines))


def _person(chance: Random, words: Mapping[str, Any]) -> str:
    given = words["given"][chance.choice(sorted(words["given"]))]
    surname = chance.choice(words["surnames"].split())
    return str(surname + chance.choice(given["first"]) + chance.choice(given["second"]))
