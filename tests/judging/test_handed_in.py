"""A tablet's file of unsent marks: every mark as an ordinary post, once; and what is refused."""

import base64
import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from competition import people
from competition.database import db
from competition.models import LedgerRow
from judging import devices, handed_in, ledger_proof, marking, outbox_seal, pairing
from judging.models import Confirmation, Device, Observation, Remark
from judging.views import errands, tablet_posts
from tests.judging.desks import read, signed_in
from tests.judging.seed import Seeded, pair, seed
from tests.papers_made import jpeg


def plain(day: Seeded, *posts: marking.Post) -> list[dict[str, Any]]:
    """Posts as the tablet keeps them."""
    return [{k: v for k, v in post.as_dict().items() if v is not None} for post in posts]


def made(day: Seeded, posts: list[Any], judge: str = "li", skill: str = "T17") -> bytes:
    """The file that the tablet of `judge` would save."""
    device = db.session.get_one(Device, day.devices[judge])
    box = {"skill": skill, "judge": day.judges[judge]}
    sealed = outbox_seal.seal(device.token_hash, json.dumps(posts))
    return json.dumps({"format": "podium-outbox/1", "boxes": [{**box, **sealed}]}).encode()


def hand_in(chief: FlaskClient, data: bytes) -> tuple[int, str]:
    answer = chief.post(
        "/desk/T17/outbox", data={"file": (io.BytesIO(data), "podium-T17-unsent.json")}
    )
    return answer.status_code, answer.get_data(as_text=True)


def outcomes(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('data-outcome="')[1:]]


@pytest.fixture
def paired(sqlite_app: Flask, day: Seeded) -> Seeded:
    with sqlite_app.app_context():
        pair(day)
        pair(day, "wang")
        db.session.remove()
    return day


def test_a_tablet_seals_as_we_open() -> None:
    """The same figures stand in frontend/tablet/outbox_file.test.ts."""
    sealed = (
        "9RFT9zhnGyK8DKNicPh+dZg0x0o2/Qvbq0UJRoN00FKmrmaBwXPm+oat0W4TFTzH+QJc8MW4cQ==",
        "b80567dff97ac840c39ad8152b81294e72b633e814d63faffb93add1bf875752",
    )
    told = outbox_seal.unseal(pairing.hashed("secret"), "00ff", *sealed)
    assert told == "评分 [1, 2, 3] and enough text to need a second block"
    for wrong in (("00fe", *sealed), ("00ff", sealed[0][4:], sealed[1]), ("00ff", "%", "é")):
        with pytest.raises(outbox_seal.NotSealedSo):
            outbox_seal.unseal(pairing.hashed("secret"), *wrong)
    assert outbox_seal.unseal("k", **outbox_seal.seal("k", "")) == ""


def test_notes_and_photos_go_with_the_marks_and_are_kept_once(
    sqlite_app: Flask, paired: Seeded, chief: FlaskClient
) -> None:
    day, judge = paired, paired.judges["li"]

    def note(key: str, **more: Any) -> dict[str, Any]:
        body = {"key": f"note-key-{key}", "code": "K-118", "judge": judge, "words": "",
                "aspect": day.aspects["A1.01"], "device_at": "2026-11-23T08:00:00Z"}  # fmt: skip
        return {"remark": {**body, **more}}

    picture = base64.b64encode(jpeg()).decode()
    items: list[Any] = [
        *plain(day, day.post("K-118", "A1.01", 150)),
        note("words", words="左边够不到"),
        {**note("photo"), "photo": picture},
        note("nowhere", code="K-999", words="没有这个编号"),
        note("empty"),
        {**note("torn"), "photo": "%%%"},
        {**note("no-picture"), "photo": base64.b64encode(b"hello").decode()},
        {"remark": ["no note"]},
    ]
    with sqlite_app.app_context():
        data = made(day, items)
    refused = ["unread"] * 4
    status, text = hand_in(chief, data)
    assert status == 200
    assert outcomes(text) == ["applied", "applied", "applied", "set_aside", *refused]
    assert "左边够不到" not in text and "备注" in text
    assert outcomes(hand_in(chief, data)[1]) == ["known"] * 4 + refused
    rows = read(sqlite_app, select(Remark).order_by(Remark.id))
    assert [(row.words, row.state, row.judge_id) for row in rows] == [
        ("左边够不到", "taken", judge),
        ("", "taken", judge),
        ("没有这个编号", "set_aside", judge),
    ]
    assert rows[1].photo and rows[1].media_type == "image/jpeg"
    noted = read(sqlite_app, select(LedgerRow.body).where(LedgerRow.act == "remark.add"))
    assert {body["brought_by"] for body in noted} == {day.judges["chief"]}


