"""The search of the admin over everything that an account may see."""

import pytest
from django.utils.html import escape
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.editorial.admin.record_search import (
    MAX_OF_A_KIND,
    READERS_FIND,
    clean_query,
    split_query,
)
from psychoplastogens.editorial.models import Status
from psychoplastogens.editorial.workflow import transitions
from psychoplastogens.search.index_cache import clear_index_cache
from psychoplastogens.search.models import Synonym
from tests.admin_forms import address_of
from tests.factories import (
    make_clinic,
    make_compound,
    make_condition,
    make_explainer,
    make_faq,
    make_finding,
    make_pack,
    make_source,
    make_staff,
    make_term,
    make_user,
    make_walkthrough,
)
from tests.login import sign_in
from tests.workflow_helpers import get_draft, publish_draft, save_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]


@pytest.fixture(autouse=True)
def new_index():
    """Pages are indexed anew; the numbers of content versions repeat in tests."""
    clear_index_cache()
    yield
    clear_index_cache()


def find(client, query):
    page = client.get("/admin/find/", {"q": query})
    assert page.status_code == 200
    return page


def groups(page):
    """{group: [names of its records]}"""
    found = page.context["groups"]
    return {group.title: [record.name for record in group.records] for group in found}


def texts(page):
    """[(place, words, whether it is in a draft)]"""
    return [(text.place, text.words, text.is_draft) for text in page.context["texts"]]


def test_records_are_found_by_title_address_and_author_in_their_groups(admin_client):
    faq = make_faq(question="Is moss safe?", slug="green-carpet")
    source = make_source(slug="fern-2020", title="Moss and ferns", authors="Greenwood A")
    finding = make_finding(name="Fewer moss allergies", source=make_source(slug="other"))
    assert groups(find(admin_client, "moss")) == {
        "Pages": [str(faq)],
        "Numbers and sources": [str(source), str(finding)],
    }
    assert groups(find(admin_client, "green-carpe")) == {"Pages": [str(faq)]}
    assert str(source) in groups(find(admin_client, "greenwood"))["Numbers and sources"]
    assertContains(find(admin_client, "moss"), f'href="{address_of(faq)}"')


def test_a_title_comes_before_a_text_and_more_are_in_the_list(admin_client):
    for number in range(MAX_OF_A_KIND + 1):
        make_faq(question=f"A {number}?", answer="Of lichen.")
    last = make_faq(question="Z: what is lichen?")
    page = find(admin_client, "lichen")
    assert groups(page)["Pages"][0] == str(last)
    assert len(groups(page)["Pages"]) == MAX_OF_A_KIND
    assertContains(page, 'href="/admin/content/faq/?q=lichen"')


def test_what_is_named_so_comes_first_and_letters_within_words_last(admin_client):
    make_condition(name="Treatment-resistant blues", slug="trd")
    make_compound(name="Beats", slug="beats")
    faqs = [
        make_faq(question="Can I eat before?", slug="food"),
        make_faq(question="A meal?", slug="can-i-eat"),
        make_faq(question="A treatment?", slug="cure"),
    ]
    named = [make_compound(name="Eat", slug="one"), make_term(term="Eat", slug="two")]
    found = groups(find(admin_client, "eat"))["Pages"]
    assert found[:4] == [*map(str, named), str(faqs[0]), str(faqs[1])]
    assert set(found[4:]) == {"Treatment-resistant blues", "Beats", "A treatment?"}


@pytest.mark.parametrize("word", ["Medicines", "medicine", "compounds"])
def test_a_kind_is_found_by_the_word_that_readers_have_for_it(admin_client, word):
    page = find(admin_client, word)
    assert groups(page)["Pages"] == ["All compounds"]
    assertContains(page, 'href="/admin/content/compound/"')


def test_words_in_a_text_are_shown_with_what_stands_around_them(admin_client):
    text = f"{'before ' * 20}the <b>Quiet</b> forest floor {'after ' * 20}"
    guide = make_explainer({"title": "One", "plain": text})
    page = find(admin_client, "forest quiet")
    [found] = page.context["texts"]
    assert (found.place, found.words) == (f"{guide} › Section › Plain text", "Quiet")
    assert found.before.startswith("…")
    assert len(found.before + found.after) < 150
    assertContains(page, escape("the <b>"))
    part = guide.sections.get()
    assert found.address == f"{address_of(guide)}#part-{part.pk}"
    assertContains(admin_client.get(address_of(guide)), f'id="part-{part.pk}"')


def test_a_part_with_a_form_of_its_own_leads_there(admin_client):
    walkthrough = make_walkthrough({"plain": "Only snails."})
    [found] = find(admin_client, "snails").context["texts"]
    assert found.address == f"{address_of(walkthrough.steps.get())}#id_plain"


def test_words_of_an_open_draft_are_found_and_those_of_an_old_one_are_not(admin_client):
    faq = make_faq(question="Is it?", answer="Old.")
    save_draft(faq, answer="“Glühwürmchen” are here.")
    expected = [("Is it? › Answer", "Glühwürmchen", True)]
    assert texts(find(admin_client, "Glühwürmchen")) == expected
    transitions.discard(get_draft(faq), by=make_user("author"))
    assert texts(find(admin_client, "Glühwürmchen")) == []


def test_a_text_that_a_draft_leaves_alone_is_found_once(admin_client):
    faq = make_faq(answer="The canopy.")
    save_draft(faq, question="Another title?")
    assert [is_draft for *_, is_draft in texts(find(admin_client, "canopy"))] == [True]
    publish_draft(faq)
    assert [is_draft for *_, is_draft in texts(find(admin_client, "canopy"))] == [False]


