"""The command board: all skills at once say what each says alone, and nothing but progress."""

import html
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from competition import grants
from competition.database import db, writing
from competition.models import Grant, Role, Skill, Zone
from competition.moment import now
from judging import calls, cells, command, kept, marking, progress, seats
from judging.models import Device
from tests.judging.desks import finish, page, signed_in
from tests.judging.seed import CODES, PEOPLE, Seeded, pair, seed


def everything(_skill: Skill) -> bool:
    return True


def revisions() -> dict[int, int]:
    return {one.id: one.revision for one in db.session.scalars(select(Skill))}


def test_all_at_once_say_the_same_as_each_alone(context: Flask) -> None:
    days = [seed(), seed("T18"), seed("T19")]
    finish(days[0], "K-073")
    days[1].give(days[1].post("K-118", "A2.01", 100))
    days[1].give(days[1].post("K-118", "A2.01", 0, judge="wang"), judge="wang")
    session = db.session()
    left = select(Grant.id).where(Grant.account_id == days[1].judges["zhao"])
    grants.end(session.scalars(left).one(), reason="ill", actor_id=None)
    granted = seats.granted_all(session, [day.skill for day in days])  # of one nothing is marked
    found = cells.read_all(session, [day.skill for day in days])
    for day in days:
        assert granted[day.skill] == seats.granted(session, day.skill)
        assert found[day.skill] == cells.read(session, day.skill)
        assert kept.whole(session, day.skill) == found[day.skill]
    assert kept.whole_all(session, revisions())[days[0].skill] is kept.whole(session, days[0].skill)


