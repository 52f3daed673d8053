"""Cards for sharing: a picture says what the public page says, and is made once for all who ask."""

import struct
import threading
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from competition.database import db
from competition.models import Release, Skill
from competition.rules.refusal import Refusal
from judging import cards, printing, results
from judging.cards import Cards
from judging.views.card_told import as_it_stands, of_kind, of_skill
from tests.judging.official import mark_everything, unblind
from tests.judging.seed import PEOPLE, Seeded, let_out
from tests.judging.test_official import FOUR

BOARDS = ("now", "medals", "delegations", "timetable")
HERE = Path(__file__)


@pytest.fixture
def shown(sqlite_app: Flask, day: Seeded) -> Seeded:
    with sqlite_app.app_context():
        unblind(day)
        let_out(day.skill, "confirmed", actor_id=day.judges["chief"])
        mark_everything(day, *FOUR)
    return day


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What pictures are made of, instead of making them."""
    told: list[str] = []

    def png(_template: Path, what: object, _data: Path) -> bytes:
        told.append(str(what))
        return b"a picture %d" % len(told)

    monkeypatch.setattr(printing, "png", png)
    monkeypatch.setattr("judging.views.cards._cards", Cards())
    return told


def test_every_board_has_a_picture_of_the_size_that_is_asked(
    sqlite_app: Flask, shown: Seeded
) -> None:
    client = sqlite_app.test_client()
    for path in ("skills/T17", *(f"boards/{kind}" for kind in BOARDS)):
        for size, sides in cards.SIZES.items():
            answer = client.get(f"/cards/{path}/{size}.png")
            assert answer.status_code == 200 and answer.mimetype == "image/png"
            assert struct.unpack(">II", answer.data[16:24]) == sides
            assert answer.headers["Cache-Control"] == "public, max-age=5"
            assert "Set-Cookie" not in answer.headers
    tag = {"If-None-Match": client.get("/cards/skills/T17/link.png").headers["ETag"]}
    assert client.get("/cards/skills/T17/link.png", headers=tag).status_code == 304
    for wrong in ("skills/NONE/link", "skills/T17/huge", "boards/sponsors/link"):
        assert client.get(f"/cards/{wrong}.png").status_code == 404


def test_what_it_says_depends_on_its_address_alone(
    sqlite_app: Flask, shown: Seeded, chief: FlaskClient
) -> None:
    stranger = sqlite_app.test_client()
    chief.post("/language/en")
    for address in ("/cards/skills/T17/link.png", "/cards/skills/T17/link.png?lang=en&v=99"):
        assert chief.get(address).data == stranger.get(address).data
    assert (
        stranger.get("/cards/boards/now/link.png?lang=en").data
        != stranger.get("/cards/boards/now/link.png").data
    )


@pytest.mark.parametrize("policy", [Release.HIDDEN, Release.FROZEN])
def test_a_picture_says_what_the_page_says(
    sqlite_app: Flask, shown: Seeded, made: list[str], policy: str
) -> None:
    client = sqlite_app.test_client()
    client.get("/cards/skills/T17/poster.png")
    assert PEOPLE[0][0] in made[-1] and "暂定" in made[-1]
    with sqlite_app.app_context():
        let_out(shown.skill, policy, actor_id=shown.judges["chief"])
    asked = ("/cards/skills/T17/poster.png", "/cards/boards/now/link.png")
    before = [client.get(one).data for one in asked]
    count = len(made)
    if policy == Release.HIDDEN:  # at once, whatever is kept
        assert not any(person[0] in made[-2] for person in PEOPLE)
        assert "'lines': []" in made[-2] and "成绩暂不公布" in made[-2]
    else:
        assert "封榜" in made[-2] and PEOPLE[0][0] in made[-2]
    with sqlite_app.app_context():
        mark_everything(shown, {"A1.01": 0}, {"A1.02": 0}, {}, {})
    assert [client.get(one).data for one in asked] == before and len(made) == count


def test_a_blind_skill_is_shared_by_alias(sqlite_app: Flask, day: Seeded, made: list[str]) -> None:
    with sqlite_app.app_context():
        let_out(day.skill, "confirmed", actor_id=day.judges["chief"])
        mark_everything(day, *FOUR)
    sqlite_app.test_client().get("/cards/skills/T17/poster.png")
    assert "选手 P41" in made[-1]
    for name, school, zh, en, *_more in PEOPLE:
        assert not any(one in made[-1] for one in (name, school, zh, en))


def test_pages_point_at_their_card(sqlite_app: Flask, shown: Seeded) -> None:
    sqlite_app.config["PODIUM_PUBLIC_URL"] = "https://podium.example"
    client = sqlite_app.test_client()
    page = client.get("/skills/T17").text
    with sqlite_app.app_context():
        number = results.snapshot(db.session.get_one(Skill, shown.skill)).sequence
    address = f"https://podium.example/cards/skills/T17/link.png?lang=zh&amp;v={number}"
    assert f'<meta property="og:image" content="{address}">' in page
    assert '<meta property="og:url" content="https://podium.example/skills/T17">' in page
    assert "/cards/skills/T17/poster.png" in page and 'data-copy="share-link"' in page
    for kind in BOARDS:
        text = client.get(f"/boards/{kind}").text
        assert f"/cards/boards/{kind}/link.png" in text and 'id="share"' in text
        assert "og:image" not in client.get(f"/embed/boards/{kind}").text
    assert "og:image" not in client.get("/embed/T17").text


def test_many_who_ask_at_once_make_one(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Event(), threading.Event()
    made: list[str] = []

    def slowly(_template: Path, told: dict, _data: Path) -> bytes:
        made.append(told["said"])
        begun.set()
        assert go_on.wait(10)
        return b"picture"

    monkeypatch.setattr(printing, "png", slowly)
    kept, found, refused = Cards(), [], []

    def ask() -> None:
        try:
            found.append(kept.of("T17 link", ["T17"], {"said": "1"}, HERE, HERE).png)
        except Refusal as refusal:
            refused.append(refusal.status)

    threads = [threading.Thread(target=ask) for _ in range(20)]
    threads[0].start()
    assert begun.wait(10)
    for thread in threads[1:]:
        thread.start()
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert made == ["1"] and len(found) + len(refused) == 20 and set(refused) <= {503}
    assert set(found) == {b"picture"}


def test_a_board_that_flies_is_drawn_every_few_seconds(
    monkeypatch: pytest.MonkeyPatch, made: list[str]
) -> None:
    kept, at = Cards(), [100.0]
    monkeypatch.setattr(cards.time, "monotonic", lambda: at[0])

    def ask(said: str, stands: str = "running") -> bytes:
        return kept.of("T17 link", [stands], {"said": said}, HERE, HERE).png

    first = ask("1")
    assert ask("2") == first and ask("1") == first and len(made) == 1
    at[0] += cards.LASTS
    assert ask("3") != first and len(made) == 2
    assert ask("3", "hidden") is not None and len(made) == 2, "the very same content"
    ask("4", "hidden")
    assert len(made) == 3, "it says something else of its state: at once"


def test_only_totals_and_places_may_lag(sqlite_app: Flask, shown: Seeded) -> None:
    with sqlite_app.test_request_context():
        body = results.snapshot(db.session.get_one(Skill, shown.skill)).body
        moved = {**body, "standings": list(reversed(body["standings"])), "sequence": 99}
        assert as_it_stands(moved) == as_it_stands(body)
        for other in ({"state": "frozen"}, {"release": "final"}, {"top": 1}, {"standings": []}):
            assert as_it_stands({**body, **other}) != as_it_stands(body)
        assert of_skill(body)["lines"][0]["main"] == PEOPLE[0][0]
        empty = {"kind": "timetable", "sequence": 1, "periods": []}
        assert of_kind(empty)["lines"] == [] and as_it_stands(empty) != as_it_stands(
            {**empty, "sequence": 2}
        )
