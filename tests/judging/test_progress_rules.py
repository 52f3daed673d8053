"""How far the marking is: sheets, works and lights, examples worked by hand."""

import pytest

from judging.rules import progress
from judging.rules.forecast import Left
from judging.rules.marks import Mark, Seen, mark
from judging.rules.panels import Panel, PanelRule, Seat
from judging.rules.progress import SheetFar, WorkFar

PANEL = Panel(PanelRule(3), tuple(Seat(judge, judge, 0, None) for judge in (1, 2, 3)))


def measured(*values: int | None) -> Mark:
    """One value after another, each from another judge who saw nothing before."""
    seen = [Seen(n, "judge", n, value) for n, value in enumerate(values, start=1)]
    return mark("M", 100, seen, PANEL)


def voted(*votes: int) -> Mark:
    seen = [Seen(n, "judge", n, vote) for n, vote in enumerate(votes, start=1)]
    return mark("J", 200, seen, PANEL)


PROPOSED = mark("M", 100, [Seen(1, "machine", None, 100)], PANEL)


@pytest.mark.parametrize(
    ("marks", "confirmed", "state", "left"),
    [
        ([measured(), measured()], False, "none", Left(2, 0, 1)),
        ([PROPOSED, measured()], False, "none", Left(2, 0, 1)),  # a machine alone is nothing
        ([measured(100), measured()], False, "part", Left(1, 0, 1)),
        ([measured(100), measured(0)], False, "part", Left(0, 0, 1)),  # waits to be confirmed
        ([measured(100), measured(0)], True, "done", Left(0, 0, 0)),
        ([measured(100, 0), measured(0)], False, "look", Left(1, 0, 1)),  # two judges differ
        ([voted(), voted(2)], False, "part", Left(0, 5, 0)),
        ([voted(2, 2, 3), voted(1, 1, 1)], False, "done", Left(0, 0, 0)),
        ([voted(0, 1, 3), voted(1, 1, 1)], False, "look", Left(0, 3, 0)),  # all vote once more
    ],
)
def test_a_sheet(marks: list[Mark], confirmed: bool, state: str, left: Left) -> None:
    measures = marks[0].ballot is None
    found = progress.sheet(7, marks, measures=measures, confirmed=confirmed)
    assert (found.state, found.left, found.of) == (state, left, 2)
    assert found.unconfirmed == (state == "part" and left == Left(0, 0, 1))


@pytest.mark.parametrize(
    ("states", "column"),
    [
        (("none", "none"), "not_started"),
        (("none", "done"), "marking"),
        (("part", "part"), "marking"),
        (("done", "look"), "difference"),
        (("done", "done"), "ready"),
        ((), "not_started"),
    ],
)
def test_a_work(states: tuple[str, ...], column: str) -> None:
    sheets = tuple(SheetFar(n, state, 1, 2, False, Left(1, 2, 3)) for n, state in enumerate(states))
    work = WorkFar(sheets)
    number = len(states)
    assert work.column == column
    assert (work.done, work.of) == (number, 2 * number)
    assert work.left == Left(number, 2 * number, 3 * number)


@pytest.mark.parametrize(
    ("columns", "locked", "light"),
    [
        ([], False, "not_started"),
        (["not_started"], False, "not_started"),
        (["not_started", "ready"], False, "marking"),
        (["marking"], False, "marking"),
        (["ready", "difference"], False, "difference"),
        (["ready"], False, "ready"),
        (["ready"], True, "locked"),
    ],
)
def test_a_light(columns: list[str], locked: bool, light: str) -> None:
    assert progress.light(columns, locked=locked) == light


def test_a_hundred_per_cent_is_everything() -> None:
    assert [progress.per_cent(*one) for one in ((0, 0), (0, 9), (1, 3), (999, 1000), (5, 5))] == [
        0, 0, 33, 99, 100,
    ]  # fmt: skip


def test_a_sheet_on_its_whole_way() -> None:
    """Given, confirmed and signed off are three things, and none of them hides that one differs."""

    def steps(marks: list[Mark], *, confirmed: bool) -> list[str]:
        measures = marks[0].ballot is None
        found = progress.sheet(7, marks, measures=measures, confirmed=confirmed)
        return [found.step(signed=signed) for signed in (False, True)]

    given = [measured(100), measured(0)]
    assert steps([measured()], confirmed=False) == ["none", "none"]
    assert steps(given, confirmed=False) == ["done", "done"]
    assert steps(given, confirmed=True) == ["confirmed", "signed"]
    assert steps([voted(2, 2, 3)], confirmed=False) == ["confirmed", "signed"]
    assert steps([measured(100, 0)], confirmed=True) == ["look", "look"]


def test_what_a_judge_has_given_of_a_work() -> None:
    marks = [measured(100), voted(2, 2), voted(1), voted(), voted(0, 1, 3)]
    told = {judge: progress.of_judge(judge, marks) for judge in (1, 2, 3, 9)}
    assert {judge: (far.given, far.left, far.look) for judge, far in told.items()} == {
        1: (2, 2, True),  # the last is voted anew by everybody
        2: (1, 3, True),
        3: (0, 4, True),
        9: (0, 0, False),  # does not sit: nothing is wanted
    }
    assert [progress.of_judge(judge, marks[:3]).state for judge in (1, 2, 3, 9)] == [
        "done",
        "part",
        "none",
        "done",
    ]


def test_who_stands_aside_from_a_work_shows_as_the_others_do() -> None:
    """Three works; the second judge stands aside from the first, the third is a supervisor who
    stepped in there."""
    far = progress.JudgeFar
    nothing = far()
    works = [[far(0, 2), nothing, far(0, 2)], [far(0, 2), far(0, 2), nothing]]
    assert progress.alike(works) == [[far(0, 2)] * 3] * 2, "before marking nobody is told apart"
    begun = [[far(1, 1), nothing, far(2, 0)], [far(2, 0), far(2, 0), nothing]]
    shown = progress.alike(begun)
    assert shown == [[far(1, 1), far(0, 2), far(2, 0)], begun[1]]
    done = [[far(2, 0), nothing, far(2, 0)], [far(2, 0), far(2, 0), nothing]]
    assert {one.state for work in progress.alike(done) for one in work} == {"done"}
    assert progress.alike([[nothing, far(0, 2)]] * 2)[0][0] == nothing, "who never votes"
    assert progress.alike([]) == []


def test_how_far_the_panel_is_with_measurements() -> None:
    panel = progress.of_panel([measured(100), measured(), PROPOSED, voted(2)])
    assert (panel.given, panel.of, panel.state) == (1, 3, "part")
    assert progress.of_panel([measured(100, 0)]).state == "look"