def asked() -> int:
    """How many queries the board takes when nothing is kept."""
    kept._kept.clear()
    db.session.rollback()
    statements: list[str] = []

    def note(*given: object) -> None:
        statements.append(str(given[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    command.tiles(db.session(), now(), everything)
    event.remove(db.engine, "before_cursor_execute", note)
    return len(statements)


def test_the_number_of_queries_does_not_grow_with_the_skills(inside: None, day: Seeded) -> None:
    finish(day, "K-073")
    pair(day)
    one = asked()
    for code in ("T18", "T19", "T20"):
        other = seed(code)
        other.mark_all("K-118")
        pair(other)
    assert asked() == one
    assert one < 25


def test_a_mark_costs_one_work_and_not_the_whole_skill(inside: None, day: Seeded) -> None:
    day.mark_all("K-073")
    before = progress.works(kept.whole(db.session(), day.skill))
    known = {entry: before[entry] for entry in before}
    day.give(day.post("K-118", "A2.01", 100))
    db.session.rollback()
    after = progress.works(kept.whole(db.session(), day.skill))
    for code in CODES:
        entry = day.entries[code]
        assert (after[entry] is known[entry]) == (code != "K-118"), code
    assert after[day.entries["K-118"]].done == 1


def test_the_forecast_goes_on_at_the_pace_of_the_marks(context: Flask) -> None:
    day = seed()
    for code in CODES[:3]:
        finish(day, code)
    session = db.session()
    skill = session.get_one(Skill, day.skill)
    far = progress.of_skill(session, skill, kept.whole(session, day.skill), now())
    assert (far.light, far.done, far.of, far.per_cent) == ("marking", 24, 32, 75)
    assert far.left == progress.Left(6, 6, 2)
    times = progress.acts(session, [day.skill], now())[day.skill]
    assert len(times) == 3 * (6 + 6 + 2)
    finish(day, CODES[3])
    session.rollback()
    at = now()
    far = progress.of_skill(session, skill, kept.whole(session, day.skill), at)
    assert (far.light, far.ready_at) == ("ready", at)


def test_only_the_newest_acts_tell_the_pace(
    inside: None, day: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "NEWEST", 2)
    day.mark_all("K-073")
    assert len(progress.acts(db.session(), [day.skill], now())[day.skill]) == 2


def test_a_busy_skill_is_asked_for_its_pace_once_in_a_turn(
    inside: None, day: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "MANY", 6)
    at = now()

    def told(later: int) -> int:
        moment = at + timedelta(seconds=later)
        return len(progress.acts(db.session(), [day.skill], moment)[day.skill])

    day.mark_all("K-073")
    assert told(0) == 6
    day.mark_all("K-118")
    assert told(progress.TURN) == 12
    day.mark_all("K-246")
    assert told(progress.TURN) == 12
    assert told(2 * progress.TURN) == 18


def organise(app: Flask, username: str = "stranger", zone_id: int | None = None) -> None:
    with app.app_context(), writing() as session:
        from competition.models import Account

        account = session.scalars(select(Account).where(Account.username == username)).one()
        role = Role.ORGANISER if zone_id is None else Role.SECRETARIAT
        session.add(Grant(account_id=account.id, role=role, zone_id=zone_id))


def tile(text: str, code: str) -> str:
    found = re.search(rf'id="tile-{code}".*?</a>', text, re.S)
    assert found is not None
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", found[0]).split()))


def test_a_tile_explains_itself_in_words_and_shows_no_mark(sqlite_app: Flask, day: Seeded) -> None:
    organise(sqlite_app)
    with sqlite_app.app_context():
        finish(day, "K-073")
        day.give(day.post("K-118", "A2.01", 100))
        day.give(day.post("K-118", "A2.01", 0, judge="wang"), judge="wang")
        pair(day)
        pair(day, "wang")
        calls.call(day.skill, "call-00000001", "medical", judge_id=day.judges["li"])
        with writing() as session:
            silent, told = session.scalars(select(Device).order_by(Device.id))
            silent.seen_at, told.waiting = now() - timedelta(minutes=9), 12
    client = signed_in(sqlite_app, "stranger")
    text = page(client, "/office/command")
    said = tile(text, "T17")
    for words in (
        "有分歧",
        "25%",
        "2 台平板",
        "1 个求助未处理",
        "1 份作品有分歧",
        "12 条评分未上传",
    ):
        assert words in said, (words, said)
    assert "李裁判 9 分钟没有联系" in said
    for secret in [*CODES, *(secret for one in PEOPLE for secret in one)]:
        assert secret not in text, secret
    assert "1.50" not in text and "1.00" not in text
    client.get("/language/en")
    said = tile(page(client, "/office/command?order=needs&wall=1"), "T17")
    assert "no contact for 9 min" in said and "Difference" in said


def test_zones_orders_and_where_a_tile_leads(sqlite_app: Flask, day: Seeded) -> None:
    with sqlite_app.app_context(), writing() as session:
        zone = Zone(code="Z9", name_zh="佳木斯赛区", name_en="Jiamusi zone")
        session.add(zone)
        session.flush()
        for code in ("T18", "T19"):
            session.add(
                Skill(code=code, name_zh="焊接", name_en="Welding", sector_zh="", sector_en="",
                      track="world", zone_id=zone.id)
            )  # fmt: skip
        number = zone.id
    with sqlite_app.app_context():
        day.mark_all("K-073")
        skill = db.session.scalars(select(Skill).where(Skill.code == "T19")).one().id
        calls.call(skill, "call-00000002", "chief", judge_id=day.judges["li"])
    organise(sqlite_app)
    organise(sqlite_app, "li", number)
    organise(sqlite_app, "chief")

    def order(client: object, path: str) -> list[str]:
        return re.findall(r'id="tile-(\w+)"', page(client, path))  # type: ignore[arg-type]

    client = signed_in(sqlite_app, "stranger")
    assert order(client, "/office/command") == ["T18", "T19", "T17"]
    assert order(client, "/office/command?order=needs") == ["T19", "T17", "T18"]
    assert order(client, "/office/command?zone=Z9") == ["T18", "T19"]
    assert "没有赛项" in page(client, "/office/command?zone=%00nowhere")
    assert order(signed_in(sqlite_app, "li"), "/office/command") == ["T18", "T19"]
    assert 'href="/office/skills/T17"' in page(client, "/office/command")
    assert 'href="/desk/T17"' in page(signed_in(sqlite_app, "chief"), "/office/command")


def test_the_desk_says_when_the_skill_will_lock(sqlite_app: Flask, day: Seeded) -> None:
    chief = signed_in(sqlite_app, "chief")
    assert "有十条评分之后" in page(chief)
    with sqlite_app.app_context():
        for minute, code in enumerate(CODES[:3]):
            for answer in day.mark_all(code):
                assert answer.id is not None
                with writing() as session:
                    row = session.get_one(marking.Observation, answer.id)
                    row.at = now() - timedelta(minutes=10 * (3 - minute) - answer.id % 6)
    text = page(chief)
    assert "照目前的速度" in text
    assert "测量 6 项，打分 24 次，待复核评分表 8 张" in text
