"""A tablet of the hall from its code to its end, by the verbs alone, on both databases."""

import pytest
from flask import Flask
from sqlalchemy import select

from competition import pins
from competition.database import db
from competition.models import LedgerRow, Skill
from competition.rules.refusal import Refusal
from judging import calls, devices, kept, presence, remarks, sheets, tablets
from judging.models import Device, OpenedSheet
from tests.judging.seed import seed
from tests.papers_made import jpeg

CODE = "K-073"


def test_a_tablet_of_the_hall_from_its_code_to_its_end(context: Flask) -> None:
    day = seed()
    li, chief, session = day.judges["li"], day.judges["chief"], db.session()
    pins.set_(li, "2580")
    paired = tablets.pair(tablets.give_code(day.skill, actor_id=chief).code, name="T")
    hall = tablets.authenticate(paired.token)
    assert hall is not None
    tablets.here(hall, waiting=2**40, version="v" * 99)
    with pytest.raises(Refusal, match="wrong"):
        tablets.let_in(hall, li, "0000", held="")
    token = tablets.let_in(hall, li, "2580", held="").token
    assert token is not None and tablets.let_in(hall, li, "2580", held=token).token is None
    own = devices.authenticate(token)
    assert own is not None and own.account_id == li

    assert presence.open_(own, CODE, day.subs["A1"], "").others == ()
    other = devices.authenticate(devices.pair(day.judges["wang"], day.skill, name="own").token)
    assert other is not None
    (seen,) = presence.open_(other, CODE, day.subs["A1"], "take").others or (None,)
    assert seen is None, "who was taken over from does not mark any more"
    assert presence.open_(own, CODE, day.subs["A1"], "").taken_by == "王裁判"
    presence.close(own)
    assert len(session.scalars(select(OpenedSheet)).all()) == 1

    given = remarks.Given("note-0001", CODE, li, day.aspects["A1.01"], "看这里")
    for _ in range(2):
        made = remarks.add(day.skill, given, jpeg(), judge_id=li, device_id=own.id)
        assert made.state == "taken"
    work = sheets.work(session, session.get_one(Skill, day.skill), CODE, day.judges["wang"])
    assert [one["words"] for one in work["cells"][str(given.aspect)]["remarks"]] == ["看这里"]
    photo = work["cells"][str(given.aspect)]["remarks"][0]["photo"].rpartition("/")[2]
    assert remarks.photo_type(session, [day.skill], photo, chief) == "image/jpeg"
    assert remarks.photo_type(session, [], photo, chief) is None
    assert kept.whole(session, day.skill).entries

    number = calls.call(day.skill, "call-0001", "medical", tablet_id=hall.id)
    assert calls.call(day.skill, "call-0001", "medical", tablet_id=hall.id) == number
    calls.take(number, skill_id=day.skill, actor_id=chief)
    calls.done(number, skill_id=day.skill, actor_id=chief)
    (told,) = calls.told(session, day.skill, tablet_id=hall.id)
    assert told["taker"] == "陈裁判长" and told["done_at"]

    tablets.unpair(hall.id, skill_id=day.skill, actor_id=chief)
    assert devices.authenticate(token) is None and tablets.authenticate(paired.token) is None
    late = devices.out_of_use(token)
    assert late is not None and late.account_id == li
    assert devices.out_of_use("another") is None
    devices.revoke(other.id, actor_id=chief)
    assert session.scalar(select(Device.revoked_at).where(Device.id == other.id)) is not None
    acts = set(session.scalars(select(LedgerRow.act)))
    assert {"tablet.pair", "device.pair", "tablet.unpair", "remark.add", "help.done"} <= acts
