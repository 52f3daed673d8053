"""What preflight needs to know of a skill, as plain values."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a skill. Counts are whole numbers; marks in hundredths."""

    names_in_both: bool
    zone: tuple[str, str] | None  # zh, en
    venue: tuple[str, str] | None
    rules_version: int | None
    rules_published: bool
    periods: int
    minutes: int
    first_period: date | None
    last_period: date | None
    starts_on: date
    ends_on: date
    scheme_version: int | None
    scheme_total: int
    aspects: int
    judgements_without_rungs: int
    aspects_without_section: int
    automatic_aspects: int
    task: bool
    task_wanted: bool
    images_ready: bool
    chief_judges: int
    judges: int
    panel: int
    supervisors: int
    supervisor_wanted: bool
    conflicts: int
    chairs_empty: int  # of panels that were appointed
    undeclared: int  # judges who have declared nothing
    declarations_open: int  # that wait for the office: held, or their words meet nobody
    marks_late: int  # judges who marked before a conflict was found
    chief_bound: int  # works of the chief judge's own delegation, school or company
    factors_asked: bool
    factors_missing: tuple[str, ...]  # sign-in names of who can change results without one
    entries: int
    entries_open: int  # entered, not yet judged eligible or not
    entries_unanswered: int  # needed extra questions have no answer
    entries_without_code: int
    codes_doubled: int
    aliases_equal_codes: int
    entries_without_workstation: int
    workstations_doubled: int
    requests_open: int
    entries_locked: bool
    is_blind: bool
    paired_tablets: int
