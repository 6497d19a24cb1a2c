"""A new kind of page is found wherever pages are found, though no other file knows of it.

tests/testapp_page/ defines the kind: a model, a view, a URL, templates, an admin.
"""

import importlib
from xml.etree import ElementTree

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import ProtectedError
from django.template.loader import get_template
from django.test import override_settings
from django.urls import resolve
from django.utils.translation import override
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens import urls as site_urls
from psychoplastogens.clinics.reading_lists import make_page_code
from psychoplastogens.content.changes import get_changes
from psychoplastogens.content.models import Translation
from psychoplastogens.editorial.drafts.serialization import save_from_dict, to_dict
from psychoplastogens.editorial.drafts.snapshots import take_snapshot
from psychoplastogens.editorial.models import Page, Publishable, Status, get_page_models
from psychoplastogens.editorial.workflow import transitions
from psychoplastogens.editorial.workflow.references import find_uses
from psychoplastogens.embeds import urls as embeds_urls
from psychoplastogens.handouts import urls as handouts_urls
from psychoplastogens.handouts.links import get_handout_url
from psychoplastogens.infobutton import catalog
from psychoplastogens.infobutton.models import Code
from psychoplastogens.search import index_cache
from psychoplastogens.short_links.content_loader import map_records_by_address
from psychoplastogens.short_links.models import ShortLink
from tests import factories
from tests.admin_forms import address_of, typed
from tests.html_outline import find_faults
from tests.infobutton.infobutton_client import JSON, ask, criterion, titles
from tests.test_leaks import MARK, dressed, tells

pytestmark = pytest.mark.django_db
APP = "tests.testapp_page"
PAGE, FRAME = "/field-notes/moss/", "/embed/field-notes/moss/"
HANDOUT = "/field-notes/moss/handout.pdf"


def reload_urls():
    """Make anew the addresses that come from the models of pages, and those of the admin."""
    for module in (embeds_urls, handouts_urls, site_urls):
        importlib.reload(module)


@pytest.fixture(scope="module", autouse=True)
def installed_app(django_db_setup, django_db_blocker):
    with override_settings(
        INSTALLED_APPS=[*settings.INSTALLED_APPS, APP], ROOT_URLCONF=f"{APP}.root_urls"
    ):
        reload_urls()
        model = apps.get_model("testapp_page", "FieldNote")
        with django_db_blocker.unblock():
            with connection.schema_editor() as editor:
                editor.create_model(model)
            kind = ContentType.objects.get_for_model(model)  # Before the transaction of a test.
            yield
            kind.delete()
            with connection.schema_editor() as editor:
                editor.delete_model(model)
    admin.site.unregister(model)
    ContentType.objects.clear_cache()
    reload_urls()


@pytest.fixture(autouse=True)
def clear_copies():
    index_cache.clear_index_cache()
    catalog.clear_catalog_cache()
    yield
    index_cache.clear_index_cache()
    catalog.clear_catalog_cache()


def make_note(**fields):
    model = apps.get_model("testapp_page", "FieldNote")
    factories.make_source(slug="li-2010", title="How moss grows")
    defaults = {
        "slug": "moss",
        "title": "Moss on stones",
        "summary": "Where it grows.",
        "text": "It grows in the shade.[^li-2010]",
        "update_note": "A stone more.",
    }
    return factories.make(model, **defaults | fields)


def test_it_has_a_page(client):
    make_note()
    response = client.get(PAGE)
    assertContains(response, "Moss on stones")
    assertContains(response, "It grows in the shade.")
    assert not find_faults(response.text)


def test_search_finds_it_under_a_heading_of_its_own(client):
    make_note()
    response = client.get("/search/?q=shade&kind=field-note")
    assertContains(response, f'href="{PAGE}"')
    assertContains(response, "Field notes")


def test_the_sitemap_names_it(client):
    note = make_note()
    expected = f"{PAGE}</loc><lastmod>{note.written_on}</lastmod>"
    assert client.get("/sitemap.xml").text.count(expected) == 1


@pytest.mark.parametrize("address", ["/changes/", "/changes/feed/"])
def test_changes_and_their_feed_name_it(client, address):
    make_note()
    assertContains(client.get(address), PAGE)
    assert [change.kind for change in get_changes()] == ["field note"]


