"""The rules that fold a measurement's observations into its mark."""

from hypothesis import given
from hypothesis import strategies as st

from judging.rules.marks import Seen, mark, measured
from judging.rules.panels import seated

LI, WANG, ZHAO, CHIEF = 1, 2, 3, 9


def judge(number, who, value, base=None):
    return Seen(number, "judge", who, value, base=base)


def machine(number, value):
    return Seen(number, "machine", None, value)


def decision(number, value):
    return Seen(number, "judge", CHIEF, value, decides=True)


def values(folded):
    return folded.value, [one.value for one in folded.differing]


def test_nobody_has_spoken():
    folded = measured([])
    assert (folded.value, folded.settled, folded.source) == (None, False, "")


def test_one_judge_gives_the_agreed_value():
    folded = measured([judge(1, LI, 100)])
    assert (folded.value, folded.settled, folded.source) == (100, True, "judge")


def test_a_correction_by_the_same_judge_replaces():
    assert values(measured([judge(1, LI, 100), judge(2, LI, 0)])) == (0, [])


def test_an_explicit_zero_is_a_mark():
    assert measured([judge(1, LI, 0)]).settled


def test_another_judge_who_saw_the_value_may_correct_it():
    assert values(measured([judge(1, LI, 100), judge(2, WANG, 0, base=1)])) == (0, [])


def test_two_tablets_that_did_not_see_each_other_differ():
    folded = measured([judge(1, LI, 100), judge(2, WANG, 0)])
    assert values(folded) == (100, [0])
    assert not folded.settled


def test_the_same_value_twice_agrees():
    assert values(measured([judge(1, LI, 100), judge(2, WANG, 100)])) == (100, [])


def test_nobody_settles_a_difference_by_tapping_on_top():
    seen = [judge(1, LI, 100), judge(2, WANG, 0)]
    assert values(measured([*seen, judge(3, WANG, 0, base=1)])) == (100, [0])
    assert values(measured([*seen, judge(3, ZHAO, 0, base=1)])) == (100, [0, 0])
    assert values(measured([*seen, judge(3, ZHAO, 100, base=1)])) == (100, [0])


def test_a_judge_may_change_their_own_word_until_the_words_agree():
    seen = [judge(1, LI, 100), judge(2, WANG, 0)]
    assert values(measured([*seen, judge(3, WANG, 100)])) == (100, [])
    assert values(measured([*seen, judge(3, LI, 0)])) == (0, [])
    assert values(measured([*seen, judge(3, WANG, None)])) == (100, [])
    assert values(measured([*seen, judge(3, LI, None)])) == (0, [])


def test_who_changes_a_value_that_another_had_agreed_with_contradicts_them():
    """Wang gave 100, Li contradicts and comes round; then Wang takes up what Li had said."""
    came_round = [judge(1, WANG, 100), judge(2, LI, 0), judge(3, LI, 100, base=1)]
    assert values(measured(came_round)) == (100, [])
    for base in (None, 1):
        folded = measured([*came_round, judge(4, WANG, 0, base=base)])
        assert values(folded) == (0, [100])
        assert [one.judge for one in folded.differing] == [LI]
        again = [*came_round, judge(4, WANG, 0, base=base)]
        assert values(measured([*again, judge(5, LI, 0, base=4)])) == (0, [])
        assert values(measured([*again, judge(5, WANG, 100, base=4)])) == (100, [])
        assert values(measured([*again, decision(5, 0)])) == (0, [])


def test_a_word_that_agreed_unseen_stands():
    agree = [judge(1, WANG, 100), judge(2, LI, 100)]
    assert values(measured([*agree, judge(3, WANG, 0, base=1)])) == (0, [100])
    assert values(measured([*agree, judge(3, WANG, None, base=1)])) == (100, [])
    assert values(measured([*agree, judge(3, LI, 0)])) == (100, [0])
    assert values(measured([*agree, judge(3, LI, None), judge(4, WANG, 0)])) == (0, [])
    third = [judge(1, WANG, 100), judge(2, LI, 0), judge(3, ZHAO, 100)]
    assert values(measured([*third, judge(4, WANG, 0)])) == (0, [100])


def test_who_saw_a_value_that_two_had_given_corrects_it_for_both():
    agree = [judge(1, WANG, 100), judge(2, LI, 100)]
    assert values(measured([*agree, judge(3, ZHAO, 0, base=1)])) == (0, [])
    seen = [judge(1, WANG, 100), judge(2, LI, 100, base=1)]
    assert values(measured([*seen, judge(3, WANG, 0, base=2)])) == (0, []), "Wang saw Li's word"
    assert values(measured([*seen, judge(3, WANG, 0, base=1)])) == (100, [0])


