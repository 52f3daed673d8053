"""A roster that was handed in: the batch, its rows, and which headings meant which fields."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.database import Model
from competition.models.edition import Delegation
from competition.models.stage import Stage


class BatchState(StrEnum):
    """From the upload to the import, and back."""

    READING = "reading"  # the dry run is under way
    READY = "ready"  # the dry run stands; nothing was written
    IMPORTING = "importing"
    JUDGING = "judging"  # everything is written; the eligibility of its entries is looked at
    IMPORTED = "imported"
    UNDOING = "undoing"
    UNDONE = "undone"
    DROPPED = "dropped"  # put away without an import
    FAILED = "failed"  # the file could not be read; `sentence` says why


class RowState(StrEnum):
    """What importing a row would do, or did."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


class RosterBatch(Model):
    """名册批次: one uploaded file, imported and undone as a whole.

    `file_sealed` is the file itself, kept under the identity key until it is imported or put away,
    `corrections_sealed` what was typed over its cells; `mapping` says which column is which field;
    `counts` how many rows are new, changed, same and wrong. `by_office`: the secretariat's, which
    the deadline does not bind. READING, IMPORTING, JUDGING and UNDOING are done by whoever holds
    the batch until `claimed_until`.
    """

    __tablename__ = "roster_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"), index=True)
    stage_id: Mapped[int | None] = mapped_column(ForeignKey("stage.id"))
    by_office: Mapped[bool]
    file_name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    file_sealed: Mapped[bytes | None]
    corrections_sealed: Mapped[bytes | None]
    mapping: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(10))
    claimed_until: Mapped[datetime | None]
    counts: Mapped[dict[str, Any]]
    sentence_zh: Mapped[str] = mapped_column(Text, default="")
    sentence_en: Mapped[str] = mapped_column(Text, default="")
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    uploaded_at: Mapped[datetime]
    imported_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    imported_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    undone_at: Mapped[datetime | None]

    delegation: Mapped[Delegation | None] = relationship()
    stage: Mapped[Stage | None] = relationship()


class RosterRow(Model):
    """One row of a file, numbered as there. `sealed` holds its cells and findings; `before_sealed`
    what the import changed of rows that were there, so that undoing puts it back."""

    __tablename__ = "roster_row"
    __table_args__ = (UniqueConstraint("batch_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("roster_batch.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    warnings: Mapped[int] = mapped_column(default=0)
    sealed: Mapped[bytes | None]
    before_sealed: Mapped[bytes | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), index=True)


class RosterHeading(Model):
    """What a heading meant when somebody last said so, for a delegation or for the office."""

    __tablename__ = "roster_heading"

    id: Mapped[int] = mapped_column(primary_key=True)
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"), index=True)
    heading: Mapped[str] = mapped_column(String(100))
    field: Mapped[str] = mapped_column(String(20))  # "": to be passed over
    at: Mapped[datetime]
