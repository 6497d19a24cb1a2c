"""The history of a record: one row a text, with what happened to it; any two texts compared."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.admin.views import record_history
from psychoplastogens.editorial.models import HistoryEntry, Revision
from psychoplastogens.editorial.workflow import transitions
from tests.admin_forms import address_of
from tests.factories import make_faq, make_user
from tests.workflow_helpers import publish_draft, save_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]


@pytest.fixture
def reader(sign_in):
    return sign_in("reader", "view_faq")


@pytest.fixture
def faq():
    """Published as "First.", then as "Second."; withdrawn; with a draft that says "Third."."""
    faq = make_faq(answer="First.")
    save_draft(faq, answer="Second.")
    publish_draft(faq)
    faq.refresh_from_db()
    transitions.withdraw(faq, by=make_user("publisher"), reason="Wrong.")
    save_draft(faq, answer="Third.")
    return faq


def rows_of(client, record, **query):
    """(number of the revision or None, its verbs) of each row."""
    rows = client.get(address_of(record, "history"), query).context["rows"]
    return [
        (row.revision and row.revision.number, [entry.verb for entry in row.entries])
        for row in rows
    ]


def compare(client, record, a, b):
    return client.get(address_of(record, "compare"), {"a": a, "b": b})


def test_each_text_has_one_row_with_what_happened_to_it(reader, faq):
    assert rows_of(reader, faq) == [
        (3, ["saved"]),
        (None, ["withdrawn"]),
        (2, ["saved", "submitted", "approved", "published"]),
        (1, []),
    ]
    page = reader.get(address_of(faq, "history"))
    assertContains(page, "Withdrew it from readers")
    assertContains(page, "As it stood before the first edit")
    assertContains(page, '<th scope="row">', count=3)


def test_of_the_published_texts_it_says_which_one_readers_read_now(reader, faq):
    def read_now():
        rows = reader.get(address_of(faq, "history")).text.split('<th scope="row">')[1:]
        return [row.partition("</th>")[0].count("readers read this text now") for row in rows]

    assert read_now() == [0, 0, 0]
    publish_draft(faq)
    assert read_now() == [1, 0, 0]
    assertContains(reader.get(address_of(faq, "history")), "Published before", count=2)
    assertContains(compare(reader, faq, 1, 3), "readers read this text now", count=1)


def test_texts_and_acts_of_another_record_are_not_among_them(reader, faq):
    other = make_faq(question="Other?")
    transitions.withdraw(other, by=make_user("publisher"), reason="Wrong.")
    assert rows_of(reader, other) == [(None, ["withdrawn"]), (1, [])]


def test_a_record_that_nobody_changed_says_so(reader):
    page = reader.get(address_of(make_faq(), "history"))
    assertContains(page, "Staff have not changed this record since it was loaded.")
    assertNotContains(page, "Compare A and B")


def test_pages_leave_no_act_out_and_show_none_twice(reader, faq, monkeypatch):
    monkeypatch.setattr(record_history, "REVISIONS_PER_PAGE", 1)
    HistoryEntry.objects.filter(verb="withdrawn").update(at=timezone.now() - timedelta(seconds=1))
    save_times = Revision.objects.about(faq)
    for revision, ago in zip(save_times, (0, 2, 4), strict=True):
        Revision.objects.filter(pk=revision.pk).update(
            created_at=timezone.now() - timedelta(seconds=ago)
        )
    pages = [rows_of(reader, faq, p=number) for number in (1, 2, 3)]
    assert [number for page in pages for number, _ in page if number] == [3, 2, 1]
    assert [verbs for page in pages for number, verbs in page if not number] == [["withdrawn"]]


def test_any_two_texts_are_compared_the_older_one_first(reader, faq):
    page = compare(reader, faq, 3, 1)
    assertContains(page, "Revisions 1 and 3 compared")
    assertContains(page, "<del>First.</del>")
    assertContains(page, "<ins>Third.</ins>")
    assertNotContains(page, "Second.")
    assertContains(page, "Revision 1:")
    assertContains(compare(reader, faq, 1, 3), "<ins>Third.</ins>")


def test_what_was_found_has_one_time_in_the_history_and_beside_another_text(reader, faq):
    day = timezone.now() - timedelta(days=40)
    Revision.objects.about(faq).filter(number=1).update(published_at=day)
    shown = date_format(timezone.localtime(day), "j F Y, H:i T")
    assertContains(reader.get(address_of(faq, "history")), shown, count=1)
    assertContains(compare(reader, faq, 1, 2), shown, count=1)


def test_a_text_differs_from_itself_in_nothing(reader, faq):
    assertContains(compare(reader, faq, 2, 2), "Both say the same.")


@pytest.mark.parametrize(
    ("a", "b"), [("", ""), ("1", ""), ("1", "9"), ("x", "1"), ("-1", "1"), ("1" * 99, "1")]
)
def test_a_text_that_is_none_is_not_found(reader, faq, a, b):
    assert compare(reader, faq, a, b).status_code == 404


def test_the_page_before_it_chooses_the_two_newest(reader, faq):
    html = reader.get(address_of(faq, "history")).content.decode()
    assert re.findall(r'name="(\w)" value="(\d)"[^>]*checked', html) == [("b", "3"), ("a", "2")]


def test_who_may_change_the_record_restores_either_text(sign_in, reader, faq):
    assertNotContains(compare(reader, faq, 1, 2), "Restore as a draft")
    editor = sign_in("editor", "view_faq", "change_faq")
    assertContains(compare(editor, faq, 1, 2), "Restore as a draft", count=2)
    assertContains(compare(editor, faq, 1, 3), "Restore as a draft", count=1)


def test_who_may_not_see_the_record_compares_nothing(sign_in, faq):
    assert compare(sign_in("stranger", "view_source"), faq, 1, 2).status_code == 403
