"""What a tablet sends beside marks: calls for help, notes and photos, sealed as the votes are."""

import io
import json

import pytest
from sqlalchemy import func, select

from competition.database import db, writing
from competition.models import LedgerRow, Skill
from competition.moment import now
from judging import blobs
from judging.models import HelpCall, Remark
from tests.judging.test_tablet import CODE, Tablet, day, li, sign_in, tablets
from tests.papers_made import PLACE, jpeg

__all__ = ["day", "li", "tablets"]  # fixtures


def call(tablet: Tablet, key: str, kind: str = "chief", **more: object):
    return tablet.open("POST", "/tablet/api/calls", json={"key": key, "kind": kind, **more})


def remark(tablet: Tablet, key: str, aspect: str = "A1.01", photo: bytes | None = None, **more):
    told = {
        "key": key, "code": CODE, "judge": tablet.day.judges[tablet.judge],
        "aspect": tablet.day.aspects[aspect], "words": "看这里", **more,
    }  # fmt: skip
    data: dict[str, object] = {"remark": json.dumps(told)}
    if photo is not None:
        data["photo"] = (io.BytesIO(photo), "../../x.jpg")
    return tablet.open("POST", "/tablet/api/remarks", data=data)


def seen(tablet: Tablet, aspect: str = "A1.01") -> list[str]:
    return [one["words"] for one in tablet.cell(aspect)["remarks"]]


def test_a_call_reaches_the_desk_once_and_the_tablet_hears_who_comes(sqlite_app, li, tablets):
    for _ in range(2):
        answer = call(li, "call-0001", code=CODE, words="平板没声音")
        assert answer.json == {"state": "taken", "sentence": None}
    desk = sign_in(sqlite_app, "chief")
    page = desk.get("/desk/T17").text
    assert page.count('data-kind="chief"') == 1 and "平板没声音" in page and CODE in page
    with sqlite_app.app_context():
        number = db.session.scalars(select(HelpCall.id)).one()
    for _ in range(2):
        assert desk.post(f"/desk/T17/calls/{number}/take").status_code == 303
    (told,) = li.get("calls").json["calls"]
    assert told["taker"] == "陈裁判长" and told["taken_at"] and not told["done_at"]
    assert tablets["wang"].get("calls").json["calls"] == []
    assert desk.post(f"/desk/T17/calls/{number}/done").status_code == 303
    assert li.get("calls").json["calls"][0]["done_at"]
    assert 'id="desk-calls-title"' not in desk.get("/desk/T17").text
    assert call(tablets["wang"], "call-0001").status_code == 409
    assert desk.post("/desk/T17/calls/9999/take").status_code == 404
    with sqlite_app.app_context():
        acts = list(db.session.scalars(select(LedgerRow.act).where(LedgerRow.act.like("help.%"))))
        assert acts == ["help.call", "help.take", "help.done"]


def test_two_equal_calls_are_one_until_it_is_settled(sqlite_app, li, tablets):
    def calls() -> int:
        with sqlite_app.app_context():
            return db.session.scalar(select(func.count()).select_from(HelpCall))

    for key in ("call-0001", "call-0002"):
        assert call(li, key, code=CODE, words=" 没声音 ").json["state"] == "taken"
    assert calls() == 1
    call(li, "call-0003", code=CODE, words="还是没有")  # says more
    call(li, "call-0004", "medical", code=CODE, words="没声音")
    call(li, "call-0005", code="K-074", words="没声音")
    call(tablets["wang"], "call-0006", code=CODE, words="没声音")
    assert calls() == 5
    with sqlite_app.app_context():
        first = db.session.scalars(select(HelpCall.id)).first()
    sign_in(sqlite_app, "chief").post(f"/desk/T17/calls/{first}/done")
    call(li, "call-0007", code=CODE, words="没声音")
    assert calls() == 6


@pytest.mark.parametrize(
    "body",
    [None, [], {}, {"key": "x", "kind": "chief"}, {"key": "call-0001", "kind": "pizza"},
     {"key": "call-0001", "kind": 7}, {"key": "call-0001", "kind": "chief", "device_at": "never"}],
)  # fmt: skip
def test_what_is_no_call_tells_nobody(sqlite_app, li, body):
    answer = li.open("POST", "/tablet/api/calls", json=body)
    assert answer.status_code == 400 and answer.json["error"]["zh"]
    with sqlite_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(HelpCall)) == 0


def test_a_note_at_a_measurement_is_the_panels_and_is_taken_once(sqlite_app, li, tablets):
    for _ in range(2):
        assert remark(li, "note-0001").json == {"state": "taken", "sentence": None}
    assert seen(li) == seen(tablets["wang"]) == ["看这里"]
    assert remark(tablets["wang"], "note-0001").status_code == 409
    assert remark(tablets["wang"], "note-0002", words="", takes_back="note-0001").json["state"] == (
        "set_aside"
    ), "nobody takes back another's"
    assert seen(li) == ["看这里"]
    assert remark(li, "note-0003", words="", takes_back="note-0001").json["state"] == "taken"
    assert seen(li) == seen(tablets["wang"]) == []
    with sqlite_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Remark)) == 3