def test_another_site_can_frame_it(client):
    make_note()
    origin = settings.SITE_ORIGIN
    assertContains(client.get(FRAME), "It grows in the shade.")
    data = client.get("/oembed/", {"url": origin + PAGE}).json()
    assert data["title"] == "Moss on stones"
    assert f'src="{origin}{FRAME}"' in data["html"]


def test_it_has_a_handout(client, handouts_as_text):
    note = make_note()
    assertContains(client.get(HANDOUT), "It grows in the shade.")
    assert get_handout_url(note) in (HANDOUT, "")  # '' where this machine prints none


def test_a_record_system_gets_its_summary(client):
    make_note()
    asked = {"mainSearchCriteria.v.ot": "moss on stones"}
    response = ask(client, asked, JSON)
    assert titles(response) == ["Moss on stones"]
    assertContains(response, "How moss grows")


def test_a_code_leads_to_it(client):
    note = make_note()
    code = factories.make_code("F33", page=note)
    response = ask(client, criterion("F33") | JSON)
    assert titles(response) == ["Moss on stones"]
    assert [use.page for use in find_uses(note)] == [code]
    with pytest.raises(ProtectedError):
        note.delete()


def test_staff_and_files_give_it_a_code(admin_client):
    note = make_note()
    choice = {"id": f"fieldnote:{note.pk}", "text": "Moss on stones"}
    found = admin_client.get("/admin/infobutton/code/pages/?term=moss").json()["results"]
    assert found == [{"text": "Field notes", "children": [choice]}]
    data = {"slug": "a", "system": "icd-10-cm", "code": "F33", "display": "A"}
    code = save_from_dict(Code, data | {"page": "fieldnote/moss"})
    assert (code.page, to_dict(code)["page"]) == (note, "fieldnote/moss")


def test_a_short_link_leads_to_it(client):
    note = make_note()
    link = ShortLink.objects.get_or_create_for(note)
    assert client.get(f"/s/{link.code}/")["Location"] == PAGE
    assert map_records_by_address()[PAGE] == note
    note.delete()
    assert ShortLink.objects.get().page is None


def test_a_reading_list_holds_it(client):
    note = make_note()
    pack = factories.make_pack(note, title="Before", clinic=factories.make_clinic(slug="oak"))
    item = f"/c/oak/{pack.slug}/1/"
    assertContains(client.get(pack.get_absolute_url()), f'href="{item}"')
    assertContains(client.get(item), "It grows in the shade.")
    assert [use.page for use in find_uses(note)] == [pack]
    note.delete()
    assert not pack.items.exists()


def test_anybody_can_put_it_into_a_list(client):
    make_note()
    code = make_page_code("fieldnote", "moss")
    assertContains(client.get("/clinics/"), "<legend>Field notes</legend>")
    assertContains(client.get("/clinics/"), f'value="{code}"')
    assertContains(client.get(f"/list/{code}/"), "Moss on stones")


def test_a_clinic_can_choose_it(admin_client):
    note, pack = make_note(), factories.make_pack()
    page = admin_client.get(address_of(pack))
    assertContains(admin_client.get("/admin/clinics/pack/pages/?term=stones"), "Moss on stones")
    sent = {"items-TOTAL_FORMS": 1, "items-0-page": f"fieldnote:{note.pk}", "items-0-order": 1}
    admin_client.post(address_of(pack), typed(page, **sent))
    assert [item.page for item in pack.items.all()] == [note]


def test_a_source_names_the_page_that_cites_it(client):
    note = make_note()
    assertContains(client.get("/sources/li-2010/"), f'href="{PAGE}"')
    source = apps.get_model("evidence", "Source").objects.get(slug="li-2010")
    assert [use.page for use in find_uses(source)] == [note]


def test_it_is_used_where_a_text_links_to_it():
    note = make_note()
    faq = factories.make_faq(answer=f"See [moss]({PAGE}).")
    assert [use.page for use in find_uses(note)] == [faq]


def test_staff_can_edit_and_preview_it(admin_client):
    note = make_note()
    transitions.save_draft(note, take_snapshot(note), by=factories.make_user("author"))
    for action in ("change", "preview", "previewed", "review", "history", "uses"):
        assert admin_client.get(address_of(note, action)).status_code == 200


ADDRESSES = [
    *(PAGE, FRAME, HANDOUT, "/sitemap.xml", "/changes/", "/changes/feed/", "/sources/li-2010/"),
    *("/search/?q=grows", "/search/fragment/?q=grows"),
    f"/connect/service?mainSearchCriteria.v.ot={MARK}",
    f"/oembed/?url={settings.SITE_ORIGIN}{PAGE}",
]


