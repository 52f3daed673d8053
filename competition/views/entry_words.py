"""Words of an entry in the language of the request, for pages and files."""

from flask import Flask
from flask_babel import gettext as _

from competition.models import BulkKind, ChangeKind, ChangeState, EntryState, Status
from competition.rules.identity import Sex


def state(word: str) -> str:
    """How far an entry is."""
    return str(
        {
            EntryState.ENTERED: _("Entered"),
            EntryState.ELIGIBLE: _("Eligible"),
            EntryState.NOT_ELIGIBLE: _("Not eligible"),
            EntryState.APPROVED: _("Approved"),
            EntryState.WITHDRAWN: _("Withdrawn"),
        }[EntryState(word)]
    )


def missing(word: str) -> str:
    """What an entry may lack."""
    return str(
        {
            "any": _("Anything missing"),
            "id_number": _("No identity number"),
            "affiliation": _("No school or company"),
            "team": _("Team not complete"),
            "answers": _("Answers missing"),
            "account": _("Cannot sign in yet"),
        }[word]
    )


def status(word: str) -> str:
    """What a competitor is; empty where nothing was declared."""
    return str(
        {Status.EMPLOYEE.value: _("Employee"), Status.STUDENT.value: _("Student")}.get(word, "")
    )


def sex(word: str) -> str:
    """As the identity number tells; empty where it tells nothing."""
    return str({Sex.FEMALE.value: _("female"), Sex.MALE.value: _("male")}.get(word, ""))


def change(kind: str) -> str:
    """What a change request wants."""
    return str(
        {
            ChangeKind.CHANGE: _("Change"),
            ChangeKind.WITHDRAW: _("Withdraw"),
            ChangeKind.SUBSTITUTE: _("Substitute"),
            ChangeKind.ADD: _("Add"),
            ChangeKind.ANSWERS: _("Change answers"),
        }[ChangeKind(kind)]
    )


def request_state(word: str) -> str:
    """Where a change request stands."""
    return str(
        {
            ChangeState.ASKED: _("Waiting"),
            ChangeState.APPROVED: _("Approved"),
            ChangeState.REFUSED: _("Refused"),
            ChangeState.TAKEN_BACK: _("Taken back"),
        }[ChangeState(word)]
    )


def bulk(kind: str, count: int) -> str:
    """What a bulk act did."""
    return str(
        {
            BulkKind.JUDGE: _("Judged again: the state of %(n)s entries changed", n=count),
            BulkKind.APPROVE: _("%(n)s entries were approved", n=count),
            BulkKind.WITHDRAW: _("%(n)s entries were withdrawn", n=count),
        }[BulkKind(kind)]
    )


def register(app: Flask) -> None:
    """Gives templates `entry_state_word`, `missing_word` and `bulk_words`."""
    app.jinja_env.globals.update(entry_state_word=state, missing_word=missing, bulk_words=bulk)
