"""The straight way in for marks answers as the long way does, and lets nobody else in."""

import json
import threading
from unittest.mock import patch

import pytest

from competition.database import db, writing
from competition.models import Account
from judging import devices, marking
from judging.models import Observation
from judging.views.door import Door
from tests.judging.seed import Seeded, seed
from tests.judging.test_tablet import Tablet


@pytest.fixture
def li(sqlite_app) -> Tablet:
    with sqlite_app.app_context():
        day: Seeded = seed()
    return Tablet(sqlite_app, day, "li")


@pytest.fixture
def behind(sqlite_app):
    """What went the long way."""
    door = sqlite_app.wsgi_app
    assert isinstance(door, Door)
    paths: list[str] = []
    inner = door.behind

    def noted(environ, start_response):
        paths.append(environ["PATH_INFO"])
        return inner(environ, start_response)

    with patch.object(door, "behind", noted):
        yield paths


def observations(app) -> int:
    with app.app_context():
        return db.session.query(Observation).count()


def test_a_readable_batch_comes_straight_in_and_is_answered_alike(sqlite_app, li, behind):
    posts = [li.item("A1.01", 150), li.item("A2.01", 0)]
    straight = li.send(*posts)
    assert (straight.status_code, behind) == (200, [])
    assert [answer["state"] for answer in straight.json["answers"]] == ["taken", "taken"]
    assert straight.headers["X-Content-Type-Options"] == "nosniff"
    bad = {"key": "no such fields"}
    long = li.send(*posts, bad)
    assert behind == ["/tablet/api/marks"]
    assert long.json["answers"][:2] == straight.json["answers"]
    assert long.json["answers"][2]["state"] == "refused"
    assert observations(sqlite_app) == 2


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer no-such-token"}])
def test_a_stranger_is_sent_the_long_way_and_refused(sqlite_app, li, behind, headers):
    body = {"waiting": 0, "posts": [li.item("A1.01", 150)]}
    answer = sqlite_app.test_client().post("/tablet/api/marks", json=body, headers=headers)
    assert (answer.status_code, len(behind)) == (401, 1)
    assert observations(sqlite_app) == 0


def test_what_is_not_json_is_said_by_the_view(li, behind):
    answer = li.open("POST", "/tablet/api/marks", data="[", content_type="application/json")
    assert (answer.status_code, len(behind)) == (400, 1)
    assert "error" in json.loads(answer.data)


@pytest.mark.parametrize("how", ["revoked", "closed"])
def test_a_tablet_that_was_known_is_refused_at_once(sqlite_app, li, behind, how):
    assert li.mark("A1.01", 150)["state"] == "taken"
    with sqlite_app.app_context():
        if how == "revoked":
            devices.revoke(li.day.devices["li"], actor_id=li.day.judges["chief"])
        else:
            with writing() as session:
                session.get_one(Account, li.day.judges["li"]).active = False
    refused = li.send(li.item("A1.02", 100))
    assert (refused.status_code, len(behind)) == (401, 1)
    assert observations(sqlite_app) == 1


def send_together(door: Door, *sent: tuple[Tablet, dict[str, object]]) -> list[int]:
    """Posts of tablets that come while another's is being recorded; gives their answers' states."""
    codes: dict[int, int] = {}
    begun, go_on = threading.Event(), threading.Event()
    record = marking.record

    def slowly(parcels):
        if not begun.is_set():
            begun.set()
            assert go_on.wait(30)
        return record(parcels)

    def post(number: int) -> None:
        tablet, item = sent[number]
        codes[number] = tablet.send(item).status_code

    with patch.object(marking, "record", slowly):
        threads = [threading.Thread(target=post, args=[number]) for number in range(len(sent))]
        threads[0].start()
        assert begun.wait(30)
        for waiting, thread in enumerate(threads[1:], start=1):
            thread.start()
            while len(door.record._waiting) < waiting:
                thread.join(0.001)
        go_on.set()
        for thread in threads:
            thread.join(30)
    return [codes[number] for number in range(len(sent))]


def test_tablets_that_come_together_are_recorded_together(sqlite_app, li, behind):
    door, wang = sqlite_app.wsgi_app, Tablet(sqlite_app, li.day, "wang")
    posts = [(li, li.item("A1.01", 150)), (li, li.item("A1.02", 100))]
    with patch.object(marking, "writing", wraps=marking.writing) as verbs:
        codes = send_together(door, *posts, (wang, wang.item("A2.01", 0)))
    assert (codes, behind) == ([200, 200, 200], [])
    assert verbs.call_count == 2  # the first, and those who came meanwhile
    assert observations(sqlite_app) == 3


def test_who_comes_with_a_refused_tablet_loses_nothing(sqlite_app, li, behind):
    door, wang = sqlite_app.wsgi_app, Tablet(sqlite_app, li.day, "wang")
    assert wang.mark("A2.02", 0)["state"] == "taken"  # the door knows it
    with sqlite_app.app_context():
        devices.revoke(li.day.devices["wang"], actor_id=li.day.judges["chief"])
    posts = [(li, li.item("A1.01", 150)), (li, li.item("A1.02", 100))]
    codes = send_together(door, *posts, (wang, wang.item("A2.01", 0)))
    assert codes == [200, 200, 401]
    assert behind == ["/tablet/api/marks"] * 2
    assert observations(sqlite_app) == 3