@pytest.mark.parametrize("status", [Status.DRAFT, Status.PUBLISHED])
@pytest.mark.parametrize("address", ADDRESSES)
def test_no_reader_meets_a_word_of_a_draft(client, handouts_as_text, address, status):
    note = make_note(title="Published words")
    type(note).objects.filter(pk=note.pk).update(status=status)
    snapshot = dressed(take_snapshot(note))
    transitions.save_draft(note, snapshot, by=factories.make_user("author"))
    if status == Status.DRAFT:
        type(note).objects.filter(pk=note.pk).update(
            title=f"{MARK} words", text=f"{MARK} words.[^li-2010]"
        )
    answer = client.get(address)
    assert not tells(answer)
    readers_meet_it = address in (PAGE, FRAME, HANDOUT)
    assert not readers_meet_it or (answer.status_code == 200) == (status == Status.PUBLISHED)


def test_the_words_would_be_met(client, handouts_as_text):
    make_note(title=f"{MARK} words", text=f"{MARK} words.[^li-2010]")
    met = {address for address in ADDRESSES if tells(client.get(address))}
    assert met == set(ADDRESSES) - {"/sitemap.xml"}  # It holds addresses alone.


@pytest.mark.parametrize("address", [PAGE, FRAME])
def test_a_withdrawn_one_says_why_and_is_found_nowhere(client, address):
    note = make_note()
    transitions.withdraw(note, by=factories.make_user(), reason="The stones moved.")
    assertContains(client.get(address), "The stones moved.", status_code=410)
    assert client.get(HANDOUT).status_code == 410
    assertNotContains(client.get("/sitemap.xml"), PAGE)
    assertNotContains(client.get("/search/?q=shade"), PAGE)


@pytest.mark.parametrize("address", [PAGE, FRAME, HANDOUT])
def test_its_old_addresses_lead_on(client, address):
    note = make_note()
    note.slug = "lichen"
    note.save()
    response = client.get(address)
    assert response.status_code == 301
    assert response["Location"] == address.replace("moss", "lichen")


def test_a_frame_is_found_by_an_old_address(client):
    note = make_note()
    note.slug = "lichen"
    note.save()
    data = client.get("/oembed/", {"url": settings.SITE_ORIGIN + PAGE}).json()
    assert FRAME.replace("moss", "lichen") in data["html"]


def test_sitemap_and_changes_take_one_query_for_each_kind(client, django_assert_num_queries):
    make_note()
    for address, queries in (("/sitemap.xml", 14), ("/changes/feed/", 7)):
        client.get(address)
        with django_assert_num_queries(queries):
            ElementTree.fromstring(client.get(address).content)


def test_every_kind_is_a_page_once():
    models = get_page_models()
    assert len(models) == len(set(models)) >= 11
    assert {model for model in apps.get_models() if issubclass(model, Page)} == set(models)
    assert all(issubclass(model.get_owner_model(), Publishable) for model in models)


def make_one_of_each():
    """{model: a page of it}."""
    make_note()
    factories.make_claim()
    factories.make_term()
    factories.make_compound(statuses=[{"source": factories.make_source()}])
    factories.make_condition()
    factories.make_decision()
    factories.make_faq()
    factories.make_explainer({})
    factories.make_walkthrough({})
    factories.make_translation()
    found = {}
    for model in get_page_models():
        with override("es" if model is Translation else None):
            found[model] = model.published_pages().first()
    return found


def test_every_kind_keeps_the_contract():
    for model, page in make_one_of_each().items():
        if model.has_own_page:
            match = resolve(page.get_absolute_url())
            assert (match.view_name, match.route) == (model.url_name, model.route)
        assert str(page) == page.get_full_title() or page.brand
        assert page.get_search_text().title
        assert model.search_group
        if model.is_shareable:
            get_template(model.template_name)
            assert page.get_context()
            assert page.build_sheet().title
            assert page.minutes >= 1
        if model.frame_template:
            get_template(model.frame_template)
        if model.feed_text_field:
            assert isinstance(page.get_feed_text(), str)


def test_groups_of_results_and_kinds_do_not_share_a_name_or_a_place():
    groups = {model.search_group for model in get_page_models()}
    assert len({group.key for group in groups}) == len(groups)
    assert len({group.order for group in groups}) == len(groups)
    kinds = [model.get_kind() for model in get_page_models()]
    assert len(set(kinds)) == len(kinds)
