"""The example clinic is made once, and a code of a file is given once."""

import pytest

from psychoplastogens.clinics import content_loader
from psychoplastogens.clinics.models import Clinic, Pack
from psychoplastogens.editorial.content_loader import InvalidFixture
from psychoplastogens.short_links.content_loader import load_short_links
from psychoplastogens.short_links.models import ShortLink
from tests.factories import make_faq

pytestmark = pytest.mark.django_db
CLINIC = """
- slug: moss
  name: Moss Clinic (an example)
  phone: 503-555-0100
  packs:
    - slug: before
      title: Before
      code: cdfgh
      pages:
        - page: /questions/driving/
          note: Ring us.
          read_first: true
        - /questions/was-renamed/
        - /ask/
"""


@pytest.fixture
def load(tmp_path):
    """load(clinics=..., links=...): load files with these texts."""

    def write_and_load(clinics="[]", links="{}"):
        (tmp_path / "clinics.yaml").write_text(clinics)
        (tmp_path / "short_links.yaml").write_text(links)
        content_loader.load_clinics(tmp_path)
        load_short_links(tmp_path)

    return write_and_load


def test_a_clinic_comes_with_its_lists_pages_and_code(load, client):
    make_faq(slug="driving", question="Can I drive?")
    load(CLINIC)
    assert client.get("/s/cdfgh/")["Location"] == "/c/moss/before/"
    items = Pack.objects.get().get_visible_items()
    assert [(item.title, item.note, item.read_first) for item in items] == [
        ("Can I drive?", "Ring us.", True),
        ("My questions for the visit", "", False),
    ]


def test_it_is_made_once_and_what_staff_did_stays(load):
    load(CLINIC)
    Clinic.objects.update(phone="503-555-0111")
    load(CLINIC)
    assert Clinic.objects.get().phone == "503-555-0111"
    Pack.objects.all().delete()
    Clinic.objects.all().delete()
    load(CLINIC)
    assert not Clinic.objects.exists()


def test_a_code_is_given_once(load):
    first, second = make_faq(slug="first"), make_faq(slug="second")
    load(links='"cdfgh": /questions/first/')
    load(links='"cdfgh": /questions/second/\n"hgfdc": /questions/first/')
    assert [(link.code, link.page) for link in ShortLink.objects.all()] == [("cdfgh", first)]
    load(links='"wwwww": /questions/second/')
    assert ShortLink.objects.get_or_create_for(second).code == "wwwww"


def test_a_page_that_is_not_there_is_passed_over(load):
    load(links='"cdfgh": /questions/nowhere/')
    assert not ShortLink.objects.exists()


def test_no_files_are_no_mistake(tmp_path):
    content_loader.load_clinics(tmp_path)
    assert not Clinic.objects.exists()


@pytest.mark.parametrize(
    ("clinics", "links", "said"),
    [
        ("- slug: [", "{}", "clinics.yaml: This is not sound YAML"),
        ("moss", "{}", "clinics.yaml must hold a list"),
        ("- {slug: moss, name: Moss, phone: ring}", "{}", "phone: Write it as people dial it"),
        ("- {slug: moss, name: Moss, fax: 1}", "{}", "fax"),
        (CLINIC.replace("title: Before", "name: Before"), "{}", "name"),
        (CLINIC.replace("cdfgh", "hello"), "{}", "code hello"),
        ("[]", '"oak": /questions/driving/', "code oak"),
        ("[]", "- cdfgh", "short_links.yaml must hold a dict"),
    ],
)
def test_a_mistake_is_named_with_its_file(load, clinics, links, said):
    make_faq(slug="driving")
    with pytest.raises(InvalidFixture, match=said) as caught:
        load(clinics, links)
    assert ".yaml" in str(caught.value)
