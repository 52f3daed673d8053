"""The rows of the table of access that concern panels, declarations and the judge register."""

from typing import Any

TABLE: dict[str, str] = {
    "GET panel.page": "chief",
    "POST panel.appoint": "chief",
    "POST panel.leave": "chief",
    "POST panel.recuse": "chief",
    "POST panel.lift": "chief",
    "POST panel.override": "chief",
    "POST panel.end_override": "chief",
    "POST panel.decide_late": "chief",
    "GET panel.ask_draw": "chief",
    "POST panel.draw": "chief",
    "GET declaring.page": "judge",
    "POST declaring.declare": "judge",
    "POST declaring.aside": "judge",
    "GET declaring.office": "office",
    "POST declaring.declare_for": "office",
    "POST declaring.settle": "office",
    "POST declaring.withdraw": "office",
    "GET judges.page": "office",
    "GET judges.file": "office",
    "GET judges.template": "office",
    "GET judges.ask_new": "office",
    "POST judges.new": "office",
    "GET judges.one": "office",
    "POST judges.leave": "office",
    "POST judges.contact": "office",
    "POST judges.account": "organiser",
    "POST judges.upload": "office",
    "GET judges.batch": "office",
    "POST judges.act": "office",
}
NAMED: dict[str, dict[str, Any]] = {
    "panel.leave": {"number": "seat"},
    "panel.lift": {"number": "recusal"},
    "panel.end_override": {"number": "override"},
    "declaring.settle": {"number": "declaration"},
    "declaring.withdraw": {"number": "declaration"},
    "judges.leave": {"act": "leave"},
    "judges.batch": {"batch_id": "judge_batch"},
    "judges.act": {"batch_id": "judge_batch", "act": "drop"},
}
FORMS: dict[str, dict[str, str]] = {
    "panel.appoint": {"judge": "999999", "chair": "1"},
    "panel.recuse": {"judge": "999999", "key": "table-of-access"},
    "panel.override": {"judge": "999999", "tie": "family"},
    "panel.decide_late": {"judge": "999999", "act": "count"},
    "declaring.declare_for": {"skill": "T17"},
}
