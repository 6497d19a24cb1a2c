"""An address that nobody typed is made of the title, and never that of something else."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.clinics.models import Clinic
from psychoplastogens.content.models import Explainer, GlossaryTerm, Section
from psychoplastogens.editorial.models import OldAddress
from psychoplastogens.evidence.models import Source
from tests.admin_forms import address_of, errors_of, typed
from tests.factories import make_clinic, make_explainer, make_pack, make_source, make_term
from tests.workflow_helpers import get_draft

pytestmark = pytest.mark.django_db
TERM_FORM = "/admin/content/glossaryterm/add/"
SOURCE_FORM = "/admin/evidence/source/add/"
PAPER = {"title": "A paper on rest", "kind": "article", "verified": "seen", "supports": "It."}


def add(client, address, **fields):
    return client.post(address, typed(client.get(address), slug="", **fields), follow=True)


def get_slug_of_new_term(client, name):
    page = add(client, TERM_FORM, term=name, meaning="So.")
    assert "errors" not in page.context or not errors_of(page)
    return GlossaryTerm.objects.get(term=name).slug


def test_a_term_gets_the_slug_that_texts_name_it_by(admin_client):
    assert get_slug_of_new_term(admin_client, "Motion Sickness") == "motion-sickness"


def test_a_title_without_a_letter_for_an_address_gets_one_of_its_kind(admin_client):
    assert get_slug_of_new_term(admin_client, "\u7761\u7720") == "glossary-term"


def test_a_slug_of_another_record_gets_a_number(admin_client):
    make_term(slug="rest")
    make_term(slug="rest-2")
    assert get_slug_of_new_term(admin_client, "Rest") == "rest-3"


def test_a_slug_that_old_links_lead_elsewhere_by_is_not_given_out(admin_client):
    OldAddress.objects.add(make_term(slug="sleep"), "rest")
    assert get_slug_of_new_term(admin_client, "Rest") == "rest-2"


def test_a_long_title_gives_a_slug_that_fits(admin_client):
    name = "rest " * 15 + "again"
    made = get_slug_of_new_term(admin_client, name.strip())
    assert len(made) <= 80 and made.startswith("rest-rest") and not made.endswith("-")


def test_without_a_title_the_title_alone_is_asked_for(admin_client):
    page = add(admin_client, TERM_FORM, term="", meaning="So.")
    assert errors_of(page).keys() == {"term"}


@pytest.mark.parametrize(
    ("fields", "slug"),
    [
        ({"authors": "Li N, Lee B", "year": "2010"}, "li-n-2010"),
        ({"authors": "Li N et al.", "year": "2010"}, "li-n-2010"),
        ({"publisher": "FDA", "year": "2025"}, "fda-2025"),
        ({"year": "2025"}, "a-paper-on-rest"),
    ],
)
def test_a_source_is_cited_by_who_wrote_it(admin_client, fields, slug):
    add(admin_client, SOURCE_FORM, **PAPER, **fields)
    assert Source.objects.get().slug == slug


def test_an_emptied_slug_stays_as_it_was(admin_client):
    source = make_source(slug="li-2010")
    form = typed(admin_client.get(address_of(source)), slug="", title="Another title")
    admin_client.post(address_of(source), form)
    assert get_draft(source).snapshot[0]["fields"]["slug"] == "li-2010"


def test_new_parts_of_one_title_get_addresses_of_their_own(admin_client):
    make_explainer({"title": "The day", "slug": "the-day"}, slug="elsewhere")
    guide = make_explainer({"title": "Going home", "slug": "home"}, summary="S.", key_points="K.")
    new = {"sections-TOTAL_FORMS": "3"}
    for number in (1, 2):
        part = {"title": "The day", "slug": "", "plain": "So.", "order": str(number)}
        new |= {f"sections-{number}-{name}": value for name, value in part.items()}
    admin_client.post(address_of(guide), typed(admin_client.get(address_of(guide)), **new))
    rows = get_draft(guide).snapshot
    model = Section._meta.label_lower
    slugs = {row["fields"]["slug"] for row in rows if row["model"] == model}
    assert slugs == {"home", "the-day", "the-day-2"}
    assert Explainer.objects.count() == 2


def test_a_clinic_needs_no_slug(admin_client):
    make_clinic(name="Harbor", slug="harbor")
    fields = {"name": "Harbor!", "phone": "503-555-0100"}
    page = admin_client.post(
        "/admin/clinics/clinic/add/",
        typed(admin_client.get("/admin/clinics/clinic/add/"), slug="", **fields),
    )
    assert page.status_code == 302, errors_of(page)
    assert sorted(Clinic.objects.values_list("slug", flat=True)) == ["harbor", "harbor-2"]


def test_a_form_says_what_becomes_of_a_slug_that_is_left_empty(admin_client):
    made, stays = "Left empty, it is made for you.", "Left empty, it stays “rest”."
    page = admin_client.get(TERM_FORM)
    assertContains(page, made)
    term = make_term(slug="rest")
    page = admin_client.get(address_of(term))
    assertContains(page, stays)
    assertNotContains(page, made)
    admin_client.post(address_of(term), typed(page, slug="", term="Something else"))
    assert get_draft(term).snapshot[0]["fields"]["slug"] == "rest"
    explainer = make_explainer({"slug": "rest", "title": "Part"})
    page = admin_client.get(address_of(explainer))
    assertContains(page, stays)
    assertContains(page, made)  # in a new part


def test_the_form_of_a_reading_list_says_it_too(admin_client):
    page = admin_client.get("/admin/clinics/pack/add/")
    assertContains(page, "Left empty, it is made of the title")
    page = admin_client.get(address_of(make_pack(slug="before")))
    assertContains(page, "Left empty, it stays “before”.")
    assertNotContains(page, "it is made of the title")
