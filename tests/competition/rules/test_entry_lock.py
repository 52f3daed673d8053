"""The state machine of a skill's entries: open, locked, open again for a time, locked by itself."""

from datetime import UTC, datetime, timedelta

from competition.rules.entry_lock import NEVER, LockAct, LockKind, LockState, standing

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
LOCK = LockAct(LockKind.LOCK, AT, "甲")


def unlock(hours: int, until: int | None = None) -> LockAct:
    return LockAct(
        LockKind.UNLOCK, AT + hours * HOUR, "乙", None if until is None else AT + until * HOUR
    )


def states(*acts: LockAct) -> list[str]:
    """At each of five hours."""
    return [str(standing(acts, AT + n * HOUR).state) for n in range(1, 6)]


def test_nothing_done_is_open() -> None:
    assert standing((), AT) == NEVER
    assert standing([unlock(1)], AT + 2 * HOUR) == NEVER  # nothing was locked


def test_a_lock_holds_for_good() -> None:
    assert states(LOCK) == ["locked"] * 5
    assert standing([LOCK], AT).act == LOCK


def test_an_unlocking_lasts_until_its_time_and_not_a_moment_longer() -> None:
    assert states(LOCK, unlock(1, until=3)) == ["unlocked"] * 2 + ["locked"] * 3
    after = standing([LOCK, unlock(1, until=3)], AT + 3 * HOUR)
    assert (after.state, after.act) == (LockState.LOCKED, LOCK)


def test_without_a_time_it_lasts_until_the_next_lock() -> None:
    assert states(LOCK, unlock(1)) == ["unlocked"] * 5
    again = LockAct(LockKind.LOCK, AT + 2 * HOUR, "丙")
    assert states(LOCK, unlock(1, until=4), again) == ["locked"] * 5
    assert standing([LOCK, unlock(1), again], AT + 3 * HOUR).act == again


def test_a_second_unlocking_counts_from_itself() -> None:
    assert states(LOCK, unlock(1, until=2), unlock(3, until=5))[2:] == [
        "unlocked",
        "unlocked",
        "locked",
    ]
