"""The invented people of the demo, drawn from a seed: the same people from the same seed, always.

How the 971 split: each of the 8 team skills gets 4 to 12 teams of two; the 56 others get 6 to 25
competitors, and one at a time is added or taken until the sum is 971. Web Technologies (W17), the
skill that the tour goes through, always has 14. Places go to the delegations in proportion to
`SHARES`, never more than four in one skill.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

import yaml

from competition.catalogue import DATA, Place, SkillFacts
from competition.rules.identity import Sex, never_issued

FINALISTS = 971
TOUR = "W17"
DONE = "W38"  # its time is over: the way on leads to official results and a ceremony
TOUR_ENTRIES = 14
TOUR_JUDGES = 3
# On 1 September 2026 the youngest is 17, the oldest 59, and most are students or early at work.
OLDEST_BORN, YOUNGEST_BORN = date(1966, 9, 2), date(2009, 9, 1)
# How many of a skill's places a delegation can win at most; large prefectures win more.
SHARES = {"2301": 4, "2302": 3, "2306": 3, "2308": 3, "2310": 3}
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # I and O are read as figures


@dataclass(frozen=True, slots=True)
class Human:
    """A person who does not exist. Judges carry no identity number."""

    name: str
    affiliation: str
    id_number: str | None = None
    born_on: date | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """An entry: one person, or the members of a team, with what stands for their names."""

    delegation: str
    members: tuple[Human, ...]
    code: str
    alias: str
    workstation: int


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody of one skill. `teams` stand in an order that tells nothing of their delegations."""

    skill: str
    teams: tuple[Team, ...]
    judges: tuple[Human, ...]
    chief: Human


def stream(seed: int, kind: str) -> Random:
    """The numbers from which one kind of fact is drawn."""
    return Random(f"{seed} {kind}")  # noqa: S311 - nothing of the demo is secret


def cast(seed: int, skills: tuple[SkillFacts, ...], places: tuple[Place, ...]) -> list[Cast]:
    """Everybody of every skill."""
    words = yaml.safe_load((DATA / "names.yaml").read_text("utf-8"))
    # A stream of its own for each kind of fact: a change to one leaves the others as they were.
    people, sealing = stream(seed, "people"), stream(seed, "sealing")
    names = _names(people, words)
    numbers: set[str] = set()
    sizes = _sizes(stream(seed, "sizes"), skills)
    casts = []
    for facts in skills:
        homes = _homes(people, places, sizes[facts.code])
        members = [
            tuple(_finalist(people, names, numbers, home, words) for _ in range(facts.team_size))
            for home in homes
        ]
        panel = TOUR_JUDGES if facts.code == TOUR else people.randint(3, 5)
        judges = [_judge(people, names, words) for _ in range(panel + 1)]
        casts.append(
            Cast(facts.code, _sealed(sealing, homes, members), tuple(judges[1:]), judges[0])
        )
    return casts


def _sizes(rng: Random, skills: tuple[SkillFacts, ...]) -> dict[str, int]:
    """Entries per skill, so that the people are 971."""
    sizes = {
        facts.code: rng.randint(4, 12) if facts.team_size > 1 else rng.randint(6, 25)
        for facts in skills
    }
    sizes[TOUR] = TOUR_ENTRIES
    single = [facts.code for facts in skills if facts.team_size == 1 and facts.code != TOUR]
    while missing := FINALISTS - sum(sizes[facts.code] * facts.team_size for facts in skills):
        code = rng.choice(single)
        sizes[code] = min(25, max(6, sizes[code] + (1 if missing > 0 else -1)))
    return sizes


def _names(rng: Random, words: dict[str, Any]) -> Iterator[tuple[str, Sex]]:
    """Names that nobody else in the demo has."""
    surnames = words["surnames"].split()
    taken: set[str] = set()
    while True:
        sex = rng.choice((Sex.MALE, Sex.FEMALE))
        given = words["given"][sex.value]
        first, second = rng.choice(given["first"]), rng.choice(given["second"])
        name = rng.choice(surnames) + first + second
        if first != second and name not in taken:
            taken.add(name)
            yield name, sex


def _homes(rng: Random, places: tuple[Place, ...], count: int) -> list[Place]:
    """The delegations that won the places of a skill, in the order of their codes."""
    seats = [place for place in places for _ in range(SHARES.get(place.code, 2))]
    return sorted(rng.sample(seats, count), key=lambda place: place.code)


def _finalist(
    rng: Random,
    names: Iterator[tuple[str, Sex]],
    numbers: set[str],
    home: Place,
    words: dict[str, Any],
) -> Human:
    name, sex = next(names)
    affiliation = (
        home.name_zh.removesuffix("市").removesuffix("地区")
        + rng.choice(words["affiliation_words"])
        + rng.choice(words["affiliation_kinds"])
    )
    days = (YOUNGEST_BORN - OLDEST_BORN).days
    while True:
        born_on = YOUNGEST_BORN - timedelta(days=int(days * rng.betavariate(1, 4)))
        number = never_issued(rng.choice(home.regions), born_on, sex)
        if number not in numbers:
            numbers.add(number)
            return Human(name, affiliation, number, born_on)


def _judge(rng: Random, names: Iterator[tuple[str, Sex]], words: dict[str, Any]) -> Human:
    return Human(next(names)[0], rng.choice(words["third_parties"]))


def _sealed(rng: Random, homes: list[Place], members: list[tuple[Human, ...]]) -> tuple[Team, ...]:
    """Codes, aliases and workstations, each drawn by itself, and the entries shuffled: the order
    in which rows are written must not give a delegation away either."""
    count = len(homes)
    letter = rng.choice(LETTERS)
    codes = [f"{letter}-{number:03}" for number in rng.sample(range(1, 1000), count)]
    pool = [f"{figure}{letter}" for figure in range(2, 10) for letter in LETTERS]
    aliases = rng.sample(pool, count)
    workstations = rng.sample(range(1, count + 1), count)
    teams = [
        Team(home.code, people, code, alias, workstation)
        for home, people, code, alias, workstation in zip(
            homes, members, codes, aliases, workstations, strict=True
        )
    ]
    return tuple(rng.sample(teams, count))
