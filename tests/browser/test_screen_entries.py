"""Every kind of entry of a playlist on a big screen, in both languages, with the demo's skills."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from competition import skill_profiles
from competition.database import db
from competition.models import Account, Skill
from competition.skill_profiles import Sent, SponsorSent
from judging import playlists, screens, showing
from judging.rules.playing import KINDS, Entry
from judging.screens import Wanted
from tests.conftest import LiveServer, opened

pytestmark = pytest.mark.chromium

OF = {
    "skill": {"skill": "W17"},
    "countdown": {"skill": "W01"},
    "city": {"delegation": "2301", "title_zh": "哈尔滨市", "title_en": "Harbin"},
    "text": {"title_zh": "午餐", "title_en": "Lunch", "text_zh": "二楼", "text_en": "Upstairs"},
}
ENTRIES = [Entry(at, kind, 600, **OF.get(kind, {})) for at, kind in enumerate(KINDS, 1)]
# What must stand there, where every demo has it; the boards of official results are empty still.
SAYS = {
    "zh": {
        "skill": "网站设计与开发",
        "city": "哈尔滨市",
        "map": "哈尔滨",
        "countdown": "工业机械",
        "countdowns": "W",
        "timetable": "W",
        "now": "W",
        "sponsors": "北方机床",
        "text": "二楼",
    },
    "en": {
        "skill": "Web Technologies",
        "city": "Harbin",
        "map": "Harbin",
        "countdown": "Industrial Mechanics",
        "countdowns": "W",
        "timetable": "W",
        "now": "W",
        "sponsors": "Northern Machine Tools",
        "text": "Upstairs",
    },
}


@pytest.fixture
def me(live_server: LiveServer) -> Iterator[int]:
    """The organiser of the demo, where a skill has a sponsor; the site runs."""
    assert live_server.podium("demo").returncode == 0
    url = live_server.env["PODIUM_DATABASE_URL"]
    with opened(url, live_server.folder) as app, app.app_context():
        by = db.session.scalars(select(Account.id).where(Account.username == "organiser")).one()
        skill = db.session.scalars(select(Skill.id).where(Skill.code == "W17")).one()
        sponsor = SponsorSent("北方机床", "Northern Machine Tools")
        skill_profiles.change(skill, Sent(sponsors=(sponsor,)), seen=0, actor_id=by)
        yield by


def test_every_entry(chromium: Browser, live_server: LiveServer, me: int) -> None:
    screen = chromium.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    errors: list[str] = []
    screen.on("pageerror", lambda error: errors.append(str(error)))
    screen.goto(f"{live_server.url}/screen")
    made = playlists.make("全部", actor_id=me)
    playlists.change(made, "全部", ENTRIES, based_on=1, actor_id=me)
    code = screen.locator(".playing-code").inner_text()
    number = screens.pair(code, Wanted("A", "zh", "dark", made), actor_id=me)
    frame = screen.locator(".playing-frame")
    for lang, words in SAYS.items():
        screens.change(number, Wanted("A", lang, "dark", made), actor_id=me)
        for entry in ENTRIES:
            showing.go_to([number], entry.id, held=True, actor_id=me)
            expect(frame).to_have_attribute("data-kind", entry.kind)
            expect(frame).to_have_attribute("lang", {"zh": "zh-CN", "en": "en"}[lang])
            expect(frame).to_contain_text(words.get(entry.kind, ""))
            if entry.kind in ("skill", "countdown"):
                expect(frame.locator("[data-part=title]")).to_have_text(words[entry.kind])
            assert screen.evaluate("document.documentElement.scrollHeight <= innerHeight"), entry
    assert errors == []
