"""What people come for, on a phone: from home to the answer in three taps and one screen."""

import re
from collections import namedtuple

import pytest
from playwright.sync_api import expect

PHONE = {"width": 375, "height": 812}
MOST_TAPS = 3
Task = namedtuple("Task", "typed topic page")
TASKS = [
    Task("can i drive home", "On the day", "driving-and-work"),
    Task("what will it feel like", "What it feels like", "what-does-a-session-feel-like"),
    Task(
        "i take adderall and have high blood pressure",
        "Medicines and health conditions",
        "adhd-medicine",
    ),
    Task("how long does it last", "Does it work?", "how-long-does-the-effect-last"),
    Task("spravato or infusion", "Does it work?", "spravato-or-iv-ketamine"),
    Task(
        "will it rewire my brain",
        "Research and other compounds",
        "does-ketamine-grow-brain-connections",
    ),
    Task("how many people does it help", "Does it work?", "does-spravato-work"),
    Task("how much does it cost", "Cost and insurance", "cost-of-iv-ketamine"),
]
# A door of home, the question that its page answers or links to, and its page
WAYS_FROM_DOORS = [
    ("I have a visit booked", "What does a session feel like?", "what-does-a-session-feel-like"),
    ("I have a visit booked", "Can I drive home?", "driving-and-work"),
    ("I am deciding", "How many people does it help?", "does-spravato-work"),
    ("I am deciding", "How much does it cost?", "cost-of-iv-ketamine"),
    (
        "How does it work?",
        "Does it grow connections in my brain?",
        "does-ketamine-grow-brain-connections",
    ),
]
each_task = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.page)
scripts = pytest.mark.parametrize("java_script_enabled", [True, False], ids=["scripts", "bare"])


class Walk:
    """A reader on a phone. It counts taps, and the pixels it scrolls down to what it wants."""

    def __init__(self, page):
        self.page, self.taps, self.scrolled = page, 0, 0
        page.goto("/")

    def look_at(self, part):
        part = part.first
        expect(part).to_be_visible()
        bottom = part.evaluate("part => part.getBoundingClientRect().bottom")
        if bottom > PHONE["height"]:
            self.scrolled += bottom - PHONE["height"]
        part.scroll_into_view_if_needed()

    def tap(self, part):
        self.look_at(part)
        part.first.click()
        self.taps += 1

    def tap_words(self, words):
        """Tap a link or a fold of the page that says so."""
        main = self.page.locator("main")
        name = re.compile(rf"^\s*{re.escape(words)}")
        self.tap(main.locator("a:visible, summary:visible").filter(has_text=name))

    def assert_short(self):
        walked = f"{self.taps} taps, {self.scrolled:.0f} px"
        assert self.taps <= MOST_TAPS, walked
        assert self.scrolled <= PHONE["height"], walked


@pytest.fixture
def walk(new_page):
    return lambda **options: Walk(new_page(viewport=PHONE, **options))


@each_task
@scripts
def test_a_search_leads_to_the_answer_in_three_taps(walk, task, java_script_enabled):
    reader = walk(java_script_enabled=java_script_enabled)
    reader.tap(reader.page.locator("main [name=q]"))
    reader.page.keyboard.type(task.typed)
    reader.page.keyboard.press("Enter")
    reader.taps += 1
    reader.page.wait_for_url("**/search/**")
    result = reader.page.locator("main").locator(".answer-card a, .found a").first
    expect(result).to_be_in_viewport()
    reader.tap(result)
    reader.page.wait_for_url(f"**/questions/{task.page}/")
    expect(reader.page.locator(".answer .first")).to_be_in_viewport(ratio=1)
    reader.assert_short()


@each_task
@scripts
def test_topics_lead_to_the_answer_in_three_taps_and_one_screen(walk, task, java_script_enabled):
    reader = walk(java_script_enabled=java_script_enabled)
    reader.tap_words("Questions people ask")
    reader.tap_words(task.topic)
    reader.tap(reader.page.locator(f"main a[href='/questions/{task.page}/']"))
    reader.look_at(reader.page.locator(".answer .first"))
    reader.assert_short()


@scripts
def test_a_link_to_a_question_opens_its_topic(new_page, java_script_enabled):
    page = new_page(viewport=PHONE, java_script_enabled=java_script_enabled)
    page.goto("/questions/#driving-and-work")
    expect(page.locator("#driving-and-work")).to_be_in_viewport(ratio=1)
    expect(page.locator(".topic[open]")).to_have_count(1)


def test_all_questions_are_on_paper(new_page):
    page = new_page(viewport=PHONE)
    page.goto("/questions/")
    page.emulate_media(media="print")
    folded = page.locator(".asked > a").evaluate_all(
        "links => links.filter(link => !link.getBoundingClientRect().height).length"
    )
    assert folded == 0


@pytest.mark.parametrize(("door", "question", "slug"), WAYS_FROM_DOORS)
def test_each_door_of_home_leads_to_the_answers_its_reader_wants(walk, door, question, slug):
    reader = walk()
    reader.tap_words(door)
    reader.tap_words(question)
    reader.page.wait_for_url(f"**/questions/{slug}/")
    reader.look_at(reader.page.locator(".answer .first"))
    reader.assert_short()


def test_somebody_in_despair_finds_who_to_call_in_the_first_screen(walk):
    page = walk().page
    page.locator("main [name=q]").click()
    page.keyboard.type("i feel like killing myself right now")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/**")
    for name in ("Call 988", "Text 988", "Call 911"):
        call = page.locator("main").get_by_role("link", name=name, exact=True).first
        expect(call).to_be_in_viewport(ratio=1)


@scripts
def test_help_is_one_tap_from_home(walk, java_script_enabled):
    reader = walk(java_script_enabled=java_script_enabled)
    reader.tap(reader.page.locator(".top").get_by_text("Help now").locator("visible=true"))
    call = reader.page.locator("#help a[href^='tel:']").first
    expect(call).to_be_in_viewport(ratio=1)


def test_the_link_of_a_clinic_shows_whom_to_call_and_what_to_read_first(walk):
    page = walk().page
    page.goto("/c/oakside/before/")
    expect(page.locator("main a[href^='tel:']").first).to_be_in_viewport(ratio=1)
    expect(page.locator("main li a[href]").first).to_be_in_viewport(ratio=1)
