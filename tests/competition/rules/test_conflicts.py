"""What binds a judge to an entry, case by case (marking-rules.md, Independence)."""

import pytest

from competition.rules.conflicts import (
    DECLARED,
    FOUND,
    WORDS,
    Declared,
    EntryFacts,
    JudgeFacts,
    Tie,
    between,
    counted,
)

# The judge is person 1, called 王, of delegation 10, school 100; coach 5 once coached her.
JUDGE = JudgeFacts(1, "王", 10, 100, frozenset({(5, "李教练", 100), (None, "老赵", 300)}))
NOBODY = JudgeFacts()
CASES: list[tuple[str, JudgeFacts, EntryFacts, tuple[Tie, ...]]] = [
    ("nothing in common", JUDGE, EntryFacts(9, 20, frozenset({2}), frozenset({200})), ()),
    ("delegation", JUDGE, EntryFacts(9, 10, frozenset({2}), frozenset({200})), (Tie.DELEGATION,)),
    ("school", JUDGE, EntryFacts(9, 20, frozenset({2}), frozenset({100})), (Tie.AFFILIATION,)),
    (
        "one of a team's schools",
        JUDGE,
        EntryFacts(9, 20, frozenset({2, 3}), frozenset({200, 100})),
        (Tie.AFFILIATION,),
    ),
    (
        "both",
        JUDGE,
        EntryFacts(9, 10, frozenset({2}), frozenset({100})),
        (Tie.DELEGATION, Tie.AFFILIATION),
    ),
    ("is the coach", JUDGE, EntryFacts(9, 20, coaches=frozenset({(1, "王", 200)})), (Tie.COACH,)),
    (
        "the coach by name and school",
        JUDGE,
        EntryFacts(9, 20, coaches=frozenset({(None, "王", 100)})),
        (Tie.COACH, Tie.COACH_AFFILIATION),
    ),
    (
        "a coach of the same name from elsewhere",
        JUDGE,
        EntryFacts(9, 20, coaches=frozenset({(None, "王", 200)})),
        (),
    ),
    (
        "a coach of the same name from nowhere",
        JUDGE,
        EntryFacts(9, 20, coaches=frozenset({(None, "王", None)})),
        (),
    ),
    (
        "another person of that name",
        JUDGE,
        EntryFacts(9, 20, coaches=frozenset({(7, "王", 200)})),
        (),
    ),
    ("the same coach", JUDGE, EntryFacts(9, 20, coaches=frozenset({(5, "李", 200)})), (
        Tie.SAME_COACH,
    )),
    (
        "the same coach by name and school",
        JUDGE,
        EntryFacts(9, 20, coaches=frozenset({(None, "老赵", 300)})),
        (Tie.SAME_COACH,),
    ),
    (
        "the coach comes from the judge's school",
        JUDGE,
        EntryFacts(9, 20, coaches=frozenset({(8, "孙", 100)})),
        (Tie.COACH_AFFILIATION,),
    ),
    ("nobody knows the judge", NOBODY, EntryFacts(9, 10, frozenset({2}), frozenset({100})), ()),
    (
        "a third party without a delegation",
        JudgeFacts(1, "王", None, 100),
        EntryFacts(9, 10, frozenset({2}), frozenset({200})),
        (),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("judge", "entry", "ties"), [one[1:] for one in CASES],
                         ids=[one[0] for one in CASES])  # fmt: skip
def test_found_from_data(judge: JudgeFacts, entry: EntryFacts, ties: tuple[Tie, ...]) -> None:
    assert between(judge, entry) == ties


def test_declared_ones_stand_beside_what_was_found_each_kind_once() -> None:
    entry = EntryFacts(9, 10)
    told = [
        Declared(Tie.FAMILY, frozenset({9})),
        Declared(Tie.FAMILY, frozenset({9, 8})),
        Declared(Tie.PUPIL, frozenset({8})),
        Declared(Tie.OTHER),
    ]
    assert between(JUDGE, entry, told) == (Tie.DELEGATION, Tie.FAMILY)
    assert between(NOBODY, EntryFacts(8, 1), told) == (Tie.FAMILY, Tie.PUPIL)


def test_counted_names_no_entry() -> None:
    ties = {9: (Tie.FAMILY, Tie.DELEGATION), 8: (Tie.DELEGATION,), 7: ()}
    assert counted(ties) == [(Tie.DELEGATION, 2), (Tie.FAMILY, 1)]


def test_every_tie_has_words_and_is_found_or_declared() -> None:
    assert set(WORDS) == set(Tie) == {*FOUND, *DECLARED}
    assert not set(FOUND) & set(DECLARED)
