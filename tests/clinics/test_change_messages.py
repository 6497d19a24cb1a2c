"""The history of a clinic and its lists says what was changed, from what to what, and no more."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.utils import timezone
from pytest_django.asserts import assertContains

from psychoplastogens.clinics.models import Clinic, Pack
from tests.admin_forms import address_of, typed
from tests.factories import make_clinic, make_faq, make_pack

pytestmark = pytest.mark.django_db
NOTE = "Read it first.\nThen sleep."


@pytest.fixture
def pack():
    """Two pages; the first has a note of two lines."""
    questions = [make_faq(question=f"{name}?") for name in ("Food", "Sleep")]
    pack = make_pack(*questions, title="Before", greeting="Hello.\nWelcome.")
    pack.items.filter(order=pack.items.first().order).update(note=NOTE)
    return pack


def latest(client, record, *taken_out, **fields):
    """What the history says after `fields` were typed into the form."""
    sent = typed(client.get(address_of(record)))
    sent |= {"greeting": sent["greeting"].replace("\n", "\r\n")} | fields  # As browsers send it.
    notes = {name: text.replace("\n", "\r\n") for name, text in sent.items() if "-note" in name}
    answer = client.post(address_of(record), {**sent, **notes, **dict.fromkeys(taken_out, "on")})
    assert answer.status_code == 302
    history = client.get(f"{address_of(record).removesuffix('change/')}history/")
    return history.context["action_list"][0].get_change_message()


def test_short_values_are_told_and_nothing_that_stayed(admin_client, pack):
    said = latest(admin_client, pack, title="On the day", slug="on-the-day")
    assert said == f"Title: “Before” → “On the day”. Slug: “{pack.slug}” → “on-the-day”."


def test_a_save_without_a_change_says_so(admin_client, pack):
    assert latest(admin_client, pack) == "No fields changed."


def test_a_long_text_is_named_and_a_tick_is_yes_or_no(admin_client, pack):
    said = latest(admin_client, pack, greeting="Hello. " * 20, is_live="")
    assert said == "Greeting changed. Open: yes → no."


def test_a_note_of_one_page_is_told_with_its_page(admin_client, pack):
    said = latest(admin_client, pack, **{"items-1-note": "At night."})
    assert said == "Page “Sleep?”: Note: nothing → “At night.”."


def test_a_page_that_is_taken_out_is_named(admin_client, pack):
    assert latest(admin_client, pack, "items-0-DELETE") == "Took out page “Food?”."


def test_what_is_typed_is_text_in_the_history(admin_client, pack):
    latest(admin_client, pack, title="<b>On</b>")
    history = admin_client.get(f"{address_of(pack).removesuffix('change/')}history/")
    assertContains(history, "→ “&lt;b&gt;On&lt;/b&gt;”.")


def test_how_patients_reach_a_clinic_is_told_once(admin_client):
    clinic = make_clinic(phone="503-555-0100")
    said = latest(admin_client, clinic, phone="503-555-0199")
    assert said == "Phone: “503-555-0100” → “503-555-0199”."


def test_the_history_of_a_list_is_like_that_of_a_text(admin_client, pack):
    latest(admin_client, pack, title="First")
    latest(admin_client, pack, title="Second")
    history = admin_client.get(f"{address_of(pack).removesuffix('change/')}history/")
    told = [entry.get_change_message() for entry in history.context["action_list"]]
    assert told == ["Title: “First” → “Second”.", "Title: “Before” → “First”."]
    assertContains(history, f"{timezone.now():%-d %B %Y}, ")
    assertContains(history, "UTC</time>")


def test_a_long_history_goes_on_to_what_was_earlier(admin_client, admin_user, pack):
    entries = [f"Change {number}." for number in range(101)]
    for words in entries:
        LogEntry.objects.log_actions(admin_user.pk, [pack], CHANGE, words)
    address = f"{address_of(pack).removesuffix('change/')}history/"
    assertContains(admin_client.get(address), 'href="?p=2"')
    earlier = admin_client.get(address, {"p": 2})
    assert [entry.change_message for entry in earlier.context["action_list"]] == ["Change 0."]


def test_an_added_page_is_told_with_its_note(admin_client, pack):
    page = make_faq(question="Driving?")
    number = "items-2-"
    sent = {
        f"{number}page": f"faq:{page.pk}",
        f"{number}note": "Ask at the desk.",
        f"{number}order": "3",
    }
    said = latest(admin_client, pack, **sent, **{"items-TOTAL_FORMS": "3"})
    assert said == "Added page “Driving?”. Note: “Ask at the desk.”."


def test_a_new_list_tells_its_notes(admin_client):
    make_clinic()
    page = make_faq(question="Driving?")
    address = "/admin/clinics/pack/add/"
    sent = typed(admin_client.get(address), title="Before", clinic=str(Clinic.objects.get().pk))
    sent |= {"items-0-page": f"faq:{page.pk}", "items-0-note": "Ask.", "is_live": "on"}
    admin_client.post(address, sent)
    history = admin_client.get(f"{address_of(Pack.objects.get()).removesuffix('change/')}history/")
    assertContains(history, "Added. Added page “Driving?”. Note: “Ask.”.")
