"""Thirty minutes of a hall: scenes written by hand, and between them what a seed throws.

Four skills with three judges each; in two of them a judge has a second tablet. The scenes keep to
the work K-073 (and all of H4), chance to the other works, where each cell belongs to one tablet: so
what must come out of chance can be said without folding anything (`expected`). What must come out
of the scenes stands beside them, by hand.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tests.hall.steps import (
    FULL,
    VOTES,
    Confirm,
    Decide,
    ExpireSignIn,
    Heal,
    KillBrowser,
    Lock,
    Look,
    Lose,
    Minute,
    Reload,
    Return,
    Revoke,
    SignIn,
    Step,
    Tap,
    Undo,
)

MINUTES = 30
SKILLS = ("H1", "H2", "H3", "H4")
JUDGES = ("li", "wang", "zhao")
TABLETS = (
    *(f"{skill}-{judge}" for skill in SKILLS for judge in JUDGES),
    "H1-li-2",
    "H2-wang-2",
)
OWN_BROWSER = ("H1-li-2", "H3-zhao")  # these browsers are killed
WORK = "K-073"  # of the scenes
CODES = ("K-118", "K-246", "K-391")  # of chance

Cell = tuple[str, str, str]  # skill, code, aspect


def skill_of(tablet: str) -> str:
    return tablet.split("-")[0]


def judge_of(tablet: str) -> str:
    return tablet.split("-")[1]


# The scenes, minute by minute


def _w(tablet: str, aspect: str, value: int, aside: str = "", fault: str = "") -> Tap:
    return Tap(tablet, WORK, aspect, value, aside, fault)


SCENES: dict[int, Minute] = {
    # H1: two tablets on one sheet, of two judges and of one.
    1: [
        Look("H1-wang", WORK), Lose("H1-wang", "cut"),
        Look("H1-li-2", WORK), Lose("H1-li-2", "offline"),
        # H3: a sheet that was never opened, without a network.
        Lose("H3-wang", "offline"), _w("H3-wang", "A1.01", 150), _w("H3-wang", "B1.02", 3),
    ],
    2: [
        _w("H1-li", "A1.01", 150), _w("H1-li", "A1.02", 100), _w("H1-li", "A1.03", 50),
        _w("H1-li", "A2.02", 150, fault="kill at answer"), _w("H1-li", "A2.01", 0),
        _w("H1-li", "B1.01", 2),
    ],
    3: [
        _w("H1-wang", "A1.01", 0), _w("H1-wang", "A1.02", 0), _w("H1-wang", "A2.02", 150),
        _w("H1-li-2", "A2.01", 100), _w("H1-li-2", "B1.01", 1, aside="elsewhere"),
        # H4 is marked but for one aspect; a tablet goes away, and the skill is locked.
        Look("H4-zhao", "K-246"), Lose("H4-zhao", "offline"),
    ],
    4: [
        KillBrowser("H1-li-2"), Look("H1-zhao", WORK), Lose("H1-zhao", "offline"),
        Tap("H4-zhao", "K-246", "A1.01", 0, aside="locked"),
    ],
    5: [
        _w("H1-zhao", "A1.03", 0), _w("H1-zhao", "A1.02", 0), Return("H3-wang"),
        Tap("H4-li", "K-391", "A1.01", 150),
    ],
    6: [Return("H1-wang"), Look("H4-wang", "K-391"), Confirm("H4-wang", "K-391", "A1")],
    7: [
        Decide("H1", WORK, "A1.02", 100),
        # H3: the device's clock is hours off and nothing can put it right.
        Lose("H3-li", "offline"), Reload("H3-li"), _w("H3-li", "A1.02", 100),
    ],
    8: [Return("H1-li-2")],
    9: [Return("H1-zhao"), Return("H3-li")],
    # H3: a killed browser, and a sign-in that is over while the token is not.
    10: [Lose("H3-zhao", "cut"), _w("H3-zhao", "A1.03", 50), KillBrowser("H3-zhao")],
    11: [_w("H3-zhao", "A2.01", 0), ExpireSignIn("H3-li"), _w("H3-li", "A2.02", 150)],
    # H2: a post that hangs is overtaken by another judge's.
    12: [
        Look("H2-wang-2", WORK), Lose("H2-wang-2", "cut"),
        _w("H2-li", "A1.01", 150, fault="late"), _w("H2-wang", "A1.01", 0), Heal("H2-li"),
        Reload("H3-li"),
    ],
    13: [
        _w("H2-li", "B1.01", 2), _w("H2-wang", "B1.01", 1), _w("H2-zhao", "B1.01", 2),
        Return("H3-zhao"),
    ],
    14: [_w("H2-wang-2", "B1.01", 3, aside="closed"), KillBrowser("H3-zhao")],
    15: [
        _w("H2-li", "A2.01", 100, fault="kill at receipt"), _w("H2-li", "A2.02", 150),
        Look("H2-zhao", WORK), Lose("H2-zhao", "offline"),
        Confirm("H2-zhao", WORK, "A2", aside="moved"),
    ],
    16: [_w("H2-li", "A2.02", 0), Return("H2-zhao"), Look("H2-zhao", WORK)],
    17: [Confirm("H2-zhao", WORK, "A2"), Return("H2-wang-2")],
    18: [Revoke("H2-li"), ExpireSignIn("H2-li"), _w("H2-li", "A1.02", 100)],
    19: [_w("H2-li", "A1.03", 50)],
    20: [SignIn("H2-li"), Lock("H4"), Tap("H4-zhao", "K-246", "A2.01", 0, aside="locked")],
    25: [Return("H4-zhao")],
}  # fmt: skip

# What must come out of the scenes.
CONFLICTS: dict[Cell, set[int]] = {
    ("H1", WORK, "A1.01"): {150, 0},  # two judges who did not see each other
    ("H1", WORK, "A1.02"): {100, 0},  # decided, and then contradicted by who had not seen it
    ("H1", WORK, "A2.01"): {0, 100},  # one judge on two tablets
    ("H2", WORK, "A1.01"): {0, 150},  # the post that was overtaken
}
STANDS: dict[Cell, int] = {
    ("H1", WORK, "A1.01"): 150,
    ("H1", WORK, "A1.02"): 100,
    ("H1", WORK, "A1.03"): 0,  # equal base: a correction, though it came back late
    ("H1", WORK, "A2.01"): 0,
    ("H1", WORK, "A2.02"): 150,  # two tablets, one value: they agree
    ("H2", WORK, "A1.01"): 0,
    ("H2", WORK, "A1.02"): 100,
    ("H2", WORK, "A1.03"): 50,
    ("H2", WORK, "A2.01"): 100,
    ("H2", WORK, "A2.02"): 0,
    ("H3", WORK, "A1.01"): 150,
    ("H3", WORK, "A1.02"): 100,
    ("H3", WORK, "A1.03"): 50,
    ("H3", WORK, "A2.01"): 0,
    ("H3", WORK, "A2.02"): 150,
    ("H4", "K-246", "A1.01"): 150,
    ("H4", "K-246", "A2.01"): 100,
    ("H4", "K-391", "A1.01"): 150,
}
BALLOTS: dict[Cell, dict[str, int]] = {
    ("H1", WORK, "B1.01"): {"li": 2},
    ("H2", WORK, "B1.01"): {"li": 2, "wang": 1, "zhao": 2},
    ("H3", WORK, "B1.02"): {"wang": 3},
}

# Chance

WINDOWS = {"H1": range(10, 30), "H2": range(1, 12), "H3": range(15, 30)}
LATER = {"H2": range(21, 30)}
WIRE_FAULTS = ("lost", "twice", "late")
KILLS = ("kill at receipt", "kill at answer")


@dataclass
class _Judge:
    """One tablet under chance: the cells that are its own, and what it does not have now."""

    tablet: str
    measurements: list[tuple[str, str]]
    votes: list[tuple[str, str]]
    values: dict[tuple[str, str], int | None] = field(default_factory=dict)
    away: int = 0  # minutes left

    def tap(self, dice: random.Random) -> Tap:
        if self.votes and dice.random() < 0.35:
            code, aspect = self.votes.pop()
            return Tap(self.tablet, code, aspect, dice.randint(0, 3))
        code, aspect = dice.choice(self.measurements)
        return Tap(self.tablet, code, aspect, dice.choice((0, FULL[aspect])))


def _judges(skill: str, dice: random.Random) -> list[_Judge]:
    """Every cell of chance belongs to one tablet; a judge's vote to one tablet of that judge."""
    mine = {one: _Judge(one, [], []) for one in TABLETS if skill_of(one) == skill}
    for code in CODES:
        for aspect in FULL:
            mine[dice.choice([*mine])].measurements.append((code, aspect))
        for aspect in VOTES:
            for judge in JUDGES:
                own = [one for one in mine if judge_of(one) == judge]
                mine[dice.choice(own)].votes.append((code, aspect))
    for one in mine.values():
        dice.shuffle(one.votes)
    return [one for one in mine.values() if one.measurements]