def test_all_words_must_be_in_one_text(admin_client):
    make_faq(question="Is it?", answer="The canopy.", do_now="Look at the roots.")
    assert texts(find(admin_client, "canopy roots")) == []


def test_what_an_account_may_not_see_is_not_found(client):
    make_faq(question="Is moss safe?", answer="Moss is.", status=Status.DRAFT)
    make_user("moss")
    own, other = make_clinic(name="Moss clinic"), make_clinic(name="Moss hospital")
    editor = make_staff("Clinic editor")
    own.editors.add(editor)
    mine, theirs = make_pack(title="Moss list", clinic=own), make_pack(title="Moss", clinic=other)
    page = find(sign_in(client, editor), "moss")
    assert groups(page) == {"Everything else": [str(own), str(mine)]}
    assert texts(page) == []
    assertNotContains(page, str(theirs.pk))
    assertNotContains(page, "Moss hospital")


def test_who_writes_pages_finds_no_accounts(client):
    make_user("moss")
    author = sign_in(client, make_staff("Author"))
    assert groups(find(author, "moss")) == {}
    assertContains(find(author, "moss"), "Nothing that you may see holds “moss”.")


def test_it_asks_for_an_account(client):
    assert client.get("/admin/find/", {"q": "moss"}).status_code == 302


@pytest.mark.parametrize(
    "query", ["", "  ", "%", "_", "\\", "'", '"', "<script>", "é" * 300, "a " * 500, "[[(*"]
)
def test_any_query_is_answered(admin_client, query):
    make_term(term="Synapse", meaning="Where cells meet.")
    page = find(admin_client, query)
    assertNotContains(page, "<script>é")
    if query == "%":
        assert texts(page) == []


def test_a_query_is_cut_to_a_few_words():
    assert len(split_query("w " * 50)) == 6
    assert clean_query(f"  {'x' * 500}") == "x" * 398


def test_every_page_of_the_admin_has_the_search(admin_client, client):
    for address in ("/admin/", "/admin/content/faq/", address_of(make_faq())):
        assertContains(admin_client.get(address), 'action="/admin/find/" role="search"')
    assertNotContains(client.get("/admin/login/", follow=True), 'role="search"')


def test_a_source_is_found_by_the_name_that_the_admin_shows(admin_client):
    source = make_source(slug="fern-2020", title=f"Moss: and {'ferns ' * 30}")
    assert str(source).startswith("fern-2020: Moss")
    assert admin_client.get("/admin/find/", {"q": str(source)}).url == address_of(source)
    cut = f"{str(source)[:-4]}…"
    assert groups(find(admin_client, cut)) == {"Numbers and sources": [str(source)]}


def test_a_title_of_many_words_is_named_by_all_of_them(admin_client):
    title = "May I eat or drink before my session?"
    faq = make_faq(question=title, slug="eating")
    make_faq(question="May I eat or drink before it?", slug="drinking")
    page = admin_client.get("/admin/find/", {"q": f"{title} "})
    assert page.url == address_of(faq)


@pytest.mark.parametrize("query", ["is moss safe?", "Green-Carpet", "  is  moss safe? "])
def test_a_query_that_names_one_record_opens_it(admin_client, query):
    faq = make_faq(question="Is moss safe?", slug="green-carpet")
    make_faq(question="Is moss safe? And when?", slug="green")
    page = admin_client.get("/admin/find/", {"q": query})
    assert (page.status_code, page["Location"]) == (302, address_of(faq))
    make_term(term="Is moss safe?", slug="moss")
    page = find(admin_client, "is moss safe?")
    assert len(groups(page)["Pages"]) == 3


def test_a_query_that_names_a_word_of_search_shows_pages_beside_it(admin_client):
    Synonym.objects.create(name="moss", kind="word", other_names=["carpet"], page="/help/")
    make_faq(question="Is moss safe?", slug="safe")
    assert groups(find(admin_client, "moss"))["Pages"]


def test_a_query_that_names_what_an_account_may_not_see_leads_nowhere(client):
    make_faq(question="Is moss safe?", slug="green-carpet")
    editor = sign_in(client, make_staff("Clinic editor"))
    assert groups(find(editor, "green-carpet")) == {}


def test_what_readers_find_by_a_synonym_or_another_form_is_named(admin_client):
    guide = make_explainer({"title": "Before", "slug": "before"}, title="For families")
    eating = make_faq(question="May I eat before?", slug="eating")
    make_faq(question="Is NPO meant for me?", slug="draft-npo", status=Status.DRAFT)
    Synonym.objects.create(name="NPO", kind="word", page=eating.get_absolute_url())
    page = find(admin_client, "family")
    assert groups(page) == {READERS_FIND: [str(guide)]}
    other = make_faq(question="A familyless word?", slug="no-family")
    assert list(groups(find(admin_client, "family")).items()) == [
        (READERS_FIND, [str(guide)]),  # The best of all comes first.
        ("Pages", [str(other)]),
    ]
    assertContains(page, f'href="{address_of(guide)}"')
    assert groups(find(admin_client, "npo"))[READERS_FIND] == [str(eating)]
    assert READERS_FIND not in groups(find(admin_client, "families"))  # It stands above.


def test_a_part_that_readers_find_is_named_by_its_place_in_the_form(admin_client):
    guide = make_explainer({"title": "Of walks", "plain": "Rest."}, title="The day")
    page = find(admin_client, "walking")
    assert groups(page)[READERS_FIND] == [str(guide.sections.get())]
    assertContains(page, f'href="{address_of(guide)}#part-{guide.sections.get().pk}"')


def test_what_readers_find_is_named_only_to_who_may_open_it(client):
    make_faq(question="Are there ferns?")
    sign_in(client, make_staff("Clinic editor"))
    assert groups(find(client, "fern")) == {}
