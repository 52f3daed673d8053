"""What the table of access sends with its questions, by endpoint."""

from tests.judging.seed import PASSWORD

FORMS: dict[str, dict[str, str]] = {
    "signin.enter": {"username": "victim", "password": PASSWORD},
    "changes.ask": {"kind": "withdraw"},
    "answers.show": {"reason": "x"},
    "grants.door": {"door": "staff"},
    "privacy.days": {"days": "30"},
    "signoff.send_back": {"key": "table-of-access"},
    "signoff.unlock": {"key": "table-of-access"},
    "recheck.note": {"key": "table-of-access", "found": "agrees"},
    "release.change": {"key": "access-table-key"},
    "release.look": {"policy": "hidden", "scope": "all"},
    "release.do": {"key": "access-table-key", "policy": "hidden", "scope": "all"},
    "release.back": {"key": "access-table-key"},
    "ceremony.prepare": {"key": "access-table-key"},
    "bulk.look": {"kind": "judge"},
    "bulk.do": {"kind": "judge"},
    "schemes.start": {"from": "empty"},
    "panel.appoint": {"judge": "999999", "chair": "1"},
    "panel.recuse": {"judge": "999999", "key": "table-of-access"},
    "panel.override": {"judge": "999999", "tie": "family"},
    "panel.decide_late": {"judge": "999999", "act": "count"},
    "declaring.declare_for": {"skill": "T17"},
}
JSON: dict[str, dict[str, object]] = {
    "tablet.pair": {"skill": "T17"},
    "tablet_api.marks": {"posts": []},
    "workspace.announce": {},
    "hall_tablet_api.pair": {"code": ""},
    "hall_tablet_api.here": {},
    "hall_tablet_api.unlock": {},
    "hall_tablet_api.call_locked": {},
    "tablet_api.call": {},
    "tablet_api.opened": {},
    "scheme_drafts.save": {"body": {"sections": [], "criteria": []}, "base": 1},
    "scheme_drafts.worked": {"calculation": {"kind": "PASS_FAIL"}, "max": "1"},
}
