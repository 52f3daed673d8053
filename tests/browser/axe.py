"""What axe-core finds on a page that keyboards and screen readers would stumble over."""

from pathlib import Path

from playwright.sync_api import Page

CODE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RUN = """axe.run(document, {resultTypes: ['violations']}).then(({violations}) => violations
  .filter(({impact}) => impact === 'serious' || impact === 'critical')
  .map(({id, nodes}) => `${id}: ${nodes[0].html.slice(0, 120)}`))"""


def serious(page: Page) -> list[str]:
    """The rules that are broken, each with the first place."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(CODE.read_text("utf-8"))
    found: list[str] = page.evaluate(RUN)
    return found
