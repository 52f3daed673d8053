"""A ceremony in two browsers: the remote on a phone moves the stage, the public board follows, and
after the browser and the site were killed the stage stands at the same slide."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from competition import pins
from competition.database import writing
from competition.models import Account, Grant, Role
from judging import ceremony, showing
from judging.models import Ceremony
from tests.browser import axe
from tests.hall.site import Site
from tests.judging.official import lock, mark_everything, rules, unblind
from tests.judging.seed import PASSWORD, PEOPLE, Seeded, seed
from tests.judging.test_official import FOUR

pytestmark = pytest.mark.chromium
FIRST = PEOPLE[0][0]


@pytest.fixture
def site(sqlite_url: str, tmp_path: Path) -> Iterator[Site]:
    """The running site, which the test kills."""
    made = Site(sqlite_url, tmp_path)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def prepared(site: Site) -> int:
    """A ceremony of one locked skill on stage; "office" has a PIN."""
    with site.database():
        day: Seeded = seed()
        unblind(day)
        rules(day, ties=["criterion", "ruling"])
        mark_everything(day, *FOUR)
        lock(day)
        with writing() as session:
            password = session.get_one(Account, day.judges["chief"]).password
            office = Account(
                username="office", label="秘书处", fs_uniquifier="office", password=password,
                grants=[Grant(role=Role.ORGANISER)],
            )  # fmt: skip
            session.add(office)
            session.flush()
            account = office.id
        pins.set_(account, "2580")
        wanted = ceremony.Wanted("闭幕式", "Closing", (day.skill,))
        number = ceremony.prepare(wanted, actor_id=account, key="browser-ceremony")
        ceremony.go_on_stage(number, actor_id=account, role=Role.ORGANISER)
        return number


def sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}/sign-in")
    page.fill("[name=username]", "office")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/office/")


def kind(page: Page, wanted: str) -> None:
    expect(page.locator("#stage")).to_have_attribute("data-kind", wanted)


def press(remote: Page, name: str, slide: int) -> None:
    """A button, once the phone shows that the last press has arrived."""
    remote.get_by_role("button", name=name, exact=True).click()
    expect(remote.locator("#remote")).to_have_attribute("data-slide", str(slide))


TAPS = """async (pause) => {
  const box = document.querySelector("[data-key=next]").getBoundingClientRect();
  const at = [box.x + box.width / 2, box.y + box.height / 2];
  const tap = () => document.elementFromPoint(...at).click();
  const drawn = new Promise((done) => addEventListener("htmx:afterSwap", () => setTimeout(done)));
  tap();
  await new Promise((done) => setTimeout(done, pause));
  tap();
  await drawn;
  return document.querySelector("[data-key=next]").disabled;
}"""


def tap_twice(remote: Page, slide: int) -> None:
    """Two taps of one finger, near and far apart as hands make them, go one slide on. The page taps
    itself: this machine may be slow, the second tap must not be."""
    for pause in (50, 250, 450):
        expect(remote.get_by_role("button", name="下一页", exact=True)).to_be_enabled()
        assert remote.evaluate(TAPS, pause), "it rests, and one sees it"
        remote.wait_for_timeout(300)
        expect(remote.locator("#remote")).to_have_attribute("data-slide", str(slide))
        press(remote, "返回", slide - 1)  # which never rests


# A presenter's clicker that is pressed twice; the page presses itself, as above.
CLICKS = """async () => {
  const click = () => document.dispatchEvent(new KeyboardEvent("keydown", { key: "PageDown" }));
  const drawn = new Promise((done) => addEventListener("htmx:afterSwap", () => setTimeout(done)));
  click();
  await new Promise((done) => setTimeout(done, 50));
  click();
  await drawn;
}"""


def without_a_network(remote: Page, slide: int) -> None:
    """A press that nothing answers is told, and the notice goes with the next answer."""
    notice = remote.locator("#unanswered")
    remote.context.set_offline(True)
    expect(notice).to_contain_text("按键不起作用")
    remote.get_by_role("button", name="返回", exact=True).click()
    expect(notice).to_contain_text("刚才的按键没有得到回答")
    remote.context.set_offline(False)
    expect(notice).to_be_hidden()
    expect(remote.locator("#remote")).to_have_attribute("data-slide", str(slide))


def press_while_another_does(remote: Page, name: str, slide: int) -> None:
    """A second remote goes on while a finger is on the first: nothing is drawn under it, and the
    press, made for the slide before, does nothing and says so."""
    second = remote.context.new_page()
    second.goto(remote.url)
    button = remote.get_by_role("button", name=name, exact=True).element_handle()
    assert button is not None
    asking: list[Route] = []

    def hold(route: Route) -> None:
        asking.append(route)

    with remote.expect_request("**/remote?seen=*"):
        remote.route("**/remote?seen=*", hold)
    press(second, "下一页", slide)
    button.hover()
    remote.mouse.down()
    with remote.expect_response("**/remote?seen=*") as answered:
        asking[0].continue_()
    assert answered.value.status == 200 and answered.value.finished() is None
    remote.evaluate("new Promise((done) => setTimeout(done, 50))")
    assert button.is_visible()  # this very button, not its successor
    remote.unroute("**/remote?seen=*")
    remote.mouse.up()
    expect(remote.locator("#remote")).to_have_attribute("data-slide", str(slide))
    expect(remote.locator("#remote")).to_contain_text("舞台已经翻页")
    second.close()


def test_remote_stage_and_public(chromium: Browser, site: Site, prepared: int) -> None:
    errors: list[str] = []
    url = f"http://127.0.0.1:{site.port}"
    # axe is a script that our pages forbid
    hall = chromium.new_context(viewport={"width": 1920, "height": 1080}, bypass_csp=True)
    stage = hall.new_page()
    stage.on("pageerror", lambda error: errors.append(str(error)))
    sign_in(stage, url)
    stage.goto(f"{url}/ceremony/{prepared}/stage")
    kind(stage, "opening")

    phone = chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, bypass_csp=True
    )
    remote = phone.new_page()
    remote.on("pageerror", lambda error: errors.append(str(error)))
    sign_in(remote, url)
    remote.goto(f"{url}/ceremony/{prepared}/remote")
    remote.fill("#pin", "2580")
    remote.keyboard.press("Enter")
    public = phone.new_page()
    public.goto(f"{url}/skills/T17")

    expect(remote.locator("#remote")).to_be_visible()
    remote.wait_for_load_state()
    tap_twice(remote, 2)
    expect(remote.get_by_role("button", name="下一页", exact=True)).to_be_enabled()
    remote.evaluate(CLICKS)
    kind(stage, "call_up")
    expect(remote.locator("#remote")).to_have_attribute("data-slide", "2")
    expect(remote.get_by_role("button", name="下一页", exact=True)).to_be_enabled()
    without_a_network(remote, 2)
    remote.keyboard.press("PageDown")
    expect(remote.locator("#remote")).to_have_attribute("data-slide", "3")
    kind(stage, "merit")
    press(remote, "黑屏", 3)
    kind(stage, "blank")
    press(remote, "恢复画面", 3)
    kind(stage, "merit")
    press(remote, "返回", 2)
    kind(stage, "call_up")
    press_while_another_does(remote, "黑屏", 3)
    kind(stage, "merit")
    expect(remote.locator(".remote-next")).to_contain_text(FIRST)
    kind(stage, "merit")
    assert FIRST not in stage.content()
    remote.wait_for_timeout(1_500)  # a button that rested fades back into its own colours
    for page in (remote, stage):
        assert axe.serious(page) == []
    assert not remote.evaluate("document.documentElement.scrollWidth > innerWidth")
    expect(public.locator("body")).not_to_contain_text(FIRST)
    remote.locator("[value=jump]").last.click()
    expect(remote.get_by_role("dialog")).to_contain_text("T17")
    assert axe.serious(remote) == []
    remote.get_by_role("link", name="留在这一页").click()
    expect(remote.get_by_role("dialog")).to_have_count(0)
    press(remote, "下一页", 4)
    kind(stage, "medal")
    expect(stage.locator(".stage-person")).to_contain_text(FIRST)
    expect(public.locator("body")).to_contain_text(FIRST)  # without a reload

    # the projector's browser is gone: opened again it stands at the same slide
    kept = hall.storage_state()
    hall.close()
    again = chromium.new_context(storage_state=kept).new_page()
    again.goto(f"{url}/ceremony/{prepared}/stage")
    kind(again, "medal")
    # the site is killed: the stage keeps what it shows, and goes on by itself once it is back
    site.kill()
    kind(again, "medal")
    site.start()
    fresh = chromium.new_context(storage_state=kept).new_page()
    fresh.goto(f"{url}/ceremony/{prepared}/stage")
    kind(fresh, "medal")
    remote.reload()
    press(remote, "返回", 3)
    for page in (again, fresh):
        kind(page, "merit")
    expect(public.locator("body")).to_contain_text(FIRST)  # going back takes nothing back
    assert errors == []


HOLDS = """() => document.documentElement.scrollHeight <= innerHeight
  && [...document.querySelectorAll("#stage li, .stage-board .stage-label")].every(
    (one) => one.scrollHeight <= one.clientHeight + 1 && one.scrollWidth <= one.clientWidth + 1)"""
# The bar of a rehearsal lies a hand's breadth below the last card.
CLEAR = """() => {
  const bar = document.querySelector(".stage-rehearsal").getBoundingClientRect();
  const cards = [...document.querySelectorAll("#stage li")];
  return cards.every((one) => one.getBoundingClientRect().bottom <= bar.top - innerHeight / 100);
}"""
LONG = {"label": ["、".join(["欧阳春华"] * 6), ", ".join(["Alexandria Montgomery-Smith"] * 3)],
        "delegation": ["大兴安岭地区", "Daxing’anling"]}  # fmt: skip
COUNTS = {"gold": 12, "silver": 10, "bronze": 11, "points": 1099}
SETTLED = {"place": 1, "total": "100.00", "award": "gold", "settled": True, "new": True}


def test_a_tie_of_large_teams_is_cut_off_nowhere(
    chromium: Browser, site: Site, prepared: int
) -> None:
    slides = [
        {"kind": "merit", "award": "merit", "lines": [LONG] * 12},
        {"kind": "medal", "award": "gold", "lines": [LONG] * 3},
        {"kind": "delegations", "lines": [{**LONG, **COUNTS}] * 12},
        {"kind": "board", "lines": [{**LONG, **SETTLED}] * 9},
    ]
    more = {"title": ["并列", "A tie"], "says": ["", ""], "skills": [], "completes": None}
    skill = {"code": "N12", "name": ["新能源汽车智能化技术", "New-Energy Vehicle Technology"]}
    with site.database(), writing() as session:
        row = session.get_one(Ceremony, prepared)
        ceremony.project(session, row).slides = [
            {**more, "skill": skill, "page": [1, 2], **one} for one in slides
        ]
    hall = chromium.new_context(viewport={"width": 1920, "height": 1080})
    stage = hall.new_page()
    sign_in(stage, f"http://127.0.0.1:{site.port}")
    for number, slide in enumerate(slides, 1):
        with site.database(), writing() as session:
            session.get_one(Ceremony, prepared).slide = number
        stage.goto(f"http://127.0.0.1:{site.port}/ceremony/{prepared}/stage")
        kind(stage, slide["kind"])
        stage.evaluate("document.fonts.ready")
        stage.wait_for_function(HOLDS)
        with site.database(), writing() as session:
            session.get_one(Ceremony, prepared).is_rehearsal = True
        stage.reload()
        stage.wait_for_function(f"() => ({HOLDS})() && ({CLEAR})()")
        with site.database(), writing() as session:
            session.get_one(Ceremony, prepared).is_rehearsal = False
    # English has English quotes also on a Chinese page, not those as wide as a hanzi
    type_ = stage.locator(".stage-second[lang=en]").first.evaluate(
        "one => getComputedStyle(one).fontFamily"
    )
    assert "Podium Points" in type_


def test_an_emergency_text_lies_over_all_of_the_stage(
    chromium: Browser, site: Site, prepared: int
) -> None:
    """Whatever stands beneath goes on; a long text holds all of its words."""
    url = f"http://127.0.0.1:{site.port}"
    hall = chromium.new_context(viewport={"width": 1280, "height": 720})
    stage = hall.new_page()
    sign_in(stage, url)
    stage.goto(f"{url}/ceremony/{prepared}/stage")
    remote = hall.new_page()
    remote.goto(f"{url}/ceremony/{prepared}/remote")
    remote.fill("#pin", "2580")
    remote.keyboard.press("Enter")
    expect(remote.locator("#remote")).to_be_visible()
    text = stage.locator(".emergency")
    with site.database():
        showing.say("请立即撤离。" * 30, "Leave at once. " * 30, key="emergency-1", actor_id=1)
    expect(text).to_contain_text("请立即撤离")
    stage.wait_for_function(
        """() => {
          const text = document.querySelector(".emergency");
          const box = text.getBoundingClientRect();
          const all = box.width >= innerWidth && box.height >= innerHeight;
          const top = (x, y) => document.elementFromPoint(x, y).closest(".emergency");
          const whole = text.scrollHeight <= text.clientHeight + 1;
          return all && whole && top(9, 9) && top(640, 710);
        }"""
    )
    expect(remote.locator("#remote")).to_contain_text("紧急文字正覆盖舞台")
    press(remote, "下一页", 2)
    kind(stage, "call_up")
    press(remote, "黑屏", 2)
    kind(stage, "blank")
    expect(text).to_be_visible()
    with site.database(), writing() as session:
        message = showing.message(session)
        assert message is not None
        number = message.id
    with site.database():
        showing.take_away(number, actor_id=1)
    expect(text).to_have_count(0)
    kind(stage, "blank")