def test_a_file_with_photos_may_be_larger_than_a_form(
    sqlite_app: Flask, paired: Seeded, chief: FlaskClient
) -> None:
    sqlite_app.config["WTF_CSRF_ENABLED"] = True
    token = re.search(r'name="csrf_token" value="([^"]+)"', chief.get("/desk/T17/outbox").text)
    assert token is not None
    large = json.dumps({"format": "podium-outbox/1", "boxes": [], "x": "y" * 6_000_000}).encode()
    answer = chief.post(
        "/desk/T17/outbox", data={"csrf_token": token[1], "file": (io.BytesIO(large), "f.json")}
    )
    assert answer.status_code == 422
    assert "没有 T17 的评分" in answer.text


def test_marks_are_taken_once_and_what_is_refused_is_set_aside(
    sqlite_app: Flask, paired: Seeded, chief: FlaskClient
) -> None:
    day = paired
    posts = [
        day.post("K-118", "A1.01", 150),
        day.post("K-118", "A1.02", 0),
        day.post("K-118", "B1.01", 3),
        day.post("K-999", "A1.01", 150),  # no such work
        day.post("K-118", "A1.03", 9999),  # more than there is
        day.post("K-118", "A1.03", 50),
    ]
    with sqlite_app.app_context():
        device = db.session.get_one(Device, day.devices["li"])
        data = made(day, [*plain(day, *posts), {"key": "x"}, "nonsense"])
        day.give(posts[1])  # the tablet was heard in between
        seen, waiting = device.seen_at, device.waiting
        db.session.remove()
    status, page = hand_in(chief, data)
    assert status == 200
    wanted = ["applied", "known", "applied", "set_aside", "set_aside", "applied"]
    assert outcomes(page) == [*wanted, "unread", "unread"]
    assert "李裁判" in page and "密封" in page  # the vote is not shown
    status, again = hand_in(chief, data)
    assert outcomes(again) == ["known"] * 6 + ["unread"] * 2
    with sqlite_app.app_context():
        rows = list(db.session.scalars(select(Observation).order_by(Observation.id)))
        assert [row.key for row in rows] == [posts[1].key] + [
            post.key for post in posts if post is not posts[1]
        ]
        assert {row.judge_id for row in rows} == {day.judges["li"]}
        assert [row.state for row in rows].count("set_aside") == 2
        acts = db.session.scalars(select(LedgerRow).where(LedgerRow.act == "marks.record"))
        brought = [row for row in acts if "brought_by" in row.body]
        assert [row.body["brought_by"] for row in brought] == [day.judges["chief"]]
        assert brought[0].actor_id == day.judges["li"]
        device = db.session.get_one(Device, day.devices["li"])
        assert (device.seen_at, device.waiting) == (seen, waiting)  # the tablet itself was silent
        assert ledger_proof.verify(db.session()).faults == []
        db.session.remove()


def test_a_confirmation_in_a_file(sqlite_app: Flask, paired: Seeded, chief: FlaskClient) -> None:
    day = paired
    with sqlite_app.app_context():
        last = max(answer.id or 0 for answer in day.mark_all("K-118"))
        sheet = max(
            row.id
            for row in db.session.scalars(select(Observation))
            if row.aspect_id in [n for name, n in day.aspects.items() if name.startswith("A1")]
        )
        assert sheet <= last
        data = made(day, plain(day, day.confirm("K-118", "A1", sheet)), "wang")
        db.session.remove()
    status, page = hand_in(chief, data)
    assert (status, outcomes(page)) == (200, ["applied"])
    assert outcomes(hand_in(chief, data)[1]) == ["known"]
    with sqlite_app.app_context():
        assert len(list(db.session.scalars(select(Confirmation)))) == 1
        db.session.remove()


def test_a_large_file_goes_in_several_commits(
    sqlite_app: Flask, paired: Seeded, chief: FlaskClient
) -> None:
    day = paired
    with sqlite_app.app_context():
        posts = [day.post("K-118", "A1.01", 150 if i % 2 else 0) for i in range(450)]
        data = made(day, plain(day, *posts))
        db.session.remove()
    _, page = hand_in(chief, data)
    assert outcomes(page) == ["applied"] * 450
    with sqlite_app.app_context():
        acts = db.session.scalars(select(LedgerRow).where(LedgerRow.act == "marks.record"))
        assert [len(row.body["marks"]) for row in acts] == [200, 200, 50]
        db.session.remove()


