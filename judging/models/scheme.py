"""The marking scheme of a skill: criterion → sub-criterion → aspect. Marks in hundredths."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.database import Model


class Scheme(Model):
    """One version of a skill's scheme; the newest version counts.

    `sections` is the standards table: [{"number", "name_zh", "name_en", "declared", "marks"}], the
    two figures in hundredths.
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
    """评分子项: one marking form per kind of aspect, with one day of marking."""

    __tablename__ = "sub_criterion"

    id: Mapped[int] = mapped_column(primary_key=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criterion.id"), index=True)
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(20))
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    day: Mapped[str | None] = mapped_column(String(20))

    criterion: Mapped[Criterion] = relationship(overlaps="sub_criteria")
    aspects: Mapped[list["Aspect"]] = relationship(order_by="Aspect.position")


class Aspect(Model):
    """评分点: measured ("M") or judged ("J"), with one maximum.

    `rungs` holds the four texts of a judgement, [{"zh", "en"}, …] for 0 to 3. `is_automatic` says
    that a check of the skill's task proposes its mark.
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

    sub_criterion: Mapped[SubCriterion] = relationship(overlaps="aspects")
    scheme: Mapped[Scheme] = relationship()
