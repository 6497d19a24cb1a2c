"""Synonyms of editors: what readers type leads to the page that answers."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from psychoplastogens.editorial.content_loader import InvalidFixture
from psychoplastogens.editorial.models import ContentVersion
from psychoplastogens.search.content_loader import load_synonyms
from psychoplastogens.search.models import Synonym
from tests.factories import make_compound, make_faq, make_staff, make_user
from tests.login import sign_in
from tests.search.patient_questions import list_results

pytestmark = pytest.mark.django_db
PILLS = "/questions/pills/"


def results(client, words):
    return list_results(client.get("/search/", {"q": words}).content.decode())


@pytest.fixture
def medicines():
    make_faq(slug="pills", question="May I go on with my pills?", answer="Often. Ask first.")
    make_faq(slug="other", question="What else?", answer="A walk with the dog.")
    kind = Synonym.Kind.MEDICINE_CLASS
    group = Synonym.objects.create(name="Antidepressant", kind=kind, page=PILLS)
    Synonym.objects.create(
        name="fluoxetine", kind="medicine", broader=group, other_names=["Prozac", "Sarafem"]
    )


@pytest.mark.parametrize(
    "typed", ["prozac", "PROZAC", "fluoxetine", "prosac", "is prozac ok", "antidepressants"]
)
def test_a_medicine_leads_to_the_page_of_its_class(client, medicines, typed):
    assert results(client, typed)[0] == PILLS


def test_other_words_of_a_search_do_not_hide_the_page(client, medicines):
    for number in range(5):
        make_faq(question=f"Does a walk help? {number}", answer="A walk in the wood.")
    assert PILLS in results(client, "prozac walk wood")[:3]


def test_a_page_of_its_own_comes_before_that_of_the_class(client, medicines):
    make_faq(slug="prozac", question="What of this one?")
    Synonym.objects.filter(name="fluoxetine").update(page="/questions/prozac/")
    ContentVersion.objects.bump()
    assert results(client, "sarafem")[0] == "/questions/prozac/"


def test_a_withdrawn_page_does_not_come_back(client, medicines):
    assert results(client, "prozac") == [PILLS]
    from psychoplastogens.content.models import Faq

    Faq.objects.get(slug="pills").withdraw(by=make_user(), reason="It was wrong.")
    assert results(client, "prozac") == []


def test_a_saved_synonym_is_found_at_once(client, medicines):
    assert results(client, "sunshine") == []
    Synonym.objects.create(name="sunshine", kind="word", page=PILLS)
    assert results(client, "sunshine") == [PILLS]
    Synonym.objects.get(name="sunshine").delete()
    assert results(client, "sunshine") == []


def test_names_of_a_synonym_are_nowhere_shown(client, medicines):
    html = client.get("/search/", {"q": "prozac"}).content.decode()
    assert "Sarafem" not in html
    assert "fluoxetine" not in html


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": "x", "kind": "word"}, "Name the page that answers, or a class."),
        ({"name": "x", "kind": "word", "page": "/questions/no/"}, "Readers find no page"),
        ({"name": "x", "kind": "word", "page": "https://evil.example/"}, "An address such as"),
        ({"name": "PROZAC!", "kind": "word", "page": PILLS, "other_names": ["…"]}, "neither"),
        ({"name": "Fluoxetine", "kind": "word", "page": PILLS}, "A synonym has this name"),
    ],
)
def test_a_synonym_that_leads_nowhere_is_refused(medicines, fields, wrong):
    with pytest.raises(ValidationError, match=wrong):
        Synonym(**fields).full_clean()


def test_the_database_refuses_one_without_a_page():
    with pytest.raises(IntegrityError), transaction.atomic():
        Synonym.objects.create(name="x", kind="word")


def write(folder, text):
    (folder / "synonyms").mkdir(exist_ok=True)
    (folder / "synonyms" / "words.yaml").write_text(text)


RECORD = "- {name: booze, kind: word, page: /questions/alcohol/, other_names: [%s]}"


def test_a_file_is_loaded_and_changed_but_never_over_edits_of_staff(tmp_path):
    write(tmp_path, RECORD % "beer")
    load_synonyms(tmp_path)
    write(tmp_path, RECORD % "wine")
    load_synonyms(tmp_path)
    assert Synonym.objects.get().other_names == ["wine"]
    Synonym.objects.update(other_names=["rum"])
    write(tmp_path, RECORD % "gin")
    load_synonyms(tmp_path)
    assert Synonym.objects.get().other_names == ["rum"]
    Synonym.objects.all().delete()
    load_synonyms(tmp_path)
    assert not Synonym.objects.exists()


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("- {name: booze, kind: word}", "booze: name the page"),
        ("- {name: booze, kind: word, page: /a/, colour: red}", "booze: unknown colour"),
        ("- {name: gin, kind: medicine, broader: Spirits}", "gin: no class 'Spirits'"),
        ("- {name: a, kind: word, page: /a/}\n- {name: A, kind: word, page: /a/}", "has this name"),
        ("- {name: booze, kind: nonsense, page: /a/}", "nonsense"),
        ("- {kind: word, page: /a/}", "words.yaml: each record needs a name"),
        ("- booze", "words.yaml: each record needs a name"),
    ],
)
def test_a_mistake_in_a_file_is_named(tmp_path, text, wrong):
    write(tmp_path, text)
    with pytest.raises(InvalidFixture, match=wrong):
        load_synonyms(tmp_path)


def test_a_missed_search_opens_the_form_filled_in(admin_client, medicines):
    from django.utils import timezone

    from psychoplastogens.search.models import MissedSearch

    MissedSearch.objects.add_count("zebra fish", timezone.localdate(), 5)
    html = admin_client.get("/admin/search/missedsearch/").content.decode()
    address = "/admin/search/synonym/add/?name=zebra+fish&amp;kind=word"
    assert f'href="{address}"' in html
    form = admin_client.get(address.replace("&amp;", "&")).content.decode()
    assert 'value="zebra fish"' in form
    assert '<option value="word" selected>' in form


def test_an_author_may_add_one_and_the_change_is_in_its_history(client, medicines):
    sign_in(client, make_staff("Author", name="ada"))
    answer = client.post(
        "/admin/search/synonym/add/",
        {"name": "happy pill", "kind": "word", "other_names": "joy pill\nsun", "page": PILLS},
    )
    assert answer.status_code == 302
    made = Synonym.objects.get(name="happy pill")
    assert made.other_names == ["joy pill", "sun"]
    history = client.get(f"/admin/search/synonym/{made.pk}/history/").content.decode()
    assert "ada" in history


def test_others_may_not(client, medicines):
    for role, status in (("Reviewer", 403), ("Clinic editor", 403)):
        sign_in(client, make_staff(role, name=role))
        assert client.get("/admin/search/synonym/add/").status_code == status


def test_the_first_page_of_the_admin_lists_lost_pages(admin_client, medicines):
    Synonym.objects.create(name="lost word", kind="word", page="/questions/gone/")
    assert "lost word" in admin_client.get("/admin/").content.decode()


def test_a_compound_keeps_its_own_page_for_its_name(client, medicines):
    make_compound(name="Ketamine", slug="ketamine")
    Synonym.objects.create(name="ketamine", kind="word", page=PILLS)
    assert results(client, "ketamine")[0] == "/compounds/ketamine/"