def _chance(skill: str, dice: random.Random) -> Iterator[tuple[int, list[Step]]]:
    judges = _judges(skill, dice)
    minutes = [*WINDOWS[skill], *LATER.get(skill, ())]
    for at in minutes:
        over = at + 1 not in minutes  # a scene follows, or the end
        dice.shuffle(judges)
        for one in judges:
            yield at, list(_moment(one, dice, over=over))


def _moment(one: _Judge, dice: random.Random, *, over: bool) -> Iterator[Step]:
    """What one tablet does in a minute."""
    if one.away:
        one.away = 0 if over else one.away - 1
        if not one.away:
            yield Return(one.tablet)
    elif not over and dice.random() < 0.15:
        one.away = dice.randint(1, 5)
        yield Lose(one.tablet, dice.choice(("offline", "cut")))
    if dice.random() < 0.06:
        yield KillBrowser(one.tablet) if one.tablet in OWN_BROWSER else Reload(one.tablet)
    if dice.random() < 0.45:
        yield from _taps(one, dice)


def _taps(one: _Judge, dice: random.Random) -> Iterator[Step]:
    tap = one.tap(dice)
    fault = dice.choice(WIRE_FAULTS) if not one.away and dice.random() < 0.3 else ""
    yield replace(tap, fault=fault)
    if fault == "late":
        yield Heal(one.tablet)
    if tap.aspect in FULL:
        cell = (tap.code, tap.aspect)
        if not fault and dice.random() < 0.15:
            yield Undo(one.tablet, *cell, one.values.get(cell))
        else:
            one.values[cell] = tap.value


