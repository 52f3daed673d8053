"""The marking scheme of a skill: criterion → sub-criterion → aspect. Marks in hundredths."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.database import Model


class Scheme(Model):
    """One version of a skill's scheme; the newest version counts.

    `sections` is the standards table: [{"number", "name_zh", "name_en", "declared", "marks"}], the
    two figures in hundredths. `changes` is what the version changed against the one before, and
    which marks it affected, as it was agreed to; nothing in a first version.
    """

    __tablename__ = "scheme"
    __table_args__ = (UniqueConstraint("skill_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), index=True)
    version: Mapped[int]
    total: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    sections: Mapped[list[Any]]
    created_at: Mapped[datetime]
    adopted_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    changes: Mapped[dict[str, Any] | None]

    criteria: Mapped[list["Criterion"]] = relationship(order_by="Criterion.position")


class Criterion(Model):
    """评分项: a lettered part of the scheme."""

    __tablename__ = "criterion"

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"), index=True)
    position: Mapped[int]
    letter: Mapped[str] = mapped_column(String(5))
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)

    sub_criteria: Mapped[list["SubCriterion"]] = relationship(order_by="SubCriterion.position")


class SubCriterion(Model):
    """评分子项: one marking form per kind of aspect, with one day of marking.

    `root_id` is the first version of the very same measurement sheet: what confirmed that one
    confirms this one.
    """

    __tablename__ = "sub_criterion"

    id: Mapped[int] = mapped_column(primary_key=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"), index=True)
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(20))
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    day: Mapped[str | None] = mapped_column(String(20))
    root_id: Mapped[int | None] = mapped_column(ForeignKey("sub_criterion.id"))

    criterion: Mapped[Criterion] = relationship(overlaps="sub_criteria")
    aspects: Mapped[list["Aspect"]] = relationship(order_by="Aspect.position")


class Aspect(Model):
    """评分点: measured ("M") or judged ("J"), with one maximum.

    `rungs` holds the four texts of a judgement, [{"zh", "en"}, …] for 0 to 3. `is_automatic` says
    that a check of the skill's task proposes its mark; `in_parts` that its checks, as a judging saw
    them, give or take parts of it. `root_id` is the aspect of an earlier version whose marks are
    this one's marks too.
    """

    __tablename__ = "aspect"
    __table_args__ = (UniqueConstraint("scheme_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"), index=True)
    sub_criterion_id: Mapped[int] = mapped_column(ForeignKey("sub_criterion.id"), index=True)
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(1))
    max: Mapped[int]
    section: Mapped[str] = mapped_column(String(20))
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    extra_zh: Mapped[str] = mapped_column(Text, default="")
    extra_en: Mapped[str] = mapped_column(Text, default="")
    requirement_zh: Mapped[str] = mapped_column(Text, default="")
    requirement_en: Mapped[str] = mapped_column(Text, default="")
    rungs: Mapped[list[Any]]
    calculation: Mapped[dict[str, Any] | None]
    calculation_kind: Mapped[str | None] = mapped_column(String(60))
    is_automatic: Mapped[bool] = mapped_column(default=False)
    in_parts: Mapped[bool] = mapped_column(default=False, server_default=false())
    root_id: Mapped[int | None] = mapped_column(ForeignKey("aspect.id"))

    sub_criterion: Mapped[SubCriterion] = relationship(overlaps="aspects")
    scheme: Mapped[Scheme] = relationship()


class SchemeDraft(Model):
    """A scheme that is being written on a page, until it is adopted as a version.

    `body` is as `rules.scheme_draft` says, empty once it was adopted or put away; `before` is the
    one that it replaced. `based_on` is the version it began from, 0 for none. `revision` rises with
    every save: who saves on top of an older one is refused.
    """

    __tablename__ = "scheme_draft"

    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), primary_key=True)
    body: Mapped[dict[str, Any]]
    before: Mapped[dict[str, Any] | None]
    based_on: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    changed_at: Mapped[datetime]
