"""The one place that reads the clock, so that a test can set it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

HALL = ZoneInfo("Asia/Shanghai")  # the clock on the hall's wall


def now() -> datetime:
    """The server's time, UTC and aware."""
    return datetime.now(UTC)


def iso(at: datetime | None) -> str | None:
    """A time as pages and JSON carry it: ISO 8601 in UTC with milliseconds."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def wall(at: datetime) -> str:
    """A time as sentences tell it: the hall's own clock, 2026-11-23 14:37."""
    return at.astimezone(HALL).strftime("%Y-%m-%d %H:%M")
