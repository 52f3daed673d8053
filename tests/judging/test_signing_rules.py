"""What a sheet lacks, step by step; what exactly is signed; what a correction moves."""

from judging.rules import impact, signing
from judging.rules.impact import Move
from judging.rules.marks import Seen, mark
from judging.rules.panels import Panel, PanelRule, Seat

PANEL = Panel(PanelRule(3), tuple(Seat(judge, judge) for judge in (1, 2, 3)))


def measured(*values, maximum=100):
    seen = [Seen(n, "judge", n, value) for n, value in enumerate(values, 1)]
    return mark("M", maximum, seen, PANEL)


def judged(*votes):
    return mark("J", 200, [Seen(n, "judge", n, v) for n, v in enumerate(votes, 1)], PANEL)


def stands(*marks, confirmed=True, signed=(), asks=False, panel=(1, 2, 3)):
    named = [(f"A1.{n:02}", one) for n, one in enumerate(marks, 1)]
    return signing.standing(
        named, confirmed=confirmed, panel=panel, signed=signed, competitor_signs=asks
    )


JUDGES = [("judge", 1), ("judge", 2), ("judge", 3)]


def test_what_is_missing_comes_first():
    found = stands(measured(), measured(100, 0), judged(0, 3, 3), judged(2, 2), confirmed=False)
    assert found.unmarked == ("A1.01", "A1.04")
    assert found.differing == ("A1.02", "A1.03")
    assert (found.unconfirmed, found.is_complete, found.state) == (True, False, "marking")


def test_then_judges_competitor_and_the_chief_judge_in_this_order():
    sheet = (measured(100), judged(2, 2, 3))
    assert stands(*sheet, confirmed=False).state == "marking"
    assert stands(*sheet).judges == (1, 2, 3)
    assert stands(*sheet, signed=JUDGES[:2]).judges == (3,)
    assert stands(*sheet, signed=JUDGES[:2]).state == "judges"
    assert stands(*sheet, signed=JUDGES).state == "chief"
    assert stands(*sheet, signed=JUDGES, asks=True).state == "competitor"
    assert stands(*sheet, signed=[*JUDGES, ("competitor", 9)], asks=True).state == "chief"
    done = [*JUDGES, ("competitor", 9), ("chief", 8)]
    assert stands(*sheet, signed=done, asks=True).state == "signed"


def test_the_chief_judges_signature_alone_is_not_a_sign_off():
    assert stands(measured(100), signed=[("chief", 8)]).state == "judges"
    # and a judge who joined the panel since has to sign as well
    assert stands(measured(100), signed=[*JUDGES, ("chief", 8)], panel=(1, 2, 3, 4)).judges == (4,)


def test_a_digest_holds_every_mark_and_vote():
    plain = [("A1.01", 100, measured(100)), ("B1.01", 200, judged(2, 2, 3))]
    said = signing.digest("K-073", "A1", plain)
    assert said == signing.digest("K-073", "A1", list(plain))
    for other in (
        ("K-118", "A1", plain),
        ("K-073", "A2", plain),
        ("K-073", "A1", plain[:1]),
        ("K-073", "A1", [("A1.01", 100, measured(0)), plain[1]]),
        ("K-073", "A1", [("A1.01", 150, measured(100)), plain[1]]),
        ("K-073", "A1", [plain[0], ("B1.01", 200, judged(2, 3, 2))]),  # the same sum
    ):
        assert signing.digest(*other) != said


def line(code, place, total, award=None):
    return {"code": code, "place": place, "total": total, "award": award}


def test_who_gains_and_loses_by_a_correction():
    before = [line("a", 1, "90.00", "gold"), line("b", 2, "80.00", "silver"), line("c", 3, "70.00")]
    after = [line("b", 1, "95.00", "gold"), line("a", 2, "90.00", "silver"), line("c", 3, "70.00")]
    first, second = impact.moves(before, after)
    assert first == Move("b", (2, 1), ("80.00", "95.00"), ("silver", "gold"))
    assert (first.is_better, second.is_better) == (True, False)
    assert impact.moves(before, before) == []


def test_a_total_that_moves_nobody_is_told_and_who_left_loses_the_place():
    before = [line("a", 1, "90.00", "gold"), line("b", 2, "80.00")]
    (only,) = impact.moves(before, [line("a", 1, "90.50", "gold"), line("b", 2, "80.00")])
    assert (only.code, only.is_better) == ("a", None)
    moved = impact.moves(before, [line("b", 1, "80.00", "gold")])
    assert [(one.code, one.place, one.is_better) for one in moved] == [
        ("b", (2, 1), True),
        ("a", (1, None), False),
    ]
