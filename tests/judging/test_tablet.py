"""The tablet's API as a tablet uses it: pairing, tokens, packs, sheets, batches, sealed votes."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from competition.database import db, writing
from competition.models import Account, Grant
from competition.moment import now
from judging import devices, marking
from judging.models import Device, Observation
from tests.entering import entered
from tests.judging.seed import FULL, PNG, Seeded, judge_by_machine, pair, seed

CODE = "K-073"


class Tablet:
    """A paired browser of one judge: only its token speaks for it, never a cookie."""

    def __init__(self, app, day: Seeded, judge: str) -> None:
        self.app, self.day, self.judge = app, day, judge
        with app.app_context():
            self.token = pair(day, judge)
        self.numbers = iter(range(10_000))

    def open(self, method: str, path: str, **more):
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return self.app.test_client().open(path, method=method, headers=headers, **more)

    def get(self, path: str, **headers: str):
        return self.open("GET", f"/tablet/api/{path}", headers=headers)

    def work(self, code: str = CODE):
        return self.get(f"sheets/{code}").json

    def cell(self, aspect: str, code: str = CODE):
        return self.work(code)["cells"][str(self.day.aspects[aspect])]

    def item(self, aspect: str, value, **more):
        return {
            "key": f"{self.judge}-{next(self.numbers):08}", "code": CODE,
            "judge": self.day.judges[self.judge], "aspect": self.day.aspects[aspect],
            "value": value, "device_at": "2026-11-23T08:00:00.000Z", **more,
        }  # fmt: skip

    def send(self, *items, waiting: int = 0):
        return self.open(
            "POST", "/tablet/api/marks", json={"waiting": waiting, "posts": list(items)}
        )

    def mark(self, aspect: str, value, **more):
        return self.send(self.item(aspect, value, **more)).json["answers"][0]


@pytest.fixture
def day(sqlite_app) -> Seeded:
    with sqlite_app.app_context():
        return seed()


@pytest.fixture
def tablets(sqlite_app, day) -> dict[str, Tablet]:
    return {judge: Tablet(sqlite_app, day, judge) for judge in ("li", "wang", "zhao")}


@pytest.fixture
def li(tablets) -> Tablet:
    return tablets["li"]


def sign_in(app, username: str):
    app.config["WTF_CSRF_ENABLED"] = False
    return entered(app, username)


def test_only_the_hash_of_a_token_is_kept(sqlite_app, li):
    with sqlite_app.app_context():
        device = db.session.scalars(select(Device)).first()
        assert li.token not in device.token_hash
        assert len(device.token_hash) == 64
        assert devices.authenticate(device.token_hash) is None


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic eDp5", "Bearer \u00e4"])
def test_without_a_token_nothing_is_told_and_the_sentence_says_what_to_do(sqlite_app, day, header):
    client = sqlite_app.test_client()
    for method, path in (("GET", "pack"), ("GET", f"sheets/{CODE}"), ("POST", "marks")):
        answer = client.open(
            f"/tablet/api/{path}", method=method, headers={"Authorization": header}
        )
        assert answer.status_code == 401
        assert "sign in again" in answer.json["error"]["en"]


def test_a_session_is_no_token(sqlite_app, day):
    assert sign_in(sqlite_app, "li").get("/tablet/api/pack").status_code == 401


def test_a_revoked_tablet_and_a_closed_account_are_out(sqlite_app, day, li):
    assert li.get("pack").status_code == 200
    with sqlite_app.app_context():
        devices.revoke(day.devices["li"], actor_id=day.judges["chief"])
        devices.revoke(day.devices["li"], actor_id=day.judges["chief"])
    assert li.get("pack").status_code == 401
    wang = Tablet(sqlite_app, day, "wang")
    with sqlite_app.app_context(), writing() as session:
        session.get(Account, day.judges["wang"]).active = False
    assert wang.send(wang.item("A1.01", 150)).status_code == 401


def test_who_left_the_panel_reads_nothing_but_their_marks_are_kept(sqlite_app, day, li):
    with sqlite_app.app_context(), writing() as session:
        session.query(Grant).filter_by(account_id=day.judges["li"]).delete()
    assert li.get("pack").status_code == 403
    assert li.get(f"sheets/{CODE}").status_code == 403
    assert li.mark("A1.01", 150)["state"] == "set_aside"


def test_pairing_needs_a_judge_of_the_panel(sqlite_app, day):
    answer = sign_in(sqlite_app, "li").post("/tablet/pair", json={"skill": "T17"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    token = answer.json["token"]
    pack = sqlite_app.test_client().get(
        "/tablet/api/pack", headers={"Authorization": f"Bearer {token}"}
    )
    assert pack.json["judge"] == {"id": day.judges["li"], "label": "李裁判"}
    for username in ("stranger", "chief"):
        refused = sign_in(sqlite_app, username).post("/tablet/pair", json={"skill": "T17"})
        assert refused.status_code == 403
    assert sqlite_app.test_client().post("/tablet/pair", json={"skill": "T17"}).status_code == 401


def test_pairing_needs_the_token_of_the_page(sqlite_app, day):
    client = sign_in(sqlite_app, "li")
    sqlite_app.config["WTF_CSRF_ENABLED"] = True
    assert client.post("/tablet/pair", json={"skill": "T17"}).status_code == 400


def test_the_pack_holds_the_scheme_with_its_rungs_the_panel_and_the_codes(day, li):
    pack = li.get("pack").json
    assert pack["codes"] == ["K-073", "K-118", "K-246", "K-391"]
    assert [judge["label"] for judge in pack["panel"]] == ["李裁判", "王裁判", "赵裁判"]
    assert pack["chiefs"] == ["陈裁判长"]
    subs = [sub for criterion in pack["scheme"]["criteria"] for sub in criterion["sub_criteria"]]
    aspects = {aspect["code"]: aspect for sub in subs for aspect in sub["aspects"]}
    assert list(aspects) == [*FULL, "B1.01", "B1.02"]
    assert [len(one["rungs"]) for one in aspects.values()] == [0] * 6 + [4, 4]
    counted = {"kind": "NUMBER_COMPLETED", "of": 5}
    assert (aspects["A1.04"]["calculation"], aspects["A1.04"]["partial"]) == (counted, True)
    assert (aspects["A2.01"]["calculation"], aspects["A2.01"]["partial"]) == (None, False)
    assert (aspects["A1.01"]["calculation"], aspects["A1.01"]["partial"]) == (None, False)
    assert pack["scheme"]["total"] == 1050


@pytest.mark.parametrize("path", ["pack", f"sheets/{CODE}", "progress"])
def test_what_has_not_changed_is_not_sent_again(day, li, path):
    first = li.get(path)
    again = li.get(path, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    if path != "pack":
        li.mark("A1.01", 150)
        assert li.get(path, **{"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_batch_is_answered_item_by_item(sqlite_app, li):
    good, better = li.item("A1.01", 150), li.item("A2.01", 100)
    answer = li.send(
        good,
        "nonsense",
        {"key": "x"},
        {**li.item("A1.02", 100), "value": "1"},
        {**li.item("A1.02", 100), "value": 2**40},
        {**li.item("A1.02", 100), "value": True},
        {**li.item("A1.02", 100), "device_at": "yesterday"},
        {**li.item("A1.02", 100), "key": "evaluation:1:A1.02"},
        li.item("A2.01", 33),
        better,
    ).json["answers"]
    states = [one["state"] for one in answer]
    assert states == ["taken", *["refused"] * 7, "set_aside", "taken"]
    assert answer[0]["key"] == good["key"]
    assert answer[1]["key"] is None
    assert "device_at" in answer[6]["sentence"]["en"]
    with sqlite_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Observation)) == 3


@pytest.mark.parametrize(
    "body", [[], {"posts": "x"}, {"posts": [{}] * 501}, "text"], ids=["list", "text", "many", "no"]
)
def test_what_is_no_batch_is_refused_whole(li, body):
    answer = li.open("POST", "/tablet/api/marks", json=body)
    assert answer.status_code == 400
    assert "nothing was kept" in answer.json["error"]["en"]


def test_broken_json_is_refused_with_a_sentence(li):
    answer = li.open("POST", "/tablet/api/marks", data=b"{", content_type="application/json")
    assert answer.status_code == 400
    assert answer.json["error"]["zh"]


def test_texts_that_would_upset_a_database_are_mended(app):
    """On both databases: PostgreSQL knows no NUL, and neither knows half a surrogate."""
    with app.app_context():
        day = seed()
    tablet = Tablet(app, day, "li")
    answer = tablet.send(
        {**tablet.item("A1.01", 150), "reason": "好\x00\ud83d"},
        {**tablet.item("A1.01", 150), "code": "\x00\ud83d"},
        {**tablet.item("A1.01", 150), "aspect": -5, "base": 2**31 - 1},
    )
    assert [one["state"] for one in answer.json["answers"]] == ["taken", "set_aside", "set_aside"]


def test_the_same_post_twice_is_answered_as_the_first_time(li):
    item = li.item("A1.01", 150)
    assert li.send(item).json == li.send(item).json


def test_a_heartbeat_without_marks_says_how_many_wait(sqlite_app, day, li):
    def device() -> Device:
        db.session.expire_all()
        return db.session.get(Device, day.devices["li"])

    assert li.send(waiting=7).json == {"answers": []}
    with sqlite_app.app_context():
        assert device().waiting == 7
        seen = device().seen_at
        with writing() as session:
            session.get(Device, day.devices["li"]).seen_at = now() - timedelta(minutes=1)
    li.send(waiting=7)
    with sqlite_app.app_context():
        assert device().seen_at >= seen
        assert devices.of_skill(day.skill)[0].id == day.devices["li"]


def test_a_measurement_shows_who_gave_it_and_who_differs(tablets, day):
    tablets["li"].mark("A1.01", 150)
    tablets["wang"].mark("A1.01", 0)
    cell = tablets["zhao"].cell("A1.01")
    assert (cell["head"]["value"], cell["head"]["by"]) == (150, day.judges["li"])
    assert [(one["value"], one["by"]) for one in cell["differing"]] == [(0, day.judges["wang"])]
    assert cell["head"]["at"].endswith("Z")


def test_votes_of_others_never_leave_the_server_before_the_round_is_complete(tablets, day):
    """The same answers, byte for byte, whatever the others voted."""
    seen = []
    for value in (0, 3):
        tablets["wang"].mark("B1.01", value)
        sheet, progress = tablets["li"].work(), tablets["li"].get("progress").json
        seen.append(json.dumps([sheet, progress]))
    assert seen[0] == seen[1]
    cell = tablets["li"].cell("B1.01")
    assert cell["voted"] == [day.judges["wang"]]
    assert (cell["mine"], cell["rounds"], cell["mark"]) == (None, [], None)
    tablets["li"].mark("B1.01", 2)
    assert tablets["li"].cell("B1.01")["mine"] == 2
    tablets["zhao"].mark("B1.01", 2)
    cell = tablets["li"].cell("B1.01")
    assert [vote["value"] for vote in cell["rounds"][0]["votes"]] == [2, 3, 2]
    assert (cell["agreed"], cell["mark"], cell["voted"]) == (True, 156, [])


def test_a_new_vote_is_sealed_again_beside_the_released_first_round(tablets, day):
    for judge, value in (("li", 0), ("wang", 3), ("zhao", 2)):
        tablets[judge].mark("B1.01", value)
    cell = tablets["li"].cell("B1.01")
    assert (cell["needs_new_vote"], cell["round"], len(cell["rounds"])) == (True, 2, 1)
    tablets["wang"].mark("B1.01", 2, round=2, reason="细看之后")
    cell = tablets["li"].cell("B1.01")
    assert (cell["needs_new_vote"], cell["round"], len(cell["rounds"])) == (True, 2, 1)
    assert cell["voted"] == [day.judges["wang"]]
    assert "细看之后" not in json.dumps(tablets["li"].work(), ensure_ascii=False)
    assert tablets["li"].get("progress").json["codes"][CODE]["new_votes"] == 1
    assert tablets["wang"].get("progress").json["codes"][CODE]["new_votes"] == 0


def test_a_sheet_says_who_may_confirm_and_who_did(tablets, day):
    li, wang = tablets["li"], tablets["wang"]
    sub = str(day.subs["A2"])
    assert wang.work()["sheets"][sub]["why"] == "incomplete"
    li.send(li.item("A2.01", 100), li.item("A2.02", 150))
    assert li.work()["sheets"][sub]["why"] == "own"
    sheet = wang.work()["sheets"][sub]
    assert sheet["may_confirm"]
    assert wang.get("progress").json["codes"][CODE]["to_confirm"] == 1
    confirmation = {
        "key": "wang-confirms", "code": CODE, "judge": day.judges["wang"],
        "sub_criterion": day.subs["A2"], "upto": sheet["last"],
    }  # fmt: skip
    assert wang.send(confirmation).json["answers"][0]["state"] == "taken"
    sheet = li.work()["sheets"][sub]
    assert sheet["confirmed"]["by"] == day.judges["wang"]
    assert sheet["confirmed"]["at"].endswith("Z")
    assert str(day.subs["B1"]) not in li.work()["sheets"]


def test_proposals_come_with_their_checks_and_evidence(sqlite_app, day, li):
    with sqlite_app.app_context():
        judge_by_machine(day, CODE)
    cell = li.cell("A2.02")
    assert cell["proposal"]["value"] == 75
    assert [check["outcome"] for check in cell["checks"]] == ["passed", "failed"]
    evidence = cell["checks"][0]["evidence"]
    assert [one["kind"] for one in evidence] == ["screenshot", "console"]
    assert set(evidence[0]) == {"kind", "type", "url"}
    picture = li.work()["contact"]  # of all checks: it belongs to the work
    assert (picture["kind"], picture["url"]) == ("contact", f"/evidence/{day.blobs['picture']}")
    undetermined = li.cell("A1.03")
    assert undetermined["proposal"] is None
    assert undetermined["checks"][0]["outcome"] == "undetermined"
    assert li.get("progress").json["codes"][CODE]["proposals"] == 3


def test_progress_counts_for_me_and_for_the_panel(tablets):
    li, wang = tablets["li"], tablets["wang"]
    li.send(li.item("A1.01", 150), li.item("B1.01", 2))
    mine = li.get("progress").json["codes"][CODE]
    assert (mine["of"], mine["mine"], mine["panel"]) == (8, 2, 1)
    theirs = wang.get("progress").json["codes"][CODE]
    assert (theirs["mine"], theirs["panel"]) == (1, 1)
    assert li.get("progress").json["codes"]["K-118"]["mine"] == 0


def test_an_unknown_code_is_refused_with_a_sentence(li):
    answer = li.get("sheets/K-999")
    assert (answer.status_code, "no work with that code" in answer.json["error"]["en"]) == (
        404,
        True,
    )


def test_evidence_is_for_judges_of_the_skill_only_and_can_do_nothing(sqlite_app, day, li):
    with sqlite_app.app_context():
        judge_by_machine(day, CODE)
    url = f"/evidence/{day.blobs['picture']}"
    answer = li.open("GET", url)
    assert (answer.status_code, answer.data, answer.mimetype) == (200, PNG, "image/png")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "filename" not in answer.headers["Content-Disposition"]
    assert li.open("GET", f"/evidence/{day.blobs['log']}").mimetype == "text/plain"
    for username, status in (("li", 200), ("chief", 200), ("stranger", 404)):
        assert sign_in(sqlite_app, username).get(url).status_code == status
    stranger = sqlite_app.test_client().get(url)
    assert (stranger.status_code, PNG in stranger.data) == (302, False)


@pytest.mark.parametrize("name", ["0" * 64, "x", "..%2f..%2fpodium.db", "A" * 64])
def test_evidence_that_is_not_there_is_not_found(li, name):
    assert li.open("GET", f"/evidence/{name}").status_code == 404


def test_active_evidence_is_only_saved_or_shown_as_text(sqlite_app, day, li):
    with sqlite_app.app_context():
        number = judge_by_machine(day, CODE)
        with writing() as session:
            row = session.query(marking.Observation).first()
            assert row.evaluation_id == number
            from judging.models import CheckRow

            check = session.query(CheckRow).filter_by(evaluation_id=number).first()
            check.evidence = [
                {"kind": "page", "name": "x.html", "sha256": day.blobs["log"],
                 "media_type": "text/html"},
                {"kind": "drawing", "name": "x.svg", "sha256": day.blobs["picture"],
                 "media_type": "image/svg+xml"},
            ]  # fmt: skip
            for other in session.query(CheckRow).filter(CheckRow.id != check.id):
                other.evidence = []
    page = li.open("GET", f"/evidence/{day.blobs['log']}")
    assert page.headers["Content-Type"] == "text/plain; charset=utf-8"
    drawing = li.open("GET", f"/evidence/{day.blobs['picture']}")
    assert drawing.mimetype == "application/octet-stream"
    assert drawing.headers["Content-Disposition"] == "attachment"


def test_the_lock_shows_and_sets_aside(sqlite_app, day, li):
    with sqlite_app.app_context(), writing() as session:
        session.get(marking.Skill, day.skill).locked_at = now()
        from competition import ledger

        ledger.append(
            session, act="skill.lock", subject="skill", body={}, actor_id=None, skill_id=day.skill
        )
    assert li.work()["locked_at"]
    answer = li.mark("A1.01", 150)
    assert (answer["state"], "locked" in answer["sentence"]["en"]) == ("set_aside", True)
