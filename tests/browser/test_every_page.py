"""Every page of office, delegations, desk and boards: axe-core finds nothing serious on a tablet
and on a phone, nothing is wider than the screen, and the keyboard alone will do."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from competition import demo, form_adopting
from competition.database import db
from competition.models import Account, Delegation, Entry, Role, Skill
from competition.rules.forms import KINDS
from judging import ceremony, drafts, playlists, scheme, scheme_rows
from judging.ceremony import Wanted
from judging.rules import scheme_draft
from tests.browser import axe, by_keyboard
from tests.competition.rules.test_forms import question
from tests.conftest import LiveServer, opened

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(1800)]  # some sixty pages

TABLET, PHONE = 1024, 390  # pixels wide
PAGES: dict[str, tuple[str, ...]] = {
    "organiser": (
        *("/office/command", "/office/command?order=needs&wall=1"),
        *("/office/", "/office/entries", "/office/roster", "/office/privacy", "/office/access"),
        *("/office/access/sheet", "/office/skills/W17", "/office/skills/W17/entries"),
        *("/office/skills/W17/preflight", "/office/skills/W17/rules", "/office/exceptions"),
        *("/office/skills/W17/form", "/office/skills/W17/profile"),
        *("/office/requests", "/office/bulk", "/office/search", "/skills/W17/rules"),
        *("/office/locks", "/account/", "/account/data", "/ledger/"),
        *("/office/screens/", "/office/screens/playlists/1?add=text"),
        *("/office/judges", "/office/judges/new", "/office/declarations?skill=W17"),
        *("/ceremony/", "/ceremony/1", "/ceremony/1/script", "/ceremony/1/remote"),
        "/ceremony/1/stage",
        *("/office/books", "/office/embeds"),
    ),
    "leader-harbin": (
        *("/delegation/", "/delegation/roster", "/delegation/entries/{entry}"),
        "/delegation/entries/{entry}/answers",
    ),
    "w17-chief": (
        "/desk/W17/checks",
        *("/desk/", "/desk/W17", "/desk/W17/board", "/desk/W17/tablets", "/desk/W17/labels"),
        *("/desk/W17/panel", "/sign-off/W17"),
        *("/sign-off/unlocks", "/recheck/W17", "/results/W17", "/results/W17/preview"),
        *("/desk/W17/scheme", "/desk/W17/scheme/edit", "/desk/W17/scheme/adopt"),
    ),
    "w17-judge-1": ("/judge/W17/declaration",),
    "": (
        *("/", "/skills/W17", "/skills/W10", "/boards/now", "/boards/medals"),
        *("/boards/delegations", "/boards/timetable", "/screen/", "/sign-in", "/tablet/hall/"),
        *("/skills/W17/charts", "/embed/W10?theme=dark", "/embed/boards/delegations"),
    ),
}

QUESTIONS = [
    question(kind.replace("_", ""), kind, needed=bool(number % 2), personal=number == 0)
    for number, kind in enumerate(KINDS)
]


@pytest.fixture
def entry(live_server: LiveServer) -> Iterator[int]:
    """The demo; an entry of the leader's."""
    assert live_server.podium("demo").returncode == 0
    url = live_server.env["PODIUM_DATABASE_URL"]
    with opened(url, live_server.folder) as app, app.app_context():
        by = db.session.scalars(select(Account.id).where(Account.username == "organiser")).one()
        playlists.make("循环", actor_id=by)
        skill = db.session.scalars(select(Skill.id).where(Skill.code == "W17")).one()
        form_adopting.adopt(skill, {"fields": QUESTIONS}, reason="", actor_id=by)
        asked = select(Entry.id).join(Skill).join(Delegation)
        found = asked.where(Delegation.code == "2301", Skill.code == "W17")
        row = db.session.get_one(Skill, skill)
        body = scheme_draft.body(scheme_rows.plain(scheme.current(skill), row))
        body["criteria"][0]["sub_criteria"][0]["aspects"][0]["max"] = "?"
        drafts.start(skill, body, based_on=1, over=0, actor_id=None)
        rehearsal = Wanted("彩排", "Rehearsal", (skill,), order="top_five", is_rehearsal=True)
        number = ceremony.prepare(rehearsal, actor_id=by, key="axe-ceremony")
        ceremony.go_on_stage(number, actor_id=by, role=Role.ORGANISER)
        ceremony.press(number, "jump", slide=1, turn=0, to=5, actor_id=by, is_meant=True)
        yield db.session.scalars(found).first() or 0


def signed_in(chromium: Browser, site: LiveServer, who: str) -> Page:
    """Somebody's browser; "" is anybody's. Our pages forbid scripts not ours, and axe is one."""
    page = chromium.new_context(locale="zh-CN", bypass_csp=True).new_page()
    if who:
        page.goto(f"{site.url}/sign-in")
        page.fill("[name=username]", who)
        page.fill("[name=password]", demo.PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "/sign-in" not in url)
    return page


def faults(page: Page, width: int) -> list[str]:
    """What is wrong with an open page that has this width now."""
    page.set_viewport_size({"width": width, "height": 844})
    found = axe.serious(page)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("wider than the screen")
    return [f"{width}: {one}" for one in found]


def test_nothing_serious_and_the_keyboard_will_do(
    chromium: Browser,
    live_server: LiveServer,
    entry: int,
) -> None:
    wrong = []
    for who, paths in PAGES.items():
        page = signed_in(chromium, live_server, who)
        for path in paths:
            page.set_viewport_size({"width": TABLET, "height": 844})
            answer = page.goto(live_server.url + path.format(entry=entry))
            assert answer is not None and answer.ok, path
            expect(page.locator("main :is(a, button, input, h1, p)").first).to_be_visible()
            found = [*faults(page, TABLET), *by_keyboard.faults(page), *faults(page, PHONE)]
            wrong += [f"{path}: {one}" for one in found]
        page.context.close()
    assert not wrong, json.dumps(wrong, indent=1, ensure_ascii=False)