def written(seed: int) -> list[Minute]:
    """The script of a seed: what happens in each minute, in order."""
    dice = random.Random(seed)
    minutes: list[Minute] = [[] for _ in range(MINUTES + 1)]
    for skill in WINDOWS:
        for at, steps in _chance(skill, dice):
            minutes[at] += steps
    for at, scene in SCENES.items():
        minutes[at] += scene
    _kill(minutes, dice)
    return minutes


def _kill(minutes: list[Minute], dice: random.Random) -> None:
    """Once more than in the scenes the site dies, under the post of a tablet that is in touch."""
    able = [
        (at, place, step)
        for at, steps in enumerate(minutes)
        for place, step in enumerate(steps)
        if isinstance(step, Tap) and step.code in CODES and step.fault in ("lost", "twice")
    ]
    if able:
        at, place, step = dice.choice(able)
        minutes[at][place] = replace(step, fault=dice.choice(KILLS))


# What must come out


@dataclass(frozen=True)
class Expected:
    """Every cell that was tapped: what stands, and the votes that are in; and every tap by tablet,
    in its order, with why it is set aside ("" when it is applied)."""

    stands: dict[Cell, int | None]
    ballots: dict[Cell, dict[str, int]]
    conflicts: dict[Cell, set[int]]
    taps: dict[str, list[Tap | Undo | Confirm]]


def expected(minutes: list[Minute]) -> Expected:
    """Chance: a cell's only tablet has the last word. The scenes: what is written beside them."""
    stands: dict[Cell, int | None] = {}
    ballots: dict[Cell, dict[str, int]] = {}
    taps: dict[str, list[Tap | Undo | Confirm]] = {one: [] for one in TABLETS}
    for step in (step for minute in minutes for step in minute):
        if not isinstance(step, Tap | Undo | Confirm):
            continue
        taps[step.tablet].append(step)
        if isinstance(step, Confirm):
            continue
        cell = (skill_of(step.tablet), step.code, step.aspect)
        if step.aspect in FULL:
            stands[cell] = step.value
        else:
            assert step.value is not None
            ballots.setdefault(cell, {})[judge_of(step.tablet)] = step.value
    return Expected(stands | STANDS, ballots | BALLOTS, CONFLICTS, taps)
