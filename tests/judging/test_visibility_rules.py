"""The release policy as a table: what counts under which policy, and the state words."""

import pytest

from judging.rules.visibility import Policy, Shown, counts, shown, state


@pytest.mark.parametrize(
    ("release", "locked", "working", "expected"),
    [
        ("hidden", False, False, Shown.NOTHING),
        ("hidden", True, False, Shown.NOTHING),
        ("automatic", False, True, Shown.NOTHING),
        ("automatic", False, False, Shown.AUTOMATIC),
        ("automatic", True, False, Shown.ALL),
        ("confirmed", False, True, Shown.CONFIRMED),
        ("confirmed", False, False, Shown.CONFIRMED),
        ("confirmed", True, False, Shown.ALL),
        ("frozen", False, False, Shown.AS_IT_WAS),
        ("frozen", True, False, Shown.AS_IT_WAS),
    ],
)
def test_policy(release: str, locked: bool, working: bool, expected: Shown) -> None:
    assert shown(Policy(release, locked, working)) is expected


# level, kind, automatic, settled, confirmed, by a judge → does it count
CASES = [
    (Shown.AUTOMATIC, "M", True, True, False, True, True),
    (Shown.AUTOMATIC, "M", True, True, False, False, False),  # a bare proposal
    (Shown.AUTOMATIC, "M", False, True, True, True, False),  # marked by eye: after the lock
    (Shown.AUTOMATIC, "J", False, True, True, True, False),
    (Shown.AUTOMATIC, "M", True, False, False, True, False),  # in dispute
    (Shown.CONFIRMED, "M", False, True, False, True, False),  # waits for the second judge
    (Shown.CONFIRMED, "M", False, True, True, True, True),
    (Shown.CONFIRMED, "J", False, True, False, True, True),  # the panel has agreed
    (Shown.CONFIRMED, "J", False, False, False, True, False),
    (Shown.ALL, "M", False, True, False, True, True),
    (Shown.ALL, "M", False, False, True, True, False),
    (Shown.NOTHING, "M", True, True, True, True, False),
    (Shown.AS_IT_WAS, "M", True, True, True, True, False),
]


@pytest.mark.parametrize(("level", "kind", "auto", "settled", "ok", "judge", "expected"), CASES)
def test_what_counts(level, kind, auto, settled, ok, judge, expected) -> None:
    found = counts(
        level, kind=kind, is_automatic=auto, settled=settled, confirmed=ok, by_judge=judge
    )
    assert found is expected


@pytest.mark.parametrize(
    ("started", "working", "paused", "frozen", "locked", "word"),
    [
        (False, True, False, False, False, "not_started"),
        (True, True, False, False, False, "running"),
        (True, True, True, False, False, "paused"),
        (True, False, False, False, False, "checking"),
        (True, False, False, False, True, "final"),
        (True, False, False, True, False, "frozen"),
        (True, False, False, True, True, "frozen"),
        # a freeze hides neither the work nor a pause, and the lock behind it shows nowhere
        *((False, True, False, True, locked, "not_started") for locked in (False, True)),
        *((True, True, False, True, locked, "running") for locked in (False, True)),
        *((True, True, True, True, locked, "paused") for locked in (False, True)),
    ],
)
def test_state_words(started, working, paused, frozen, locked, word) -> None:
    facts = {"started": started, "working": working, "paused": paused, "frozen": frozen}
    assert word == state(**facts, locked=locked)
    kept_back = state(**facts, locked=locked, hidden=True)
    assert kept_back == ("checking" if word == "final" else word)
