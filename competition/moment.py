"""The one place that reads the clock, so that a test can set it."""

from datetime import UTC, datetime


def now() -> datetime:
    """The server's time, UTC and aware."""
    return datetime.now(UTC)


def iso(at: datetime | None) -> str | None:
    """A time as pages and JSON carry it: ISO 8601 in UTC with milliseconds."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
