"""The rows of `competition`, a file per subject."""

from competition.models.account import Account, Grant, Role
from competition.models.edition import Competition, Delegation, Door, Venue, Zone
from competition.models.entry import Affiliation, Entry, Member, Person
from competition.models.ledger import LedgerRow
from competition.models.period import ExtraTime, LateStart, Pause, Period
from competition.models.sign_in import RecoveryCode, SecondFactor, SignIn
from competition.models.skill import Release, Skill

__all__ = [
    "Account",
    "Affiliation",
    "Competition",
    "Delegation",
    "Door",
    "Entry",
    "ExtraTime",
    "Grant",
    "LateStart",
    "LedgerRow",
    "Member",
    "Pause",
    "Period",
    "Person",
    "RecoveryCode",
    "Release",
    "Role",
    "SecondFactor",
    "SignIn",
    "Skill",
    "Venue",
    "Zone",
]