Spoil = Callable[[Seeded], bytes]


def spoilt(**values: Any) -> Spoil:
    def spoil(day: Seeded) -> bytes:
        file = json.loads(made(day, plain(day, day.post("K-118", "A1.01", 150))))
        file["boxes"][0].update(values)
        return json.dumps(file).encode()

    return spoil


def another_skill(day: Seeded) -> bytes:
    return made(day, plain(day, day.post("K-118", "A1.01", 150)), skill="N99")


def revoked(day: Seeded) -> bytes:
    data = made(day, plain(day, day.post("K-118", "A1.01", 150)))
    devices.revoke(day.devices["li"], actor_id=day.judges["chief"])
    return data


def closed(day: Seeded) -> bytes:
    data = made(day, plain(day, day.post("K-118", "A1.01", 150)))
    people.set_active(day.judges["li"], False, reason="表", actor_id=day.judges["chief"])
    return data


REFUSED: dict[str, tuple[Spoil, str]] = {
    "empty": (lambda _: b"", "这不是平板保存的待传评分文件"),
    "a picture": (lambda _: b"\x89PNG\r\n", "这不是平板保存的待传评分文件"),
    "a list": (lambda _: b"[]", "这不是平板保存的待传评分文件"),
    "deep": (lambda _: b"[" * 90_000, "这不是平板保存的待传评分文件"),
    "no boxes": (lambda _: b'{"format":"podium-outbox/1","boxes":[]}', "没有 T17 的评分"),
    "odd boxes": (lambda _: b'{"format":"podium-outbox/1","boxes":[1]}', "这不是平板保存的"),
    "another skill": (another_skill, "只有 N99"),
    "changed": (spoilt(sealed="AAAA"), "文件在保存后被改动"),
    "no seal": (spoilt(mac=None, sealed=None, nonce=7), "文件在保存后被改动"),
    "another judge": (spoilt(judge=2), "文件在保存后被改动"),
    "a judge too large": (spoilt(judge=2**70), "文件在保存后被改动"),
    "a judge's name": (spoilt(judge="li"), "文件在保存后被改动"),
    "a tablet taken out of use": (revoked, "已停用"),
    "a judge's account closed": (closed, "已停用"),
    "not a list": (lambda day: made(day, {"posts": 1}), "文件在保存后被改动"),  # type: ignore[arg-type]
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_says_why_and_keeps_nothing(
    sqlite_app: Flask, paired: Seeded, chief: FlaskClient, name: str
) -> None:
    spoil, said = REFUSED[name]
    with sqlite_app.app_context():
        data = spoil(paired)
        db.session.remove()
    status, page = hand_in(chief, data)
    assert status == 422
    assert said in page
    assert "什么都没有保存" in page
    with sqlite_app.app_context():
        assert db.session.scalars(select(Observation)).first() is None
        db.session.remove()


def test_the_page_says_what_to_do_and_is_the_chief_judges(
    sqlite_app: Flask, paired: Seeded, chief: FlaskClient
) -> None:
    page = chief.get("/desk/T17/outbox").get_data(as_text=True)
    assert "podium-T17-unsent" in page
    assert "/desk/T17/outbox" in chief.get("/desk/T17").get_data(as_text=True)
    assert chief.post("/desk/T17/outbox").status_code == 422
    for other in ("li", "stranger"):
        browser = signed_in(sqlite_app, other)
        assert browser.get("/desk/T17/outbox").status_code == 403
        assert browser.post("/desk/T17/outbox").status_code == 403


def test_on_both_kinds_of_database(context: Flask) -> None:
    day = seed()
    pair(day)
    posts = [day.post("K-118", "A1.01", 150), day.post("K-118", "A1.03", 9999)]
    data = made(day, plain(day, *posts))
    for wanted in ({"applied": 1, "set_aside": 1}, {"known": 2}):
        done = handed_in.hand_in(
            day.skill,
            data,
            lambda items: tablet_posts.read({"posts": items})[1],
            errands.note,
            actor_id=day.judges["chief"],
        )
        assert done.counts == wanted
    assert ledger_proof.verify(db.session()).faults == []
