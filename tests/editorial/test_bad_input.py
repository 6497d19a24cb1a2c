"""What an attacker or an unlucky editor would post into the admin's forms, and what comes of it."""

import pytest
from django.contrib.messages import get_messages
from pytest_django.asserts import assertContains

from psychoplastogens.content.models import Explainer, Faq
from psychoplastogens.editorial.drafts.text_validation import MAX_TEXT_LENGTH
from psychoplastogens.editorial.models import HistoryEntry, Revision
from tests.admin_forms import address_of, errors_of, typed
from tests.factories import make_compound, make_explainer, make_faq, make_source, make_term
from tests.workflow_helpers import get_draft

pytestmark = pytest.mark.django_db
FIVE_MEGABYTES = 5_000_000
MOST_SHOWN = 20 * MAX_TEXT_LENGTH  # characters of an answer
BODY = "sections-0-plain"
BOMBS = {
    "quotes in quotes": ">",
    "lists in lists": "- ",
    "quotes and lists": "> - ",
    "a list of many": "- a\n",
    "brackets": "[",
    "terms begun": "[[",
    "links begun": "[a](",
    "links": "[a](/b/) ",
    "footnotes": "Yes.[^it] ",
    "terms": "[[it]] ",
    "emphasis": "*a **b ",
    "stars": "*",
    "backticks": "`",
    "boxes": ":::advice\n",
    "boxes in quotes": "> :::advice\n",
    "one long word": "a",
    "quotation marks": '"“',
    "accents": "e\u0301\u0301\u0301\u0301",
}


def save(client, record, **changes):
    return client.post(address_of(record), typed(client.get(address_of(record)), **changes))


def guide():
    return make_explainer({"title": "Part"}, title="Old", summary="S.", key_points="K.")


def nothing_is_kept():
    return not Revision.objects.exists() and not HistoryEntry.objects.exists()


@pytest.mark.parametrize("piece", BOMBS.values(), ids=BOMBS)
def test_a_bomb_in_a_text_is_kept_shown_and_compared_within_bounds(admin_client, piece):
    make_source(slug="it")
    make_term(slug="it")
    explainer, bomb = guide(), (piece * MAX_TEXT_LENGTH)[:MAX_TEXT_LENGTH].strip()
    sent = typed(admin_client.get(address_of(explainer)), **{BODY: bomb})
    told = admin_client.post(address_of(explainer, "typed") + "?number=1", sent)
    assert len(told.content) < MOST_SHOWN
    assert told.json()["page"]
    assert admin_client.post(address_of(explainer), sent).status_code == 302
    assert get_draft(explainer).snapshot[1]["fields"]["plain"] == bomb
    for page in ("change", "previewed", "review"):
        answer = admin_client.get(address_of(explainer, page), {"number": 1})
        assert answer.status_code == 200
        assert len(answer.content) < MOST_SHOWN


def test_thousands_of_names_that_nobody_wrote_are_told_within_bounds(admin_client):
    explainer = guide()
    names = " ".join(f"[^n{number}] [[n{number}]]" for number in range(2_000))
    assert save(admin_client, explainer, **{BODY: names}).status_code == 302
    page = admin_client.get(address_of(explainer), {"stops": 1})
    assertContains(page, "there is no source “n0”")
    assert len(page.content) < MOST_SHOWN


TEXTS = {
    "prose": (guide, BODY),
    "a title": (guide, "title"),
    "lines": (make_compound, "questions_to_ask"),
    "a plain text": (make_source, "supports"),
    "names": (make_term, "synonyms"),
}


