"""Whether a page can be used with the keyboard alone."""

from playwright.sync_api import Page

STOPS = 60  # a long list's later lines are like its first

# What a finger can press must be reachable, and in the order of the page: no tabindex above zero.
UNREACHABLE = """() => [...document.querySelectorAll(
    '[onclick], [role=button], [role=tab], [role=link], [hx-get]:not(a, button, input, form)')]
  .filter((one) => !/every|load/.test(one.getAttribute('hx-trigger')))  // they ask by themselves
  .filter((one) => one.checkVisibility() && one.tabIndex < 0)
  .concat([...document.querySelectorAll('[tabindex]')].filter((one) => one.tabIndex > 0))
  .map((one) => one.outerHTML.slice(0, 120))"""

# The element that has the focus, and whether the eye can tell. A ring of its own or of what
# surrounds it (a card that is one link) will do; what is off the screen will not.
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const ring = (each) => {
    const style = getComputedStyle(each);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
  };
  // In a frame it is something of the frame's own page that shows it.
  let ringed = one.tagName === 'IFRAME' || getComputedStyle(one).boxShadow !== 'none';
  for (let each = one; each && !ringed; each = each.parentElement) ringed = ring(each);
  const box = one.getBoundingClientRect();
  const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  one.dataset.stop ||= String(document.querySelectorAll('[data-stop]').length + 1);
  return {stop: one.dataset.stop, html: one.outerHTML.slice(0, 120), seen, ringed};
}"""


CONTROLS = """() => [...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary')]
  .filter((one) => one.checkVisibility() && !one.disabled && one.type !== 'hidden').length"""


def faults(page: Page) -> list[str]:
    """Walk with Tab until the focus comes round or the page has shown enough."""
    found = [f"not reachable: {one}" for one in page.evaluate(UNREACHABLE)]
    stops: list[str] = []
    rounds = 0
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at is None and not rounds:  # past the end; a page may begin with a field in its middle
            rounds = 1
            continue
        if at is None or at["stop"] in stops[:1]:
            break
        if stops[-4:] == [at["stop"]] * 4:  # year, month and day of one field are three
            found.append(f"the focus is caught: {at['html']}")
            break
        stops.append(at["stop"])
        if not at["seen"]:
            found.append(f"focused off the screen: {at['html']}")
        if not at["ringed"]:
            found.append(f"no ring: {at['html']}")
    if len(set(stops)) < min(3, page.evaluate(CONTROLS)):
        found.append(f"only {len(stops)} stops")
    return found
