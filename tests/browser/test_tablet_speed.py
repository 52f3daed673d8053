"""48 yes/no aspects by hand: one tap each, plus opening and closing the sheet, in three minutes;
and how soon a tap is drawn. The human pauses are summed, not slept."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from competition.database import db
from judging import scheme
from judging.models import Observation
from judging.rules.scheme_mapping import from_mapping
from tests.browser.test_tablet import CODE, TABLET, Hall, site, synced
from tests.judging.seed import _measured, _text

pytestmark = pytest.mark.chromium
__all__ = ["site"]  # a fixture
OF = 48
READING = 2.6  # seconds a judge takes to look at one aspect and decide
OPENING = 10.0  # to take up the work, find its card, and put it down again
LIMIT = 180.0


@pytest.fixture
def context(chromium) -> Iterator[BrowserContext]:
    made = chromium.new_context(viewport=TABLET, has_touch=True, reduced_motion="reduce")
    yield made
    made.close()


def plain_scheme(skill: str) -> dict[str, object]:
    aspects = [_measured(f"第 {n} 项", f"Point {n}", "1.00") for n in range(1, OF + 1)]
    sub = {"id": "A1", "name": _text("全部", "All"), "day": 1, "aspects": aspects}
    return {
        "skill": skill,
        "name": _text("速度", "Speed"),
        "sections": [{"number": 1, "name": _text("全部", "All"), "marks": "48.00"}],
        "criteria": [{"id": "A", "name": _text("全部", "All"), "sub_criteria": [sub]}],
    }


def test_48_aspects_in_three_minutes_with_one_tap_each(site, context):
    hall = Hall(*site, "S48", judged=False)
    with hall.database():
        plain = from_mapping(plain_scheme(hall.skill))
        scheme.adopt(hall.day.skill, plain, actor_id=None, automatic=set())
        newest = scheme.current(hall.day.skill)
        subs = [sub for row in newest.criteria for sub in row.sub_criteria]
        assert [sub.code for sub in subs] == ["A1"] and len(subs[0].aspects) == OF
        ids = [aspect.id for aspect in subs[0].aspects]
    page = hall.sign_in(context)
    page.evaluate(
        """() => {
          window.taps = 0;
          window.drawn = [];
          addEventListener("pointerdown", () => { window.taps += 1; }, true);
          addEventListener("click", (event) => {
            const button = event.target.closest?.(".t-score");
            if (!button) return;
            const from = performance.now();
            const seen = new MutationObserver(() => {
              if (button.getAttribute("aria-pressed") !== "true") return;
              seen.disconnect();
              requestAnimationFrame(() => window.drawn.push(performance.now() - from));
            });
            seen.observe(button, { attributes: true });
          }, true);
        }"""
    )
    page.locator(".t-card", has_text=CODE).tap()
    page.locator("#pick").tap()
    for at, number in enumerate(ids):
        row = page.locator(f'[data-aspect="{number}"]')
        if at and at % 6 == 0:  # it was brought there by itself
            expect(row).to_have_attribute("data-active", "")
        row.locator('.t-score[data-kind="yes"]' if at % 5 else '.t-score[data-kind="no"]').tap()
    expect(page.locator(".t-progress .figure")).to_have_text(f"{OF}/{OF}")
    page.locator(".t-next").tap()
    page.wait_for_selector(".t-card")
    taps, drawn = page.evaluate("[window.taps, window.drawn]")
    assert taps == OF + 3, "one per aspect; the card, its code, and closing the sheet"
    assert OF * READING + OPENING <= LIMIT
    drawn = sorted(drawn)
    assert len(drawn) == OF
    print(
        f"a tap is drawn after {drawn[OF // 2]:.0f} ms (median), {drawn[int(OF * 0.95)]:.0f} ms"
        f" (95 %); {OF * READING + OPENING:.0f} s with a judge's pauses"
    )
    synced(page)
    with hall.database():
        wanted = [0 if at % 5 == 0 else 100 for at in range(OF)]
        rows = db.session.query(Observation).filter(Observation.aspect_id.in_(ids)).all()
        found = {row.aspect_id: row.value for row in rows}
        assert [found[one] for one in ids] == wanted and len(rows) == OF
