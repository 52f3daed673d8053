"""Tablets of the hall: a code that is good once, PINs, tokens of their own, unpairing."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from competition import pins
from competition.database import db, writing
from competition.models import Account, Grant, LedgerRow, Role
from competition.moment import now
from competition.rules.refusal import Refusal
from judging import command, contact, devices, tablets
from judging.models import Device, HallTablet, Observation, PairingCode
from tests import papers_made
from tests.competition.test_judge_photos import put, registered
from tests.judging.seed import Seeded, seed
from tests.judging.test_tablet import CODE, sign_in

PIN = {"li": "2580", "wang": "1470"}


class Hall:
    """A tablet of the hall as its script speaks for it."""

    def __init__(self, app, token: str) -> None:
        self.client, self.token = app.test_client(), token

    def ask(self, path: str, body: dict[str, object], token: str | None = None):
        headers = {"Authorization": f"Bearer {token or self.token}"}
        return self.client.post(f"/tablet/api/{path}", json=body, headers=headers)

    def unlock(self, judge: int, pin: str, held: str = ""):
        return self.ask("hall/unlock", {"judge": judge, "pin": pin, "held": held})


@pytest.fixture
def day(sqlite_app) -> Seeded:
    with sqlite_app.app_context():
        found = seed()
        for judge, pin in PIN.items():
            pins.set_(found.judges[judge], pin)
        return found


@pytest.fixture
def hall(sqlite_app, day) -> Hall:
    with sqlite_app.app_context():
        given = tablets.give_code(day.skill, actor_id=day.judges["chief"])
        return Hall(sqlite_app, tablets.pair(f" {given.code.lower()} ", name="T").token)


def post(day: Seeded, judge: str, key: str, value: int = 150) -> dict[str, object]:
    return {
        "waiting": 0,
        "posts": [
            {
                "key": key, "code": CODE, "judge": day.judges[judge],
                "aspect": day.aspects["A1.01"], "value": value,
            }
        ],
    }  # fmt: skip


def test_a_code_is_kept_as_a_hash_and_good_once_and_for_some_minutes(sqlite_app, day):
    with sqlite_app.app_context():
        given = tablets.give_code(day.skill, actor_id=day.judges["chief"])
        row = db.session.scalars(select(PairingCode)).one()
        assert given.code.replace("-", "") not in row.code_hash and len(row.code_hash) == 64
        for wrong in ("", "AAAA-AAAA", given.code[:-1], "\x00" * 90):
            with pytest.raises(Refusal, match="wrong, used or too old"):
                tablets.pair(wrong, name="T")
        wide = "".join(chr(ord(sign) + 0xFEE0) if sign != "-" else "－" for sign in given.code)
        assert tablets.pair(wide, name="T").number == 1
        with pytest.raises(Refusal, match="used"):
            tablets.pair(given.code, name="T")
        late = tablets.give_code(day.skill, actor_id=day.judges["chief"])
        with writing() as session:
            session.execute(update(PairingCode).values(until=now() - timedelta(seconds=1)))
        with pytest.raises(Refusal, match="too old"):
            tablets.pair(late.code, name="T")
        assert len(db.session.scalars(select(HallTablet)).all()) == 1


def test_numbers_are_used_again_once_a_tablet_is_unpaired(sqlite_app, day):
    with sqlite_app.app_context():
        chief = day.judges["chief"]

        def one() -> int:
            given = tablets.give_code(day.skill, actor_id=chief)
            return tablets.pair(given.code, name="T").number

        assert [one(), one(), one()] == [1, 2, 3]
        second = tablets.of_skill(db.session(), day.skill)[1]
        tablets.unpair(second.id, skill_id=day.skill, actor_id=chief)
        tablets.unpair(second.id, skill_id=day.skill, actor_id=chief)
        assert one() == 2
        acts = list(db.session.scalars(select(LedgerRow.act).where(LedgerRow.act.like("tablet.%"))))
        assert acts.count("tablet.unpair") == 1 and acts.count("tablet.pair") == 4


def test_the_locked_tablet_shows_cards_and_opens_nothing(hall, day):
    told = hall.ask("hall/here", {"waiting": 3, "version": "abc"}).json
    assert told["number"] == 1 and told["skill"]["code"] == "T17" and told["lock_minutes"] == 3
    assert [(one["label"], one["pin"]) for one in told["judges"]] == [
        ("李裁判", True), ("王裁判", True), ("赵裁判", False),
    ]  # fmt: skip
    for path in ("pack", f"sheets/{CODE}", "progress"):
        headers = {"Authorization": f"Bearer {hall.token}"}
        assert hall.client.get(f"/tablet/api/{path}", headers=headers).status_code == 401
    assert hall.ask("marks", post(day, "li", "hall-0001")).status_code == 401
    row = tablets.authenticate
    with hall.client.application.app_context():
        assert (row(hall.token).waiting, row(hall.token).version) == (3, "abc")


def test_a_pin_opens_a_token_of_the_judges_own(sqlite_app, hall, day):
    li = hall.unlock(day.judges["li"], PIN["li"])
    assert li.status_code == 200 and li.headers["Cache-Control"] == "no-store"
    token = li.json["token"]
    assert hall.ask("marks", post(day, "li", "hall-0001"), token).json["answers"][0]["state"] == (
        "taken"
    )
    other = hall.ask("marks", post(day, "wang", "hall-0002"), token).json["answers"][0]
    assert other["state"] == "set_aside", "one judge's token does not speak for another"
    again = hall.unlock(day.judges["li"], PIN["li"], held=token)
    assert again.json["token"] is None, "the token that the tablet holds stays"
    lost = hall.unlock(day.judges["li"], PIN["li"]).json["token"]
    assert lost not in (None, token)
    assert hall.ask("marks", post(day, "li", "hall-0003"), token).status_code == 401
    with sqlite_app.app_context():
        rows = db.session.scalars(select(Device).where(Device.tablet_id.is_not(None))).all()
        assert [row.revoked_at is None for row in rows] == [False, True]


@pytest.mark.parametrize("pin", ["", "0000", "９９９９", "x" * 500, None, 2580])
def test_a_wrong_pin_opens_nothing(hall, day, pin):
    answer = hall.unlock(day.judges["li"], pin)
    assert answer.status_code == 403 and answer.json["error"]["en"]


def test_tries_are_few_and_strangers_to_the_panel_get_none(sqlite_app, hall, day):
    for _ in range(5):
        assert hall.unlock(day.judges["wang"], "0000").status_code == 403
    assert hall.unlock(day.judges["wang"], PIN["wang"]).status_code == 429
    assert hall.unlock(day.judges["chief"], "2580").status_code == 403
    assert hall.unlock(2**60, "2580").status_code == 400
    assert hall.unlock(True, "2580").status_code == 400
    with sqlite_app.app_context(), writing() as session:
        session.query(Grant).filter_by(account_id=day.judges["li"]).delete()
    assert hall.unlock(day.judges["li"], PIN["li"]).status_code == 403


def test_what_an_unpaired_tablet_still_sends_is_kept_set_aside(sqlite_app, hall, day):
    token = hall.unlock(day.judges["li"], PIN["li"]).json["token"]
    assert hall.ask("marks", post(day, "li", "hall-0001"), token).status_code == 200
    with sqlite_app.app_context():
        tablet = tablets.authenticate(hall.token)
        tablets.unpair(tablet.id, skill_id=day.skill, actor_id=day.judges["chief"])
    assert hall.ask("hall/here", {}).status_code == 401
    headers = {"Authorization": f"Bearer {token}"}
    assert hall.client.get("/tablet/api/pack", headers=headers).status_code == 401
    assert hall.ask("marks", {"posts": []}, token).status_code == 401
    late = hall.ask("marks", post(day, "li", "hall-0002", 0), token)
    assert late.status_code == 200
    (answer,) = late.json["answers"]
    assert answer["state"] == "set_aside" and "unpaired" in answer["sentence"]["en"]
    assert hall.ask("marks", post(day, "li", "hall-0002", 0), token).json == late.json
    with sqlite_app.app_context():
        rows = list(db.session.scalars(select(Observation).order_by(Observation.id)))
        assert [(row.value, row.state) for row in rows] == [(150, "taken"), (0, "set_aside")]
        assert rows[1].posted["key"] == "hall-0002"


def test_a_browser_taken_out_of_use_keeps_its_marks_until_its_judge_signs_in(sqlite_app, day):
    with sqlite_app.app_context():
        own = devices.pair(day.judges["li"], day.skill, name="own")
        devices.revoke(own.device_id, actor_id=day.judges["chief"])
    answer = Hall(sqlite_app, own.token).ask("marks", post(day, "li", "own-00001"))
    assert answer.status_code == 401


def test_the_desk_pairs_lists_and_unpairs(sqlite_app, hall, day):
    desk = sign_in(sqlite_app, "chief")
    hall.unlock(day.judges["li"], PIN["li"])
    page = desk.get("/desk/T17/tablets").text
    assert 'class="tablets-number figure">1<' in page
    given = desk.post("/desk/T17/tablets/code", follow_redirects=True)
    assert given.status_code == 200 and "<svg" in given.text
    code = given.text.split('id="pairing-code">')[1][:9]
    answer = sqlite_app.test_client().post("/tablet/api/hall/pair", json={"code": code})
    assert answer.json["number"] == 2 and answer.json["skill"]["code"] == "T17"
    wrong = sqlite_app.test_client().post("/tablet/api/hall/pair", json=["x"])
    assert wrong.status_code == 409
    with sqlite_app.app_context():
        second = tablets.of_skill(db.session(), day.skill)[1].id
    assert desk.post(f"/desk/T17/tablets/{second}/unpair").status_code == 303
    assert desk.post("/desk/T17/tablets/99999/unpair").status_code == 404
    assert "1 号平板</strong> 李裁判" in desk.get("/desk/T17").text
    labels = desk.get("/desk/T17/labels").text
    assert labels.count('viewBox="0 0 25 25"') == 4, "whole QR codes: cameras do not read Micro QR"
    assert "K-073" in labels and "欧阳" not in labels and labels.count("labels-qr") == 4


def test_three_pages_say_the_same_last_contact_of_a_locked_tablet(sqlite_app, hall, day):
    """Its judge marked long ago; since then it stands locked and says that it lives."""
    desk = sign_in(sqlite_app, "chief")
    with sqlite_app.app_context():
        (fresh,) = contact.of_skill(db.session(), day.skill)
        assert (fresh.number, fresh.judges) == (1, ()), "in use before anybody marked on it"
    assert "还没有裁判在上面评分" in desk.get("/desk/T17").text
    token = hall.unlock(day.judges["li"], PIN["li"]).json["token"]
    hall.ask("marks", post(day, "li", "hall-0001") | {"waiting": 2}, token)
    with sqlite_app.app_context(), writing() as session:
        session.execute(update(Device).values(seen_at=now() - timedelta(minutes=9)))
        session.execute(update(HallTablet).values(seen_at=now() - timedelta(minutes=1)))
    hall.ask("hall/here", {"waiting": 0})
    with sqlite_app.app_context():
        (tablet,) = contact.of_skill(db.session(), day.skill)
        row = db.session.scalars(select(HallTablet)).one()
        assert (tablet.seen_at, tablet.waiting) == (row.seen_at, 0)
        assert [(held.judge, held.waiting) for held in tablet.judges] == [("李裁判", 2)]
        (tile,) = command.tiles(db.session(), now(), lambda _skill: True)
        assert (tile.contact, tile.silent, len(tile.tablets)) == (row.seen_at, None, 1)
        for minutes in (1, 9):  # now a judge's mark is what was heard last
            with writing() as session:
                session.execute(update(HallTablet).values(seen_at=now() - timedelta(minutes=9)))
                at = now() - timedelta(minutes=minutes)
                session.execute(update(Device).values(seen_at=at, waiting=minutes))
            (tablet,) = contact.of_skill(db.session(), day.skill)
            assert (tablet.silent_minutes(now()), tablet.waiting) == (minutes, minutes)
        (tile,) = command.tiles(db.session(), now(), lambda _skill: True)
        assert tile.silent is not None and tile.silent[1] == 9
    for path in ("/desk/T17", "/desk/T17/tablets"):
        assert "（9 分钟前）" in desk.get(path).text, path


def test_a_code_stays_on_the_page_of_who_made_it_until_it_is_used_or_too_old(sqlite_app, day):
    """The page asks for itself again every few seconds, and may be asked for in English."""
    desk, path = sign_in(sqlite_app, "chief"), "/desk/T17/tablets"

    def shown(client=desk) -> list[str]:
        return re.findall(r'id="pairing-code">([^<]+)<', client.get(path).text)

    assert shown() == []
    made = desk.post(f"{path}/code")
    assert (made.status_code, made.location) == (303, path)
    (code,) = shown()
    desk.get("/language/en")
    assert shown() == [code]
    with sqlite_app.app_context(), writing() as session:
        like = session.get_one(Account, day.judges["chief"])
        session.add(
            Account(
                username="office", label="office", password=like.password, fs_uniquifier="office",
                grants=[Grant(role=Role.ORGANISER)],
            )
        )  # fmt: skip
    assert shown(sign_in(sqlite_app, "office")) == []
    sqlite_app.test_client().post("/tablet/api/hall/pair", json={"code": code})
    assert shown() == [] and 'class="tablets-number figure">1<' in desk.get(path).text
    desk.post(f"{path}/code")
    assert len(shown()) == 1
    with sqlite_app.app_context(), writing() as session:
        session.execute(update(PairingCode).values(until=now() - timedelta(seconds=1)))
    assert shown() == []


def test_the_page_and_its_manifest_ask_for_no_sign_in(sqlite_app, day):
    client = sqlite_app.test_client()
    assert client.get("/tablet/hall/").status_code == 200
    told = client.get("/tablet/hall/app.webmanifest")
    assert told.json["start_url"] == "/tablet/hall/" and told.mimetype.endswith("manifest+json")
    for icon in told.json["icons"]:
        assert client.get(icon["src"]).data.startswith(b"\x89PNG")


def test_cards_name_photos_that_only_a_tablet_of_that_panel_is_given(sqlite_app, day, hall):
    with sqlite_app.app_context():
        photos = {judge: photo_of(day, judge) for judge in ("li", "chief", "stranger")}
        other = seed("B17")
        given = tablets.give_code(other.skill, actor_id=other.judges["chief"])
        elsewhere = Hall(sqlite_app, tablets.pair(given.code, name="T").token)
    cards = {one["id"]: one["photo"] for one in hall.ask("hall/here", {}).json["judges"]}
    assert cards[day.judges["li"]] == photos["li"]
    assert cards[day.judges["wang"]] is None
    for who, name, status in (
        (hall, photos["li"], 200),
        (hall, photos["chief"], 200),  # whose card stands where sheets are signed
        (hall, photos["stranger"], 404),  # is not on the panel
        (elsewhere, photos["li"], 404),
        (Hall(sqlite_app, "no-such-token"), photos["li"], 401),
        (hall, "..%2f..%2fpodium.db", 404),
    ):
        headers = {"Authorization": f"Bearer {who.token}"}
        answer = who.client.get(f"/tablet/api/hall/photos/{name}", headers=headers)
        assert (answer.status_code, name) == (status, name)
        if status == 200:
            assert (answer.mimetype, answer.data[:2]) == ("image/jpeg", b"\xff\xd8")
    people = hall.client.get(
        f"/tablet/api/hall/sign-off?sub={day.subs['A1']}",
        headers={"Authorization": f"Bearer {hall.token}"},
    ).json["people"]
    assert {one["photo"] for one in people} == {photos["li"], photos["chief"], None}


def photo_of(day: Seeded, judge: str) -> str:
    """Gives a judge of the day a photo; gives its name."""
    return put(day, registered(day, judge), papers_made.jpeg(6))