def test_the_chief_judge_decides_and_a_contradiction_differs_again():
    seen = [judge(1, LI, 100), judge(2, WANG, 0), decision(3, 0)]
    assert values(measured(seen)) == (0, [])
    assert values(measured([*seen, judge(4, LI, 100, base=3)])) == (0, [100])


def test_what_was_taken_back_can_be_entered_by_anybody():
    folded = measured([judge(1, LI, 100), judge(2, LI, None), judge(3, WANG, 0)])
    assert values(folded) == (0, [])


def test_a_proposal_is_no_mark():
    folded = measured([machine(1, 100)])
    assert (folded.value, folded.settled, folded.source) == (None, False, "")
    assert folded.proposal is not None


def test_a_judge_who_agrees_with_the_machine_makes_it_both():
    assert measured([machine(1, 100), judge(2, LI, 100, base=None)]).source == "both"
    assert measured([machine(1, 100), judge(2, LI, 0)]).source == "judge"


def test_a_later_proposal_changes_no_mark():
    folded = measured([machine(1, 100), judge(2, LI, 100), machine(3, 0)])
    assert (folded.value, folded.source) == (100, "both")  # what it was given on has not changed
    assert folded.proposal is not None and folded.weighed is not None
    assert (folded.weighed.value, folded.proposal.value) == (100, 0)
    overruled = measured([machine(1, 100), judge(2, LI, 0), machine(3, 0)])
    assert (overruled.value, overruled.source) == (0, "judge")
    by_eye = measured([judge(1, LI, 100), machine(2, 100)])
    assert by_eye.source == "both"  # two words that do not know of each other


def test_a_run_that_could_not_determine_takes_the_proposal_back():
    assert measured([machine(1, 100), machine(2, None)]).proposal is None


def test_a_cell_is_measured_or_judged():
    assert mark("M", 150, [judge(1, LI, 150)], seated((LI, WANG))).value == 150
    votes = [Seen(1, "judge", LI, 2), Seen(2, "judge", WANG, 3)]
    assert mark("J", 150, votes, seated((LI, WANG))).value == 125
    assert mark("J", 150, votes[:1], seated((LI, WANG))).settled is False


words = st.sampled_from([None, 0, 50, 100])
rows = st.lists(
    st.tuples(st.sampled_from([LI, WANG, ZHAO]), words, st.booleans(), st.booleans()), max_size=12
)


@given(rows)
def test_what_differs_contradicts_the_mark(rows):
    seen: list[Seen] = []
    for number, (who, value, sees, decides) in enumerate(rows, 1):
        head = measured(seen).head
        if decides and value is not None:
            seen.append(decision(number, value))
        else:
            seen.append(judge(number, who, value, head.id if sees and head else None))
    folded = measured(seen)
    if folded.head is not None:
        assert all(one.value not in (None, folded.value) for one in folded.differing)


@given(st.lists(st.tuples(st.sampled_from([LI, WANG, ZHAO]), words), max_size=12))
def test_what_a_judge_said_last_is_never_lost(rows):
    """Where nobody saw what another had given, and the chief judge decided nothing, each judge's
    last word is the mark or differs from it in sight."""
    seen = [judge(number, who, value) for number, (who, value) in enumerate(rows, 1)]
    folded = measured(seen)
    last = {one.judge: one.value for one in seen}
    shown = {folded.value} | {one.value for one in folded.differing}
    assert {value for value in last.values() if value is not None} == shown - {None}


def on(tablet, seen):
    return seen._replace(device=tablet)


def test_two_tablets_of_one_judge_that_did_not_see_each_other_differ():
    """The tablet that comes back last has not the last word."""
    newer, older = on(2, judge(1, LI, 0)), on(1, judge(2, LI, 100))
    folded = measured([newer, older])
    assert values(folded) == (0, [100])
    assert not folded.settled


def test_a_judge_may_correct_on_another_tablet_what_it_shows():
    assert values(measured([on(1, judge(1, LI, 0)), on(2, judge(2, LI, 100, base=1))])) == (100, [])


def test_a_judge_settles_what_two_own_tablets_gave_by_saying_it_again():
    apart = [on(2, judge(1, LI, 0)), on(1, judge(2, LI, 100))]
    assert values(measured([*apart, on(1, judge(3, LI, 0, base=1))])) == (0, [])
    assert values(measured([*apart, on(1, judge(3, LI, 100, base=1))])) == (100, [])
    assert values(measured([*apart, on(2, judge(3, LI, 100, base=1))])) == (100, [])


def test_a_later_word_from_one_tablet_leaves_the_judges_word_from_the_other():
    apart = [judge(1, WANG, 150), on(1, judge(2, LI, 0)), on(2, judge(3, LI, 100))]
    assert values(measured([*apart, on(1, judge(4, LI, 50))])) == (150, [100, 50])
