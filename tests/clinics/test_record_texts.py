"""What a clinic pastes into a record: the line for the chart, a portal message, a smart phrase."""

from datetime import date

import pytest

from psychoplastogens.clinics.models.pack import PackItem
from psychoplastogens.clinics.reading_lists import make_page_code
from psychoplastogens.clinics.sharing.kit import ShareKit
from psychoplastogens.clinics.sharing.list_kits import build_pack_share_kit, get_version
from tests.clinics.test_list_sharing import field
from tests.factories import make_clinic, make_compound, make_faq, make_pack, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "https://understory.example/s/fwh7r/"
BARE = {"address": ADDRESS, "titles": ("Ketamine", "Does it work?"), "version": date(2026, 11, 21)}


def made(**fields):
    return ShareKit(**BARE | fields)


def test_the_chart_says_what_was_given_in_which_version_and_where_it_is():
    given = "Given: Ketamine; Does it work?, version 21 November 2026, " + ADDRESS
    assert made().chart_note == made(discreet=False).chart_note == given
    own = made(title="Before", clinic="Oakside").chart_note
    assert own == f"Given: Before, version 21 November 2026, {ADDRESS}"
    assert made(titles=("My questions",), version=None).chart_note == (
        f"Given: My questions, {ADDRESS}"
    )


def test_the_version_is_the_day_of_the_last_change_of_any_of_its_pages():
    new = make_faq(slug="new", written_on=date(2026, 1, 1), updated_on=date(2026, 5, 1))
    pack = make_pack(new, make_faq(slug="old", written_on=date(2026, 3, 1)), None)
    assert build_pack_share_kit(pack, "").version == date(2026, 5, 1)
    assert get_version([PackItem(question_list=True)]) is None


def test_a_smart_phrase_has_one_blank_for_what_only_the_clinic_knows():
    phrase = made(clinic="Oakside", phone="503-555-0100").smart_phrase
    assert phrase.startswith(made(clinic="Oakside").chart_note + "\n")
    assert phrase.count("***") == 1
    assert phrase.endswith("In the patient’s own words: ***\n")


def test_a_portal_message_is_short_and_plain_with_the_link_on_a_line_of_its_own():
    message = made(clinic="Oakside", phone="503-555-0100", minutes=9).portal_message
    assert ADDRESS in message.splitlines()
    assert len(message) < 400
    assert not set("<>*_[]|#") & set(message)
    assert "Questions? Call us: 503-555-0100" in message
    assert message.endswith("\n\nOakside\n")
    assert "Ketamine" not in message
    nobody = made().portal_message
    assert "Questions?" not in nobody
    assert "In an emergency call 911." in nobody


def test_a_clinic_copies_them_for_its_own_list(admin_client):
    pack = make_pack(make_compound(slug="ketamine"), clinic=make_clinic(slug="oakside"))
    html = admin_client.get(f"/admin/clinics/pack/{pack.pk}/hand-out/").text
    assert f"Given: {pack.title}, version" in field(html, "chart")
    assert pack.clinic.phone in field(html, "portal")


def test_a_page_leads_to_its_copies(client):
    make_compound(slug="ketamine", name="Ketamine")
    assert 'href="/compounds/ketamine/handout/copies/"' in client.get("/compounds/ketamine/").text
    response = client.get("/compounds/ketamine/handout/copies/")
    assert "Given: Ketamine, version" in field(response.text, "chart")
    code = make_page_code("compound", "ketamine")
    assert f'href="/list/{code}/hand-out/poster/' in response.text
    assert client.get("/compounds/none/handout/copies/").status_code == 404


@pytest.mark.parametrize("status", ["draft", "withdrawn"])
def test_a_page_that_readers_do_not_see_has_none(client, status):
    make_compound(slug="draft", status="draft")
    make_compound(slug="withdrawn").withdraw(by=make_user(), reason="Wrong.")
    response = client.get(f"/compounds/{status}/handout/copies/")
    assert response.status_code == {"draft": 404, "withdrawn": 410}[status]
