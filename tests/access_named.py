"""What the addresses of the table of access name: things of `access_world`, by their name there."""

from typing import Any

from tests import access_ceremony as ceremonies
from tests import access_screens

# What an address names, where its parameter's name alone does not say it.
NAMED: dict[str, dict[str, Any]] = {
    **access_screens.NAMED,
    "accounts.do": {"act": "sign-ins"},
    "delegation.one": {"code": "D-P41"},
    "entry_files.delegates": {"code": "D-P41"},
    "entry_form.choose": {"code": "D-P41"},
    "entry_form.page": {"code": "D-P41", "skill": "T17"},
    "entry_form.send": {"code": "D-P41", "skill": "T17"},
    "tablet_api.work": {"code": "K-073"},
    "signoff.answer_unlock": {"number": "reopening", "act": "drop"},
    "recheck.answer": {"number": "finding"},
    "versions.step": {"version": 1, "state": "handed_over"},  # the other steps: the office
    "schemes.settle": {"act": "back"},
    "desk.ask_clock": {"act": "pause"},
    "desk.clock": {"act": "pause"},
    "desk.ask_aside": {"number": "aside"},
    "desk.note": {"number": "aside"},
    "desk.judge_again": {"number": "evaluation"},
    "desk.ask_admit": {"number": "late"},
    "desk.admit": {"number": "late"},
    "release.drop": {"number": "planned"},
    **ceremonies.NAMED,
    "rejudging.one": {"number": "rejudging"},
    "rejudging.ask": {"number": "rejudging", "act": "drop"},
    "rejudging.decide": {"number": "rejudging", "act": "drop"},
    "rejudging.again": {"number": "rejudging", "judging": "again"},
    "rejudging.ask_question": {"number": "question"},
    "rejudging.answer": {"number": "question"},
    "panel.leave": {"number": "seat"},
    "panel.lift": {"number": "recusal"},
    "panel.end_override": {"number": "override"},
    "declaring.settle": {"number": "declaration"},
    "declaring.withdraw": {"number": "declaration"},
    "judges.leave": {"act": "leave"},
    "judges.batch": {"batch_id": "judge_batch"},
    "judges.act": {"batch_id": "judge_batch", "act": "drop"},
    "grants.ask_end": {"number": "grant"},
    "grants.end": {"number": "grant"},
    "privacy.ask": {"person_id": "person"},
    "privacy.answer": {"number": "erasure"},
    "tablets.unpair": {"number": "hall_tablet"},
    "hall_tablet_api.photo": {"name": "face"},
    "tablets.end": {"number": "device"},
    "calls.act": {"number": "call", "act": "take"},
    "entry_locks.answer": {"number": "unlock"},
    "skill_profiles.picture": {"sha256": "photo"},
    "papers.open_": {"number": "paper"},
    "papers.remove": {"number": "paper"},
    "account.end_sign_in": {"number": 999_999},
}
PLAIN: dict[str, Any] = {
    "day": "2026-11-23",
    "code": "T17", "number": 1, "work": "K-073", "policy": "hidden", "lang": "en",
    "part": "T17", "form": "pdf", "size": "link",
    "filename": "shapes.svg", "name": "sketch.png",
    "entry_id": "entry", "account_id": "victim", "exception_id": "exception",
    "request_id": "request", "bulk_id": "bulk", "batch_id": "batch", "sha256": "blob",
    "record_id": "judge_record",
    "aspect": "aspect", "sub": "sub", "receipt": "receipt", "key": "upload", "kind": "medals",
    "token": "never-given",
}  # fmt: skip
# no demo; not built
