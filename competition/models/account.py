"""Who may sign in, and what each may do where and when."""

from datetime import datetime

from flask_security import RoleMixin, UserMixin
from sqlalchemy import BindParameter, ColumnElement, ForeignKey, String, and_, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.database import Model
from competition.models.edition import Delegation, Zone
from competition.models.person import Person
from competition.models.skill import Skill
from competition.rules.duties import Role, Scope, scope_of

__all__ = ["Account", "Grant", "Role"]


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
    grants: Mapped[list["Grant"]] = relationship(
        back_populates="account", lazy="selectin", foreign_keys="Grant.account_id"
    )

    @property
    def roles(self) -> list[RoleMixin]:  # type: ignore[override]
        """Flask-Security asks for this; our roles are scoped, so it grants nothing by itself."""
        return []


class Grant(Model):
    """A role, scoped to a skill, a zone or a delegation; without any it holds everywhere.

    It holds from `since` until `until`, where they are set, and no longer once it was ended.
    `ended_by` is empty when its own time ran out.
    """

    __tablename__ = "grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    skill_id: Mapped[int | None] = mapped_column(ForeignKey("skill.id"), index=True)
    zone_id: Mapped[int | None] = mapped_column(ForeignKey("zone.id"))
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))
    since: Mapped[datetime | None]
    until: Mapped[datetime | None]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    account: Mapped[Account] = relationship(back_populates="grants", foreign_keys=[account_id])
    skill: Mapped[Skill | None] = relationship()
    zone: Mapped[Zone | None] = relationship()
    delegation: Mapped[Delegation | None] = relationship()
    giver: Mapped[Account | None] = relationship(foreign_keys=[granted_by])

    @property
    def scope(self) -> Scope | None:
        return scope_of(self.skill_id, self.zone_id, self.delegation_id)

    def holds(self, at: datetime) -> bool:
        """Whether it is in force."""
        return (
            self.ended_at is None
            and (self.since is None or self.since <= at)
            and (self.until is None or at < self.until)
        )

    def reaches(self, skill: Skill) -> bool:
        """Whether a skill is in its scope."""
        return self.delegation_id is None and (
            self.skill_id == skill.id
            if self.skill_id is not None
            else self.zone_id is None or self.zone_id == skill.zone_id
        )

    @classmethod
    def held(cls, at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
        """The same as `holds`, for queries."""
        return and_(
            cls.ended_at.is_(None),
            or_(cls.since.is_(None), cls.since <= at),
            or_(cls.until.is_(None), cls.until > at),
        )
