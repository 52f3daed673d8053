"""The rows of `judging`, a file per subject."""

from judging.models.board import OverallBoard, PublicBoard, PublicHistory, ReleaseChange
from judging.models.ceremony import Ceremony, CeremonyProject, StageKey
from judging.models.marking import Confirmation, Device, Observation
from judging.models.panel import ConflictOverride, PanelSeat, Recusal
from judging.models.rejudging import MarkQuestion, Rejudging
from judging.models.scheme import Aspect, Criterion, Scheme, SchemeDraft, SubCriterion
from judging.models.screen import Playlist, Screen, ScreenMessage
from judging.models.signoff import (
    Recheck,
    RecheckFinding,
    RecheckSheet,
    Reopening,
    ResultVersion,
    SheetLock,
    Signature,
    TieDecision,
)
from judging.models.submission import CheckRow, Evaluation, Submission, Upload
from judging.models.tablet import HallTablet, HelpCall, OpenedSheet, PairingCode, Remark

__all__ = [
    "Aspect",
    "Ceremony",
    "CeremonyProject",
    "CheckRow",
    "Confirmation",
    "ConflictOverride",
    "Criterion",
    "Device",
    "Evaluation",
    "HallTablet",
    "HelpCall",
    "MarkQuestion",
    "Observation",
    "OpenedSheet",
    "OverallBoard",
    "PairingCode",
    "PanelSeat",
    "Playlist",
    "PublicBoard",
    "PublicHistory",
    "Recheck",
    "RecheckFinding",
    "RecheckSheet",
    "Recusal",
    "Rejudging",
    "ReleaseChange",
    "Remark",
    "Reopening",
    "ResultVersion",
    "Scheme",
    "SchemeDraft",
    "Screen",
    "ScreenMessage",
    "SheetLock",
    "Signature",
    "StageKey",
    "SubCriterion",
    "Submission",
    "TieDecision",
    "Upload",
]
