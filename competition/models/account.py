"""Who may sign in, and what each may do where."""

from enum import StrEnum

from flask_security import RoleMixin, UserMixin
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.database import Model
from competition.models.edition import Delegation
from competition.models.person import Person
from competition.models.skill import Skill


class Role(StrEnum):
    """What a grant allows. Separated duties; a judge's grant always names a skill."""

    ORGANISER = "organiser"
    CHIEF_JUDGE = "chief_judge"
    JUDGE = "judge"
    TEAM_LEADER = "team_leader"
    COMPETITOR = "competitor"


class Account(Model, UserMixin):
    """A sign-in. `label` is what colleagues call the person; a competitor's leads to a person."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    # Flask-Security's type says that everybody has an address; our judges need none.
    email: Mapped[str | None] = mapped_column(  # type: ignore[assignment]
        String(200), unique=True
    )
    password: Mapped[str | None] = mapped_column(String(255))
    label: Mapped[str] = mapped_column(String(100))
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str | None] = mapped_column(String(5))
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)

    person: Mapped[Person | None] = relationship()
    grants: Mapped[list["Grant"]] = relationship(back_populates="account", lazy="selectin")

    @property
    def roles(self) -> list[RoleMixin]:  # type: ignore[override]
        """Flask-Security asks for this; our roles are scoped, so it grants nothing by itself."""
        return []


class Grant(Model):
    """A role, scoped to a skill or a delegation; without either it holds for the competition."""

    __tablename__ = "grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    skill_id: Mapped[int | None] = mapped_column(ForeignKey("skill.id"), index=True)
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))

    account: Mapped[Account] = relationship(back_populates="grants")
    skill: Mapped[Skill | None] = relationship()
    delegation: Mapped[Delegation | None] = relationship()
