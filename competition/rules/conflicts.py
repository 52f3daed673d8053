"""Conflicts of interest: what binds a judge to one entry, as kinds of tie and in words.

Marking-rules.md, Independence: "A judge never marks somebody of the same delegation, school, firm
or with the same coach, or a declared relation." What is found here keeps a judge from that one
entry; what keeps somebody from a whole skill is separation of duties (`rules/duties.py`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Tie(StrEnum):
    """What binds a judge to an entry: five that data shows, five that somebody declares."""

    DELEGATION = "delegation"
    AFFILIATION = "affiliation"
    COACH = "coach"
    SAME_COACH = "same_coach"
    COACH_AFFILIATION = "coach_affiliation"
    FAMILY = "family"
    PUPIL = "pupil"
    EMPLOYER = "employer"
    OTHER = "other"
    KNOWN_WORK = "known_work"


FOUND = (
    *(Tie.DELEGATION, Tie.AFFILIATION, Tie.COACH, Tie.SAME_COACH),
    Tie.COACH_AFFILIATION,
)
DECLARED = (Tie.FAMILY, Tie.PUPIL, Tie.EMPLOYER, Tie.OTHER, Tie.KNOWN_WORK)

WORDS: dict[Tie, tuple[str, str]] = {
    Tie.DELEGATION: ("同一代表团", "same delegation"),
    Tie.AFFILIATION: ("同一单位", "same school or company"),
    Tie.COACH: ("本人是选手的教练", "coaches the competitor"),
    Tie.SAME_COACH: ("同一教练", "same coach"),
    Tie.COACH_AFFILIATION: ("与选手的教练同一单位", "from where the competitor's coach is from"),
    Tie.FAMILY: ("申报：亲属", "declared: family"),
    Tie.PUPIL: ("申报：师生", "declared: pupil or teacher"),
    Tie.EMPLOYER: ("申报：雇佣关系", "declared: employment"),
    Tie.OTHER: ("申报：其他关系", "declared: another relation"),
    Tie.KNOWN_WORK: ("申报：认出作品", "declared: knows whose work it is"),
}

Who = tuple[int | None, str, int | None]  # a coach: person, or a name from an affiliation


@dataclass(frozen=True, slots=True)
class JudgeFacts:
    """A judge: person, name, where from, and who coached them when they competed themselves."""

    person: int | None = None
    name: str = ""
    delegation: int | None = None
    affiliation: int | None = None
    coaches: frozenset[Who] = frozenset()


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """An entry: its delegation, where its competitors study or work, and its coaches."""

    id: int
    delegation: int
    people: frozenset[int] = frozenset()
    affiliations: frozenset[int] = frozenset()
    coaches: frozenset[Who] = frozenset()


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared relation to certain entries, once the system or the office has matched it."""

    tie: Tie
    entries: frozenset[int] = field(default_factory=frozenset)


def between(
    judge: JudgeFacts, entry: EntryFacts, declared: Iterable[Declared] = ()
) -> tuple[Tie, ...]:
    """What binds a judge to an entry, in the order of `Tie`; empty when the judge is clean."""
    found = {
        Tie.DELEGATION: judge.delegation is not None and judge.delegation == entry.delegation,
        Tie.AFFILIATION: judge.affiliation in entry.affiliations,
        Tie.COACH: any(_is(judge, who) for who in entry.coaches),
        Tie.SAME_COACH: any(_same(one, who) for one in judge.coaches for who in entry.coaches),
        Tie.COACH_AFFILIATION: judge.affiliation is not None
        and any(place == judge.affiliation for _person, _name, place in entry.coaches),
    }
    told = {one.tie for one in declared if entry.id in one.entries}
    return tuple(tie for tie in Tie if found.get(tie) or tie in told)


def _is(judge: JudgeFacts, who: Who) -> bool:
    """A coach's row names the judge, or the same name from the same place."""
    person, name, place = who
    if person is not None:
        return person == judge.person
    return judge.affiliation is not None and (name, place) == (judge.name, judge.affiliation)


def _same(one: Who, other: Who) -> bool:
    if one[0] is not None and other[0] is not None:
        return one[0] == other[0]
    return one[2] is not None and one[1:] == other[1:]


def counted(ties: Mapping[int, Iterable[Tie]]) -> list[tuple[Tie, int]]:
    """Ties with the number of entries of each: a page may say this where it must not say which
    entries they are (decisions 1)."""
    found = Counter(tie for own in ties.values() for tie in own)
    return [(tie, found[tie]) for tie in Tie if found[tie]]
