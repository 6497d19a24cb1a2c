"""What a phone shows first, and that nothing leaves the screen when letters grow."""

import pytest
from playwright.sync_api import expect

PHONE = {"width": 375, "height": 812}
ASKED = "/search/?q=can+i+drive+after"
OVERFLOW = "document.documentElement.scrollWidth - innerWidth"
UNFOLD = "document.querySelectorAll('details').forEach(fold => (fold.open = true))"
TORN_MARKS = """() => [...document.querySelectorAll("main .ev + sup")].filter(number => {
  const mark = number.previousElementSibling.getClientRects(), at = number.getBoundingClientRect();
  return mark.length > 1 || at.height && at.left < mark[0].left;
}).map(number => number.parentElement.textContent)"""
LARGE_TEXT = "document.documentElement.style.fontSize = '200%'"
# WCAG 2.2, 1.4.12
SPACED_TEXT = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important } p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
scripts = pytest.mark.parametrize("java_script_enabled", [True, False], ids=["scripts", "bare"])
ADDRESSES = [
    "/",
    "/help/",
    "/compounds/",
    "/questions/driving-and-work/",
    "/glossary/",
    "/glossary/synapse/",
    "/sources/",
    "/sources/li-2010/",
    "/claims/",
    "/changes/",
    "/about/",
    "/search/?q=i+want+to+die",
    ASKED,
    "/no-such-page/",
    "/explainers/",
    "/explainers/the-day-of-your-treatment/",
    "/explainers/what-research-shows/all/",
    "/explainers/before-your-first-visit/what-it-costs/",
    "/how-ketamine-works/",
    "/how-ketamine-works/new-spines/",
    "/how-ketamine-works/all/",
    "/compounds/ketamine/",
    "/compounds/dextromethorphan-bupropion/",
    "/compounds/esketamine/numbers/",
    "/compounds/compare/?c=ketamine&c=esketamine&c=psilocybin",
    "/conditions/",
    "/conditions/major-depressive-disorder/",
    "/conditions/suicidal-thoughts/",
    "/conditions/generalized-anxiety-disorder/",
    "/decide/ketamine-for-depression/",
    "/questions/",
    "/ask/?about=ketamine",
    "/for-clinics/",
    "/connect/",
    "/clinics/?list=7kdc7t4vc64dvctwxwnh4vcw",
    "/list/7kdc7t4vc64dvctwxwnh4vcw/",
    "/list/7kdc7t4vc64dvctwxwnh4vcw/hand-out/",
    "/list/7kdc7t4vc64dvctwxwnh4vcw/handout/clinic/",
    "/c/oakside/before/",
    "/c/oakside/before/4/",
    "/embed/how-ketamine-works/new-spines/",
]


@pytest.fixture
def phone(new_page):
    return new_page(viewport=PHONE)


def get_bottom(part):
    box = part.bounding_box()
    return box["y"] + box["height"]


def test_home_shows_search_and_all_doors_at_once_and_ends_after_three_screens(phone):
    phone.goto("/")
    doors = phone.locator(".doors a")
    expect(doors).to_have_count(3)
    assert get_bottom(phone.get_by_role("searchbox")) < get_bottom(doors.last) <= PHONE["height"]
    height = phone.evaluate("document.documentElement.scrollHeight")
    assert height <= 3 * PHONE["height"]


@pytest.mark.parametrize("width", [320, 1_184, 1_280])
def test_the_header_is_one_line_with_questions_to_take_along(new_page, width):
    page = new_page(viewport={"width": width, "height": 812})
    page.goto("/")
    line = page.locator(".top .wrap").bounding_box()["height"]
    page.goto("/questions/")
    page.locator("summary").first.click()
    for tick in page.locator(".topic[open] .asked input").all()[:10]:
        tick.check()
    page.goto("/")
    expect(page.locator("#menu [data-asks]")).to_have_attribute("data-asked", "10")
    assert page.locator(".top .wrap").bounding_box()["height"] == line <= 64


@scripts
def test_clinics_find_their_page_from_the_top_of_any_page(new_page, java_script_enabled):
    page = new_page(viewport=PHONE, java_script_enabled=java_script_enabled)
    page.goto("/questions/driving-and-work/")
    page.locator(".top").get_by_role("button", name="Menu").click()
    page.locator("#menu").get_by_role("link", name="For clinics").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hand these pages to your patients")


@pytest.mark.parametrize(
    ("address", "first"),
    [(ASKED, ".answer-card"), ("/search/?q=ketamin", ".found li"), ("/sources/", ".list li"),
     ("/glossary/", ".terms dd")],
)  # fmt: skip
def test_the_first_result_is_in_the_first_screen(phone, address, first):
    phone.goto(address)
    assert get_bottom(phone.locator(f"main {first}").first) <= PHONE["height"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_leaves_the_screen_with_letters_twice_as_large_or_spaced(phone, address):
    phone.goto(address)
    phone.evaluate(UNFOLD)
    phone.evaluate(LARGE_TEXT)
    beyond = {"large": phone.evaluate(OVERFLOW)}
    phone.set_viewport_size({"width": 320, "height": 640})
    beyond["large, small phone"] = phone.evaluate(OVERFLOW)
    phone.evaluate("document.documentElement.style.fontSize = ''")
    phone.evaluate(SPACED_TEXT)
    beyond["spaced"] = phone.evaluate(OVERFLOW)
    assert not any(beyond.values()), beyond


@pytest.mark.parametrize(
    "address",
    ["/decide/ketamine-for-depression/", "/compounds/ketamine/", "/compounds/compare/"],
)
@pytest.mark.parametrize("width", [340, 375, 412])
def test_a_mark_and_the_number_of_its_source_stay_on_one_line(new_page, address, width):
    page = new_page(viewport={"width": width, "height": 812})
    page.goto(address)
    page.evaluate(UNFOLD)
    assert page.evaluate(TORN_MARKS) == []


def test_a_number_of_a_source_opens_the_line_that_holds_it(phone):
    phone.goto("/questions/driving-and-work/")
    source = phone.locator("#s1")
    expect(source).to_be_hidden()
    phone.locator("main sup a").first.click()
    expect(source).to_be_visible()
    expect(source).to_be_in_viewport()


def test_a_live_search_is_there_again_after_back(phone):
    phone.goto("/search/")
    phone.get_by_role("searchbox").press_sequentially("bladder")
    result = phone.locator(".found a").first
    title = result.inner_text()
    result.click()
    expect(phone.get_by_role("heading", level=1)).to_have_text(title)
    phone.go_back()
    expect(phone.get_by_role("searchbox")).to_have_value("bladder")
    expect(phone.locator(".found a").first).to_have_text(title)
    assert "bladder" not in phone.url
