"""Visits: one kind of page read on a phone, at a desk and without scripts, and what came of it.

Opening pages is what takes time here. So each is visited once, and many tests ask about the visit.
"""

from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.browser import axe
from tests.browser.page_addresses import DESKTOP, PHONE, SHORT_ADDRESSES, SMALL_PHONE
from tests.browser.page_watcher import PageWatcher

# What a page has jumped while it was loading: the sum of its layout shifts.
WATCH_JUMPS = """
window.jumped = 0;
new PerformanceObserver(list => {
  for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.jumped += shift.value;
}).observe({type: "layout-shift", buffered: true});
"""
PAINTED = """() => document.fonts.ready.then(
  () => new Promise(done => requestAnimationFrame(() => setTimeout(done))))"""
FRAMES_TO_WAIT = 600


def wait_until(condition):
    """A script that says whether `condition` comes true within FRAMES_TO_WAIT frames.

    Playwright's wait_for_function evaluates text in the page, which the page's policy refuses.
    """
    return f"""() => new Promise(done => {{
      let frames = {FRAMES_TO_WAIT};
      const look = () =>
        {condition} ? done(true) : frames-- ? requestAnimationFrame(look) : done(false);
      look();
    }})"""


# Parts that only scripts make useful, or that only readers without scripts need, are left out.
WORDS = """() => {
  for (const part of document.querySelectorAll("main :is(.js, .no-js)")) part.hidden = true;
  return document.querySelector("main").innerText;
}"""
KEPT = """() => ({
  cookies: document.cookie,
  session: Object.keys(sessionStorage),
  local: Object.keys(localStorage),
})"""
WIDTH = "document.documentElement.scrollWidth"
# A link inside a sentence is as high as its line. What stands alone is at least 24 pixels, and what
# leads through the site, 44 high.
SMALL_TARGETS = """() => {
  const leads = "button, summary, nav *, .top *, .foot li *, .btn, .tool, .more-link, .doors *";
  const wanted = "a, button, summary, input:not([type=hidden]), textarea";
  const small = [];
  for (const one of document.querySelectorAll(wanted)) {
    const {width, height} = (one.closest("label") ?? one).getBoundingClientRect();
    if (!one.checkVisibility({visibilityProperty: true}) || one.matches(".skip")) continue;
    if (one.tagName === "A" && getComputedStyle(one).display === "inline") continue;
    if (width < 23.5 || height < (one.matches(leads) ? 43.5 : 23.5))
      small.push(`${one.outerHTML.slice(0, 80)} ${Math.round(width)} by ${Math.round(height)}`);
  }
  return small;
}"""
PAPER = """() => {
  const all = selector => [...document.querySelectorAll(selector)];
  const seen = selector => all(selector).filter(one => one.checkVisibility());
  const style = getComputedStyle(document.body);
  return {
    colors: [style.color, style.backgroundColor],
    line: seen(".on-print").map(one => one.innerText).join(),
    // A box is ticked with a pen, too.
    calls: seen(".foot .calls a").map(one => one.innerText).join(),
    // In the footer, all but whom to call and what is around it.
    for_fingers: seen(".top, .foot :not(:has(.calls), .calls, .calls *)")
      .concat(seen(".skip, nav, button, .btn, [popover], .switch, .bar"))
      .concat(seen("input:not([type=checkbox], [type=radio])"))
      .map(one => one.outerHTML.slice(0, 80)),
  };
}"""


@dataclass
class PageVisit:
    problems: list = field(default_factory=list)
    violations: list = field(default_factory=list)
    kept: dict = field(default_factory=dict)
    cookies: list = field(default_factory=list)
    words: str = ""
    words_without_scripts: str = ""
    jumped: dict = field(default_factory=dict)
    widths: dict = field(default_factory=dict)
    small_targets: dict = field(default_factory=dict)
    on_paper: dict = field(default_factory=dict)


def visit_page(browser, arguments, address, page_without_scripts) -> PageVisit:
    """The page without scripts serves for all visits: nothing there outlives a page."""
    result = PageVisit()
    looks_closely = address not in SHORT_ADDRESSES
    with open_page(browser, arguments | {"viewport": PHONE}, address, result):
        pass
    with open_page(browser, arguments | {"viewport": DESKTOP}, address, result) as page:
        if looks_closely:
            result.violations += axe.violations(page)
        page.set_viewport_size(SMALL_PHONE)
        page.emulate_media(color_scheme="dark")
        result.widths[SMALL_PHONE["width"]] = page.evaluate(WIDTH)
        if looks_closely:  # here too, since to read axe-core takes as long as to open a page
            result.violations += axe.violations(page, only=axe.BY_LOOK)
        page.emulate_media(color_scheme="dark", media="print")
        result.on_paper = page.evaluate(PAPER)
        page.emulate_media(color_scheme="light", media="screen")
        page.set_viewport_size(DESKTOP)
        result.words = page.evaluate(WORDS)
    page_without_scripts.goto(address)
    result.words_without_scripts = page_without_scripts.evaluate(WORDS)
    return result


@contextmanager
def open_page(browser, arguments, address, result):
    """The page, watched and measured as it comes from the network to an empty cache.

    What jumped is measured once more with the fonts at hand: they come late on a busy machine.
    """
    size = arguments["viewport"]
    with browser.new_context(**arguments) as context:
        page = context.new_page()
        watch = PageWatcher(page)
        page.add_init_script(WATCH_JUMPS)
        page.goto(address)
        page.evaluate(PAINTED)
        if page.evaluate("window.jumped"):
            page.reload()
            page.evaluate(PAINTED)
        result.jumped[size["width"]] = page.evaluate("window.jumped")
        result.kept, result.cookies = page.evaluate(KEPT), context.cookies()
        result.widths[size["width"]] = page.evaluate(WIDTH)
        result.small_targets[size["width"]] = page.evaluate(SMALL_TARGETS)
        yield page
        result.problems += watch.problems()
