"""The rows of `judging`, a file per subject."""

from judging.models.board import OverallBoard, PublicBoard, ReleaseChange
from judging.models.marking import Confirmation, Device, Observation
from judging.models.panel import ConflictOverride, PanelSeat, Recusal
from judging.models.rejudging import MarkQuestion, Rejudging
from judging.models.scheme import Aspect, Criterion, Scheme, SchemeDraft, SubCriterion
from judging.models.submission import CheckRow, Evaluation, Submission, Upload

__all__ = [
    "Aspect",
    "CheckRow",
    "Confirmation",
    "ConflictOverride",
    "Criterion",
    "Device",
    "Evaluation",
    "MarkQuestion",
    "Observation",
    "OverallBoard",
    "PanelSeat",
    "PublicBoard",
    "Recusal",
    "Rejudging",
    "ReleaseChange",
    "Scheme",
    "SchemeDraft",
    "SubCriterion",
    "Submission",
    "Upload",
]
