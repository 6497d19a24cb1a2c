import pytest
from django.core.exceptions import ValidationError

from psychoplastogens.evidence.models import Source
from tests.factories import make_source


@pytest.mark.parametrize(
    ("authors", "publisher", "year", "short"),
    [
        ("Li N, Lee B", "Science", 2010, "Li N and Lee B, 2010"),
        ("Li N, Lee B, Liu RJ", "Science", 2010, "Li N and others, 2010"),
        ("Castro Santos H, Gama Marques J", "", 2021, "Castro Santos H and Gama Marques J, 2021"),
        (
            "Society of Physicians, Practitioners",
            "",
            2020,
            "Society of Physicians and others, 2020",
        ),
        ("FDA, EMA", "", 2020, "FDA and others, 2020"),
        ("Anna Miller, Jonas Lindqvist", "", 2026, "Anna Miller and Jonas Lindqvist, 2026"),
        (
            "Ada B. O'Brien, Vincent van der Berg",
            "",
            2026,
            "Ada B. O'Brien and Vincent van der Berg, 2026",
        ),
        ("Anna Miller, Jo Li, Ada Lee", "", 2026, "Anna Miller and others, 2026"),
        ("Anna Miller", "", 2026, "Anna Miller, 2026"),
        ("Institute of Health, Mannheim", "", 2020, "Institute of Health and others, 2020"),
        ("MSD Manual, Professional Edition", "", 2020, "MSD Manual and others, 2020"),
        ("Li N", "Science", 2010, "Li N, 2010"),
        ("Li N et al.", "Science", 2010, "Li N and others, 2010"),
        ("Li N, Lee B et al.", "Science", None, "Li N and others"),
        ("", "FDA", 2023, "FDA, 2023"),
        ("", "FDA", None, "FDA"),
        ("", "", None, ""),
        (", Lee B", "FDA", None, "FDA"),
    ],
)
def test_it_is_named_by_its_first_author_or_else_its_publisher(authors, publisher, year, short):
    assert Source(authors=authors, publisher=publisher, year=year).short == short


def test_it_links_to_the_doi_before_the_address():
    assert Source(doi="10.1000/182", url="https://a.org").link == "https://doi.org/10.1000/182"
    assert Source(url="https://a.org").link == "https://a.org"
    assert Source().link == ""


@pytest.mark.django_db
@pytest.mark.parametrize("doi", ["182", "https://doi.org/10.1000/182", "10.1000", "10.1000/a b"])
def test_a_doi_that_is_none_is_refused(doi):
    source = make_source(doi=doi)
    with pytest.raises(ValidationError, match="A DOI begins with 10"):
        source.full_clean()


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,a", "example", "//a.org"])
def test_an_address_that_is_no_web_page_is_refused(url):
    with pytest.raises(ValidationError):
        make_source(url=url).full_clean()


@pytest.mark.django_db
def test_an_unknown_kind_asks_for_every_kind():
    label = make_source(kind="label")
    article = make_source(kind="article")
    assert list(Source.objects.of_kind("label")) == [label]
    assert set(Source.objects.of_kind("' OR 1=1")) == {label, article}
