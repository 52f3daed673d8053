"""The rows of `competition`, a file per subject."""

from competition.models.account import Account, Grant, Role
from competition.models.edition import Competition, Delegation, Venue, Zone
from competition.models.entry import Affiliation, Entry, Member, Person
from competition.models.ledger import LedgerRow
from competition.models.period import ExtraTime, LateStart, Pause, Period
from competition.models.skill import Release, Skill

__all__ = [
    "Account",
    "Affiliation",
    "Competition",
    "Delegation",
    "Entry",
    "ExtraTime",
    "Grant",
    "LateStart",
    "LedgerRow",
    "Member",
    "Pause",
    "Period",
    "Person",
    "Release",
    "Role",
    "Skill",
    "Venue",
    "Zone",
]
