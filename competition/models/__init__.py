"""The rows of `competition`, a file per subject."""

from competition.models.account import Account, Grant, Role
from competition.models.bulk import BulkAct, BulkChange, BulkKind
from competition.models.change import ChangeKind, ChangeRequest, ChangeState
from competition.models.edition import Competition, Delegation, Door, Venue, Zone
from competition.models.eligibility import (
    EligibilityException,
    EvidenceFile,
    EvidenceKind,
    SkillRules,
)
from competition.models.entry import Coach, Entry, EntryState, Member, Status
from competition.models.entry_lock import EntryLock, EntryLockSkill
from competition.models.erasure import Erasure
from competition.models.form import AnswerDraft, Answers, FormVersion
from competition.models.judge import Declaration, JudgeBatch, JudgeRecord, Level
from competition.models.ledger import LedgerRow
from competition.models.period import ExtraTime, LateStart, Pause, Period
from competition.models.person import Affiliation, Person
from competition.models.pin import Pin, PinTry
from competition.models.roster import BatchState, RosterBatch, RosterHeading, RosterRow, RowState
from competition.models.sign_in import RecoveryCode, SecondFactor, SignIn
from competition.models.skill import Release, Skill
from competition.models.stage import Stage
from competition.models.technical import MilestoneDay, TechnicalFile, TechnicalReading

__all__ = [
    "Account",
    "Affiliation",
    "AnswerDraft",
    "Answers",
    "BatchState",
    "BulkAct",
    "BulkChange",
    "BulkKind",
    "ChangeKind",
    "ChangeRequest",
    "ChangeState",
    "Coach",
    "Competition",
    "Declaration",
    "Delegation",
    "Door",
    "EligibilityException",
    "Entry",
    "EntryLock",
    "EntryLockSkill",
    "EntryState",
    "Erasure",
    "EvidenceFile",
    "EvidenceKind",
    "ExtraTime",
    "FormVersion",
    "Grant",
    "JudgeBatch",
    "JudgeRecord",
    "LateStart",
    "LedgerRow",
    "Level",
    "Member",
    "MilestoneDay",
    "Pause",
    "Period",
    "Person",
    "Pin",
    "PinTry",
    "RecoveryCode",
    "Release",
    "Role",
    "RosterBatch",
    "RosterHeading",
    "RosterRow",
    "RowState",
    "SecondFactor",
    "SignIn",
    "Skill",
    "SkillRules",
    "Stage",
    "Status",
    "TechnicalFile",
    "TechnicalReading",
    "Venue",
    "Zone",
]