@pytest.mark.parametrize(("make_one", "field"), TEXTS.values(), ids=TEXTS)
def test_a_paste_of_five_megabytes_is_refused_at_its_field_and_given_back(
    admin_client, make_one, field
):
    record, paste = make_one(), "Rest well. " * (FIVE_MEGABYTES // 11)
    page = save(admin_client, record, **{field: paste})
    assert page.status_code == 200
    [wrong] = errors_of(page)[field]
    assert "characters" in wrong
    assert page.content.count(b"Rest well. ") >= FIVE_MEGABYTES // 11 - 1
    told = admin_client.post(
        address_of(record, "typed"),
        typed(admin_client.get(address_of(record)), **{field: paste}),
    ).json()
    assert wrong in told["findings"]
    assert nothing_is_kept()


def test_more_than_a_form_may_send_is_said_in_words(admin_client):
    faq = make_faq(answer="Old.")
    sent = typed(admin_client.get(address_of(faq)), answer="a" * 7_000_000)
    admin_client.handler.enforce_csrf_checks = True  # which read the form first
    for page in ("change", "typed"):
        answer = admin_client.post(address_of(faq, page), sent)
        assertContains(answer, "A form may send 6 MB.", status_code=413)
        assertContains(answer, "Go back with your browser’s Back button", status_code=413)
    assert nothing_is_kept()


def test_more_fields_than_a_form_may_have_are_said_in_words(admin_client):
    sent = {f"sections-{number}-plain": "a" for number in range(2_000)}
    answer = admin_client.post(address_of(guide()), sent)
    assertContains(answer, "That was too much at once", status_code=413)
    assert nothing_is_kept()


LOST = {
    "bytes that are not UTF-8": (b"caf%E9", "U+FFFD"),
    "half of a letter": (b"a%ED%A0%80", "U+FFFD"),
    "an overlong slash": (b"a%C0%AF", "U+FFFD"),
    "a NUL": (b"a%00b", "Null characters are not allowed."),
}


@pytest.mark.parametrize(("sent", "said"), LOST.values(), ids=LOST)
@pytest.mark.parametrize("field", ["question", "answer"])
def test_what_is_no_text_is_refused_at_its_field(admin_client, field, sent, said):
    from urllib.parse import urlencode

    faq = make_faq(answer="Old.")
    form = typed(admin_client.get(address_of(faq)), change_reason="Kept?") | {field: "MARK"}
    body = urlencode(form, doseq=True).encode().replace(b"MARK", sent)
    kind = "application/x-www-form-urlencoded"
    page = admin_client.post(address_of(faq), body, content_type=kind)
    assert said in errors_of(page)[field][0]
    assertContains(page, 'value="Kept?"')
    assert nothing_is_kept()


def test_a_file_is_refused_for_what_is_no_text_in_it(admin_client):
    text = '- slug: one\n  term: "a\\0b"\n  meaning: "Fine."\n'
    sent = {"file_format": "yaml", "text": text, "_keep": "1"}
    page = admin_client.post("/admin/content/glossaryterm/import/", sent)
    assertContains(page, "term: Line 1: a character is lost (U+0000). Type it again.")
    half = text.replace("\\0", "\\ud800")
    page = admin_client.post("/admin/content/glossaryterm/import/", sent | {"text": half})
    assertContains(page, "This is not sound YAML")
    assert nothing_is_kept()


def test_line_ends_of_a_browser_are_no_change(admin_client):
    faq = make_faq(answer="One.\n\nTwo.")
    page = admin_client.post(
        address_of(faq), typed(admin_client.get(address_of(faq)), answer="One.\r\n\r\nTwo.")
    )
    assert page.status_code == 302
    assert nothing_is_kept()
    save(admin_client, faq, answer="One.\r\n\r\nThree.")
    assert get_draft(faq).snapshot[0]["fields"]["answer"] == "One.\n\nThree."


FORGED = ["-1", "0", "x", "1e9", "9" * 400, "٣", "0" * 32, "../..", "<b>", "%00", "' or 1=1 --"]


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_number_in_an_address_is_no_breakdown(admin_client, forged):
    faq = make_faq(answer="Old.")
    save(admin_client, faq, answer="New.")
    before = list(Revision.objects.values())
    for page, name in (
        *(("preview", "revision"), ("preview", "number"), ("previewed", "revision")),
        *(("previewed", "number"), ("history", "p"), ("review", "revision"), ("conflict", "typed")),
        *(("compare", "a"), ("compare", "b")),
    ):
        answer = admin_client.get(address_of(faq, page), {name: forged})
        assert answer.status_code in (200, 400, 404), page
        assert "New.<script" not in answer.content.decode()
    assert list(Revision.objects.values()) == before


@pytest.mark.parametrize("verb", ["restore", "submit", "discard", "publish"])
def test_a_forged_revision_is_nothing_to_act_on(admin_client, verb):
    faq = make_faq(answer="Old.")
    save(admin_client, faq, answer="New.")
    before = list(Revision.objects.values())
    for forged in ("", *FORGED):
        admin_client.cookies.pop("messages", None)  # what was said before
        page = admin_client.post(address_of(faq, "do"), {"verb": verb, "revision": forged})
        assert page.status_code == 302, forged
        [said] = get_messages(page.wsgi_request)
        assert str(said) == "There is no such revision of this record.", forged
        assert list(Revision.objects.values()) == before, forged


def test_what_is_said_of_a_forged_revision_is_read_on_the_next_page(admin_client):
    sent = {"verb": "submit", "revision": "x"}
    page = admin_client.post(address_of(make_faq(), "do"), sent, follow=True)
    assertContains(page, "There is no such revision of this record.")


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_revision_in_a_form_loses_nothing(admin_client, forged):
    faq = make_faq(answer="Old.")
    save(admin_client, faq, answer="Theirs.")
    page = save(admin_client, faq, answer="Mine.", based_on=forged)
    assert "/conflict/?typed=" in page["Location"]
    assertContains(admin_client.get(page["Location"]), "Mine.")
    assert get_draft(faq).snapshot[0]["fields"]["answer"] == "Theirs."


@pytest.mark.parametrize("button", ["_save", "_submit"])
def test_a_form_that_is_sent_twice_is_saved_once(admin_client, button):
    explainer = guide()
    new = {"order": 9, "title": "Comes", "slug": "comes", "plain": "Words.\r\nMore."}
    parts = {f"sections-1-{name}": value for name, value in new.items()}
    sent = typed(admin_client.get(address_of(explainer)), title="New", **parts)
    sent |= {"sections-TOTAL_FORMS": 2, button: "1"}
    first, second = (admin_client.post(address_of(explainer), sent) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Revision.objects.exclude(origin="found").count() == 1
    page = admin_client.get(second["Location"])
    assertContains(page, "This text was saved before, as revision 2.")


def test_what_was_typed_on_the_same_form_after_it_was_sent_is_not_lost(admin_client):
    faq = make_faq(answer="Old.")
    sent = typed(admin_client.get(address_of(faq)), answer="New.")
    admin_client.post(address_of(faq), sent)
    page = admin_client.post(address_of(faq), sent | {"answer": "And more."})
    assertContains(admin_client.get(page["Location"]), "And more.")


def test_a_new_record_that_is_sent_twice_is_made_once(admin_client):
    address = "/admin/content/glossaryterm/add/"
    sent = typed(admin_client.get(address), term="Spine", slug="spine", meaning="A bud.")
    assert admin_client.post(address, sent).status_code == 302
    page = admin_client.post(address, sent)
    assert errors_of(page)["slug"] == ["“Spine” has this address. Choose another."]
    assert Revision.objects.count() == 1


def test_a_form_for_a_record_that_was_deleted_meanwhile_says_so(admin_client):
    faq = make_faq(answer="Old.", status="draft")
    sent = typed(admin_client.get(address_of(faq)), answer="Mine.")
    admin_client.post(address_of(faq, "delete"), {"post": "yes"})
    assert admin_client.post(address_of(faq), sent).status_code in (302, 404)
    assert admin_client.post(address_of(faq, "typed"), sent).status_code == 404
    assert not Faq.objects.exists() and not Explainer.objects.exists()
