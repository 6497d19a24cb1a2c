"""Who paid for a study, and how sure it is, stand with each of its numbers."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.html import strip_tags
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content.rendering.published_references import PublishedReferences
from psychoplastogens.editorial.drafts.serialization import save_from_dict, to_dict
from psychoplastogens.editorial.workflow.check_rules import CheckRule
from psychoplastogens.evidence.models import Source
from psychoplastogens.handouts.typst_data import TypstRenderer
from psychoplastogens.infobutton.plain_prose import render_plain_prose
from tests.check_helpers import get_problems
from tests.factories import make_compound, make_finding, make_source

pytestmark = pytest.mark.django_db

PAID = "Paid for by the maker of the drug: Moss Labs."
DRAWN = "{{finding:halved}}"


def make_paid(**fields):
    source = make_source(slug="moss-2020", funding="maker", funder="Moss Labs")
    return make_finding(slug="halved", source=source, **fields)


def test_a_number_says_who_paid_wherever_it_is_drawn(client):
    finding = make_paid()
    compound = make_compound(slug="moss", findings=[finding], pictured=[finding])
    for address in (compound.get_absolute_url(), "/compounds/moss/numbers/", "/sources/moss-2020/"):
        assertContains(client.get(address), PAID)
    references = PublishedReferences([DRAWN])
    assert PAID in render_plain_prose(DRAWN, references).html
    [block] = TypstRenderer(references, 2).render_text(DRAWN)
    assert PAID in block["reason"]


def test_a_number_says_how_much_confidence_it_deserves_and_why_wherever_it_is_drawn(client):
    finding = make_paid(certainty="low", certainty_reason="One small trial.")
    compound = make_compound(slug="moss", findings=[finding], pictured=[finding])
    for address in (compound.get_absolute_url(), "/compounds/moss/numbers/", "/sources/moss-2020/"):
        page = strip_tags(client.get(address).content.decode())
        assert "Confidence: low. One small trial." in " ".join(page.split())
    references = PublishedReferences([DRAWN])
    assert "Confidence: low. One small trial." in render_plain_prose(DRAWN, references).html
    [block] = TypstRenderer(references, 2).render_text(DRAWN)
    assert block["certainty"] == "Confidence: low."
    assert block["reason"].startswith("One small trial.")


@pytest.mark.parametrize(
    ("funding", "funder", "words"),
    [
        ("maker", "Moss Labs", PAID),
        ("public", "The state", "Paid for with public money: The state."),
        ("charity", "Friends", "Paid for by a charity: Friends."),
        ("mixed", "A and B", "Paid for by several: A and B."),
        ("not_stated", "", "Who paid for it is not stated in what we read."),
        ("", "", ""),
    ],
)
def test_each_kind_of_funder_has_its_words(funding, funder, words):
    assert make_source(funding=funding, funder=funder).paid_by == words


def test_a_source_that_was_not_looked_up_says_nothing_of_it(client):
    source = make_source()
    assertNotContains(client.get(source.get_absolute_url()), "Who paid")


@pytest.mark.parametrize(
    ("funding", "funder"), [("maker", ""), ("mixed", ""), ("", "Moss"), ("not_stated", "Moss")]
)
def test_a_funder_has_a_name_and_a_name_has_its_kind(funding, funder):
    source = make_source()
    source.funding, source.funder = funding, funder
    with pytest.raises(ValidationError, match="Choose who paid and name the funder"):
        source.full_clean()
    with pytest.raises(IntegrityError):
        source.save()


@pytest.mark.parametrize("subject", ["people", "animals"])
def test_a_number_from_people_must_say_who_paid(subject):
    finding = make_finding(subject=subject)
    is_needed = subject == "people"
    assert bool(get_problems(finding, CheckRule.FUNDER)) == is_needed
    assert bool(get_problems(finding.source, CheckRule.FUNDER)) == is_needed
    finding.source.funding = "not_stated"
    finding.source.save()
    assert not get_problems(finding, CheckRule.FUNDER)
    assert not get_problems(finding.source, CheckRule.FUNDER)


@pytest.mark.parametrize("kind", Source.Kind.values)
def test_numbers_come_from_papers_labels_and_registers(kind):
    finding = make_finding(source=make_source(kind=kind))
    warned = [
        p for p in get_problems(finding, CheckRule.CITED) if "Take the number from" in p.message
    ]
    assert bool(warned) == (kind not in ("article", "label", "registry"))


def test_who_paid_survives_export_and_import():
    source = make_source(slug="moss-2020", funding="maker", funder="Moss Labs")
    plain = to_dict(source)
    source.delete()
    assert save_from_dict(Source, plain).paid_by == PAID
