"""A leader on a phone answers extra questions: what belongs shows at once, what is typed survives a
reload and a lost network, what is missing is named, a file is attached."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from competition import answers, demo, form_adopting
from competition.database import db
from competition.models import Account, Delegation, Entry, Skill
from tests import papers_made
from tests.browser.test_entry_form import fits
from tests.competition.rules.test_forms import question, when
from tests.conftest import LiveServer, opened

pytestmark = pytest.mark.chromium


@pytest.fixture
def entry(live_server: LiveServer) -> Iterator[int]:
    """An entry of a skill that asks something."""
    with opened(live_server.env["PODIUM_DATABASE_URL"], live_server.folder) as app:
        with app.app_context():
            demo.load(1)
            by = db.session.scalars(select(Account.id).where(Account.username == "organiser")).one()
            asked = [
                question("abroad", "yes_no", roles=["entry"]),
                question("passport", personal=True, when=when("abroad", "yes")),
                question("photo", "file"),
            ]
            skill = db.session.scalars(select(Skill).where(Skill.code == "W17")).one()
            form_adopting.adopt(skill.id, {"fields": asked}, reason="", actor_id=by)
            own = select(Entry.id).join(Delegation).where(Entry.skill_id == skill.id)
            found = db.session.scalars(own.where(Delegation.code == "2301")).first()
        yield found or 0


def test_answers_by_phone(chromium: Browser, live_server: LiveServer, entry: int) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{live_server.url}/language/en?next=/sign-in%3Fnext=/delegation/")
    page.fill("[name=username]", "leader-harbin")
    page.fill("[name=password]", demo.PASSWORD)
    page.press("[name=password]", "Enter")
    page.locator(f'.missing a[href$="/entries/{entry}/answers"]').first.click()
    page.wait_for_url("**/answers")  # loaded, its scripts as well
    missing = page.locator(".answers-missing")
    expect(missing).to_contain_text("Ask abroad")
    expect(missing).to_contain_text("Ask photo")
    passport = page.locator('[data-ask$=".passport"] input.input')
    expect(passport).to_be_hidden()
    page.get_by_label("yes", exact=True).check()
    expect(passport).to_be_visible()
    assert fits(page)
    passport.fill("E123")
    expect(page.locator("[data-state-words]")).to_contain_text("Saved")
    page.reload()  # the server has it
    expect(passport).to_have_value("E123")
    context.set_offline(True)
    passport.fill("E12345678")
    expect(page.locator("[data-state-words]")).to_contain_text("kept in this browser")
    page.screenshot(path=live_server.folder / "offline.png", full_page=True)
    context.set_offline(False)  # what the browser kept goes to the server by itself
    expect(page.locator("[data-state-words]")).to_contain_text("Saved")
    page.reload()
    expect(passport).to_have_value("E12345678")
    assert page.evaluate("localStorage.length") == 0
    page.get_by_role("button", name="Hand in the answers").click()
    page.wait_for_url("**/answers?sent=1")
    expect(page.get_by_text("Handed in. Answers still missing: 1")).to_be_visible()
    expect(missing).to_contain_text("Ask photo")
    expect(page.locator(".ask-locked")).to_have_text("E1*****78")
    page.locator("input[type=file]").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": papers_made.png()}
    )
    page.get_by_role("button", name="Upload Ask photo").click()
    expect(page.locator("main")).to_contain_text("Every question is answered.")
    expect(page.locator(".paper-open")).to_have_count(1)
    assert fits(page)
    page.screenshot(path=live_server.folder / "answered.png", full_page=True)
    url = live_server.env["PODIUM_DATABASE_URL"]
    with opened(url, live_server.folder) as app, app.app_context():
        kept = db.session.get_one(Entry, entry)
        assert kept.answers_missing == 0
        stand = answers.of_entry(db.session(), kept)
        said = {key: value for one in stand for key, value in one.said.items()}
        assert said == {"abroad": "yes", "passport": "E12345678"}
    assert errors == []
