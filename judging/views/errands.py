"""What a tablet sends beside marks, by its token: calls for help, notes, photos, the open sheet."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import Response, g, jsonify, request

from competition.database import db
from competition.models import Skill
from competition.rules.refusal import Refusal
from competition.views.limits import limiter
from judging import calls, presence, remarks
from judging.admission import KEY
from judging.devices import Tablet
from judging.views import tablet_posts
from judging.views.hall_tablet import api as hall
from judging.views.tablet import api


@api.post("/calls")
@limiter.limit("60/minute")
def call() -> Response:
    """A judge calls for help."""
    tablet: Tablet = g.tablet
    asked = _asked(request.get_json(silent=True))
    calls.call(
        tablet.skill_id,
        **_call(asked),
        judge_id=tablet.account_id,
        device_id=tablet.id,
    )
    return jsonify(state="taken", sentence=None)


@api.get("/calls")
def called() -> Response:
    """What became of this tablet's calls."""
    tablet: Tablet = g.tablet
    return jsonify(
        calls=calls.told(db.session(), tablet.skill_id, device_ids=[tablet.id]),
    )


@hall.post("/calls")
@limiter.limit("60/minute")
def call_locked() -> Response:
    """Somebody calls for help on a tablet of the hall that is locked."""
    tablet = g.hall_tablet
    asked = _asked(request.get_json(silent=True))
    calls.call(tablet.skill_id, **_call(asked), tablet_id=tablet.id)
    return jsonify(state="taken", sentence=None)


@hall.get("/calls")
def called_locked() -> Response:
    """What became of the calls of the locked tablet."""
    tablet = g.hall_tablet
    return jsonify(calls=calls.told(db.session(), tablet.skill_id, tablet_id=tablet.id))


@api.post("/remarks")
@limiter.limit("120/minute")
def remark() -> Response:
    """A note or a photo at an aspect of a work: a field `remark` of JSON, and a file `photo`."""
    tablet: Tablet = g.tablet
    try:
        asked = _asked(json.loads(request.form.get("remark", "")))
    except (ValueError, RecursionError):
        raise _unread("remark") from None
    file = request.files.get("photo")
    made = remarks.add(
        db.session.get_one(Skill, tablet.skill_id).id,
        note(asked),
        file.read() if file is not None else None,
        judge_id=tablet.account_id,
        device_id=tablet.id,
    )
    return jsonify(state=made.state, sentence=made.sentence)


@api.post("/open")
def opened() -> Response:
    """Which sheet is open here: who else marks it. Without a code: none is open any more."""
    tablet: Tablet = g.tablet
    asked = _asked(request.get_json(silent=True))
    code, sub = _text(asked, "code", 20), asked.get("sub")
    if not code:
        presence.close(tablet)
        return jsonify(watching=False, taken_by=None, others=[])
    if isinstance(sub, bool) or not isinstance(sub, int) or abs(sub) > tablet_posts.INT_TOP:
        raise _unread("sub")
    return jsonify(asdict(presence.open_(tablet, code, sub, _text(asked, "way", 8))))


def _call(asked: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": _key(asked),
        "kind": _text(asked, "kind", 20),
        "code": _text(asked, "code", 20),
        "words": _text(asked, "words", calls.LONGEST),
        "device_at": _time(asked),
    }


def note(body: object) -> remarks.Given:
    """A note as a tablet sends it; a Refusal says what cannot be read."""
    asked = _asked(body)
    numbers = {}
    for name in ("judge", "aspect"):
        value = asked.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise _unread(name)
        numbers[name] = value if abs(value) <= tablet_posts.INT_TOP else 0
    return remarks.Given(
        key=_key(asked),
        code=_text(asked, "code", 20),
        words=_text(asked, "words", remarks.LONGEST),
        takes_back=_text(asked, "takes_back", 64),
        device_at=_time(asked),
        **numbers,
    )


def _asked(body: object) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise _unread("JSON")
    return body


def _key(asked: dict[str, Any]) -> str:
    key = asked.get("key")
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise _unread("key")
    return key


def _text(asked: dict[str, Any], name: str, longest: int) -> str:
    try:
        return tablet_posts.text(asked, name, longest, "")
    except ValueError:
        raise _unread(name) from None


def _time(asked: dict[str, Any]) -> datetime | None:
    try:
        return tablet_posts.time(asked.get("device_at"))
    except ValueError:
        raise _unread("device_at") from None


def _unread(what: str) -> Refusal:
    return Refusal(
        f"发来的内容无法读取（{what}），没有保存。请再试一次。",
        f"What was sent could not be read ({what}) and was not kept. Please try once more.",
        status=400,
    )