def test_a_note_at_a_judgement_is_sealed_until_the_votes_are_out(sqlite_app, li, tablets):
    remark(li, "note-0001", "B1.01", words="我打 3 分", photo=jpeg())
    assert seen(li, "B1.01") == ["我打 3 分"]
    address = li.cell("B1.01")["remarks"][0]["photo"]
    wang, chief = tablets["wang"], sign_in(sqlite_app, "chief")
    assert seen(wang, "B1.01") == []
    assert li.open("GET", address).status_code == 200
    assert wang.open("GET", address).status_code == 404
    assert chief.get(address).status_code == 404
    sheet = f"/desk/T17/works/{CODE}/sheets/{li.day.subs['B1']}"
    assert "我打 3 分" not in chief.get(sheet).text
    for tablet in tablets.values():
        tablet.mark("B1.01", 2)
    assert seen(wang, "B1.01") == ["我打 3 分"]
    assert wang.open("GET", address).status_code == chief.get(address).status_code == 200
    assert "我打 3 分" in chief.get(sheet).text and address in chief.get(sheet).text


def test_what_is_left_after_a_difference_is_sealed_with_the_second_round(sqlite_app, li, tablets):
    wang, chief = tablets["wang"], sign_in(sqlite_app, "chief")
    sheet = f"/desk/T17/works/{CODE}/sheets/{li.day.subs['B1']}"
    remark(li, "note-0001", "B1.01", words="第一轮")
    for tablet, vote in zip(tablets.values(), (0, 3, 3), strict=True):
        tablet.mark("B1.01", vote)
    remark(li, "note-0002", "B1.01", words="我改打 2 分")
    for tablet in (li, wang):
        assert seen(wang, "B1.01") == ["第一轮"], "what was released stays so"
        assert seen(li, "B1.01") == ["第一轮", "我改打 2 分"]
        page = chief.get(sheet).text
        assert "第一轮" in page and "我改打 2 分" not in page
        tablet.mark("B1.01", 2, round=2, reason="再看")
    tablets["zhao"].mark("B1.01", 2, round=2, reason="再看")
    assert seen(wang, "B1.01") == ["第一轮", "我改打 2 分"]
    assert "我改打 2 分" in chief.get(sheet).text


def test_a_photo_loses_what_the_camera_wrote_and_has_no_name(sqlite_app, li):
    given = jpeg()
    assert remark(li, "photo-001", photo=given).json["state"] == "taken"
    shown = li.open("GET", li.cell("A1.01")["remarks"][0]["photo"])
    assert shown.mimetype == "image/jpeg" and shown.headers["Content-Disposition"] == "inline"
    assert PLACE.encode() in given and PLACE.encode() not in shown.data
    with sqlite_app.app_context():
        row = db.session.scalars(select(Remark)).one()
        assert blobs.path(row.photo).is_file() and row.media_type == "image/jpeg"


@pytest.mark.parametrize("photo", [b"", b"<svg/>", b"%PDF-1.4 %%EOF", b"\xff\xd8\xff\xe0broken"])
def test_what_is_no_picture_is_not_kept(sqlite_app, li, photo):
    answer = remark(li, "photo-001", photo=photo)
    assert answer.status_code == 422 and "JPEG" in answer.json["error"]["en"]
    with sqlite_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Remark)) == 0


@pytest.mark.parametrize("told", ["", "{", "[]", "null", '{"key": "note-0001"}', "[" * 5000])
def test_what_is_no_note_is_not_kept(sqlite_app, li, told):
    answer = li.open("POST", "/tablet/api/remarks", data={"remark": told})
    assert answer.status_code == 400
    assert remark(li, "note-0001", words=" \x00 ").status_code == 422


def test_what_the_rules_refuse_is_set_aside(sqlite_app, li):
    assert remark(li, "note-0001", code="K-999").json["state"] == "set_aside"
    assert remark(li, "note-0002", judge=li.day.judges["wang"]).json["state"] == "set_aside"
    with sqlite_app.app_context(), writing() as session:
        session.get_one(Skill, li.day.skill).locked_at = now()
    late = remark(li, "note-0003")
    assert late.json["state"] == "set_aside" and "locked" in late.json["sentence"]["en"]
    assert remark(li, "note-0003").json == late.json


def opened(tablet: Tablet, way: str = "", sub: str = "A1", code: str = CODE):
    body = {"code": code, "sub": tablet.day.subs[sub], "way": way}
    return tablet.open("POST", "/tablet/api/open", json=body).json


def test_two_tablets_on_one_sheet_know_of_each_other(li, tablets):
    wang, none = tablets["wang"], {"watching": False, "taken_by": None, "others": []}
    assert opened(li) == none
    assert opened(wang)["others"] == [{"label": "李裁判", "number": None}]
    assert opened(li)["others"] == [{"label": "王裁判", "number": None}]
    assert opened(wang, sub="A2") == none, "another sheet is nobody's concern"
    assert opened(li) == none
    opened(wang, "watch")
    assert opened(wang)["watching"] and opened(li) == none, "who watches does not disturb"
    assert opened(wang, "take")["watching"] is False
    assert opened(li) == {
        "watching": True, "taken_by": "王裁判", "others": [{"label": "王裁判", "number": None}],
    }  # fmt: skip
    assert opened(li, "mark")["watching"] is False and len(opened(wang)["others"]) == 1
    assert wang.open("POST", "/tablet/api/open", json={"code": ""}).json == none
    assert opened(li)["others"] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [({"code": "K-999", "sub": 1}, 404), ({"code": CODE, "sub": 10**30}, 400),
     ({"code": CODE, "sub": True}, 400), ({"code": CODE, "sub": 99999}, 404), ([], 400)],
)  # fmt: skip
def test_what_is_no_sheet_cannot_be_open(li, body, status):
    assert li.open("POST", "/tablet/api/open", json=body).status_code == status
