"""What a tablet is told of sheets that are signed or locked, and of those that were sent back."""

import pytest
from flask import Flask

from judging import locking, signing
from tests.judging import official
from tests.judging.seed import Seeded
from tests.judging.signed import check_again, proof, seen, sign
from tests.judging.test_tablet import CODE, Tablet, day

__all__ = ["day"]  # a fixture


@pytest.fixture
def marked(sqlite_app: Flask, day: Seeded) -> Seeded:
    with sqlite_app.app_context():
        official.rules(day)
        official.mark_everything(day, {"A1.01": 0})
    return day


@pytest.fixture
def li(sqlite_app: Flask, marked: Seeded) -> Tablet:
    return Tablet(sqlite_app, marked, "li")


def send_back(day: Seeded, sub: str, reason: str) -> None:
    sheet = (day.entries[CODE], day.subs[sub])
    signing.send_back(
        day.skill, [sheet], reason=reason, actor_id=day.judges["chief"], key=f"back-{sub}"
    )


@pytest.mark.parametrize("sub", ["A1", "B1"])  # with measurements, and with votes only
def test_a_signed_sheet_says_so_and_one_that_was_sent_back_says_why(sqlite_app, marked, li, sub):
    number = str(marked.subs[sub])
    before = li.get(f"sheets/{CODE}")
    assert before.json["closed"] == before.json["reopened"] == {}
    with sqlite_app.app_context():
        judge = proof(marked, "wang")
        signing.sign_as_judge(marked.skill, seen(marked, (CODE, sub)), judge)
    after = li.get(f"sheets/{CODE}", **{"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200, "a signature is news"
    assert after.json["closed"] == {number: "signed"}, "the first signature closes it"
    assert li.work("K-118")["closed"] == {}
    with sqlite_app.app_context():
        send_back(marked, sub, "子弹要再看一次")
    work = li.work()
    assert work["closed"] == {}
    told = work["reopened"][number]
    assert (told["by"], told["reason"]) == ("陈裁判长", "子弹要再看一次")
    assert told["at"].endswith("Z")
    assert li.work("K-118")["reopened"] == {}
    codes = li.get("progress").json["codes"]
    assert (codes[CODE]["reopened"], codes["K-118"]["reopened"]) == (1, 0)
    with sqlite_app.app_context():
        signing.sign_as_judge(marked.skill, seen(marked, (CODE, sub)), judge)
    assert li.get("progress").json["codes"][CODE]["reopened"] == 0


def test_a_mark_that_is_given_anew_bears_its_star(sqlite_app, marked, li):
    with sqlite_app.app_context():
        sign(marked, (CODE, "A1"))
        send_back(marked, "A1", "子弹要再看一次")
    cells = {aspect: li.cell(aspect) for aspect in ("A1.01", "A1.02")}
    assert not any(one["star"] for one in cells.values())
    assert li.mark("A1.01", 150, base=cells["A1.01"]["head"]["id"])["state"] == "taken"
    assert [li.cell(aspect)["star"] for aspect in cells] == [True, False]


def test_a_sub_criterion_that_is_locked_says_so_and_who_had_it_opened(sqlite_app, marked, li):
    sub, chief = marked.subs["A1"], marked.judges["chief"]
    with sqlite_app.app_context():
        check_again(marked)
        sign(marked)
        locking.lock_sheets(marked.skill, sub=sub, day=None, actor_id=chief)
    closed = li.work()["closed"]
    assert (closed[str(sub)], closed[str(marked.subs["B1"])]) == ("locked", "signed")
    sheet = li.work()["sheets"][str(sub)]
    assert (sheet["may_confirm"], sheet["why"]) == (False, "closed")
    with sqlite_app.app_context():
        asked = locking.ask_unlock(
            marked.skill, "sub", sub=sub, day=None, work="", reason="表有误", actor_id=chief,
            key="unlock-a1",
        )  # fmt: skip
        locking.agree(asked, actor_id=marked.judges["stranger"])
    for code in (CODE, "K-118"):  # of every work
        work = li.work(code)
        assert str(sub) not in work["closed"]
        assert work["reopened"][str(sub)]["reason"] == "表有误"
