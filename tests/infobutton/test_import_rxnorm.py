"""RxNorm's own files are read, and what leads to our medicines is kept.

The rows have the real format and made codes: a medicine alone, two together, brand, form, pack.
"""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from psychoplastogens.editorial.models import ContentVersion
from psychoplastogens.infobutton.models import Product
from tests.factories import make_code, make_compound
from tests.infobutton.infobutton_client import JSON, RXNORM, ask, categories, criterion, titles
from tests.infobutton.infobutton_client import feed_of as feed

pytestmark = pytest.mark.django_db
NDC = "2.16.840.1.113883.6.69"

CONCEPTS = [
    ("6130", "IN", "ketamine"),
    ("900", "PIN", "ketamine hydrochloride"),
    ("901", "SCDC", "ketamine 50 MG/ML"),
    ("902", "SCD", "ketamine 50 MG/ML Injectable Solution"),
    ("902", "PSN", "ketamine 50 MG/ML Injectable Solution, to prescribe"),
    ("903", "BN", "Ketalar"),
    ("904", "SBD", "ketamine 50 MG/ML Injectable Solution [Ketalar]"),
    ("905", "SCDF", "ketamine Injectable Solution"),
    ("906", "SCD", "10 ML ketamine 50 MG/ML Injection"),
    ("907", "BPCK", "{2 (ketamine 50 MG/ML) } Pack"),
    ("700", "IN", "dextromethorphan"),
    ("701", "IN", "bupropion"),
    ("702", "MIN", "bupropion / dextromethorphan"),
    ("703", "SCD", "bupropion 105 MG / dextromethorphan 45 MG Tablet"),
    ("704", "SCDC", "dextromethorphan 45 MG"),
    ("705", "SCDC", "bupropion 105 MG"),
    ("706", "SCD", "ketamine / lidocaine Cream"),
    ("707", "IN", "lidocaine"),
    ("708", "SCDC", "lidocaine 5 MG/ML"),
    ("709", "SCD", "lidocaine 5 MG/ML Cream"),
    ("800", "DF", "Injectable Solution"),
]
# (RXCUI1, RELA, RXCUI2): "RXCUI2 RELA RXCUI1".
RELATIONS = [
    ("6130", "form_of", "900"),
    ("6130", "has_ingredient", "901"),
    ("900", "has_precise_ingredient", "901"),
    ("901", "consists_of", "902"),
    ("902", "constitutes", "901"),
    ("800", "has_dose_form", "902"),
    ("905", "isa", "902"),
    ("6130", "has_ingredient", "905"),
    ("6130", "tradename_of", "903"),
    ("902", "tradename_of", "904"),
    ("903", "has_ingredient", "904"),
    ("902", "quantified_form_of", "906"),
    ("906", "contains", "907"),
    ("704", "consists_of", "703"),
    ("705", "consists_of", "703"),
    ("700", "has_ingredient", "704"),
    ("701", "has_ingredient", "705"),
    ("702", "has_ingredients", "703"),
    ("901", "consists_of", "706"),
    ("708", "consists_of", "706"),
    ("707", "has_ingredient", "708"),
    ("708", "consists_of", "709"),
]
PACKAGES = [
    ("902", "42023011510", "N", "RXNORM"),
    ("904", "42023011510", "N", "RXNORM"),
    ("902", "55555055555", "O", "RXNORM"),
    ("902", "0409-2051-05", "N", "MTHSPL"),
    ("906", "123456", "N", "RXNORM"),
    ("906", "no code", "N", "RXNORM"),
    ("709", "11111011111", "N", "RXNORM"),
]


def concept(code, term_type, name, source="RXNORM", suppressed="N"):
    return f"{code}|ENG||||||1|||{code}|{source}|{term_type}|{code}|{name}||{suppressed}|4096|"


@pytest.fixture
def folder(tmp_path):
    rrf = tmp_path / "rrf"
    rrf.mkdir()
    rows = [concept(*row) for row in CONCEPTS]
    rows += [
        concept("910", "SCD", "old ketamine", suppressed="O"),
        concept("911", "SCD", "theirs", "NDDF"),
    ]
    (rrf / "RXNCONSO.RRF").write_text("\n".join(rows) + "\n")
    lines = [f"{one}||CUI|RO|{two}||CUI|{rela}|1||RXNORM||||||" for one, rela, two in RELATIONS]
    lines += ["6130||CUI|RO|910||CUI|has_ingredient|1||RXNORM||||||"]
    lines += [
        "6130||CUI|RO|709||CUI|has_ingredient|1||NDDF||||||",
        "|A1|AUI|SY||A2|AUI||1||RXNORM||||||",
    ]
    (rrf / "RXNREL.RRF").write_text("\n".join(lines) + "\n")
    lines = [f"{c}|||1|AUI|{c}|||NDC|{sab}|{v}|{sup}|4096|" for c, v, sup, sab in PACKAGES]
    (rrf / "RXNSAT.RRF").write_text(
        "\n".join([*lines, "902|||1|AUI|902|||RXTERM_FORM|RXNORM|Sol|N|4096|"])
    )
    return tmp_path


@pytest.fixture(autouse=True)
def medicines():
    make_code("6130", system="rxnorm", page=make_compound(slug="ketamine"))
    make_code("702", system="rxnorm", page=make_compound(slug="both", name="Both"))


def test_what_leads_to_our_medicines_is_kept_and_nothing_else(folder, capsys):
    before = ContentVersion.objects.get_current()
    call_command("import_rxnorm", folder)
    rows = Product.objects.filter(system="rxnorm").values_list("code", "ingredient")
    ketamine = {(str(code), "6130") for code in range(900, 908)}
    assert set(rows) == ketamine | {("703", "702")}
    packages = Product.objects.filter(system="ndc").values_list("code", "ingredient", "name")
    assert list(packages) == [
        ("42023011510", "6130", "ketamine 50 MG/ML Injectable Solution, to prescribe")
    ]
    assert capsys.readouterr().out == "NDC: 1\nRxNorm: 9\n"
    assert ContentVersion.objects.get_current() > before


def test_a_product_a_brand_and_a_package_are_answered_as_the_ingredient_is(client, folder):
    assert titles(ask(client, criterion("902", RXNORM) | JSON)) == []
    call_command("import_rxnorm", folder / "rrf")
    for code, system in (
        ("902", RXNORM),
        ("904", RXNORM),
        ("42023-115-10", NDC),
        ("42023011510", NDC),
        ("4202311510", NDC),
        ("042023-0115-10", NDC),
    ):
        answer = feed(ask(client, criterion(code, system) | JSON))["entry"]
        assert [entry["title"]["_value"] for entry in answer] == ["Ketamine"], code
        assert categories(answer[0])["mainSearchCriteria.v.c"] == "6130"
        assert categories(answer[0])["mainSearchCriteria.v.cs"] == RXNORM
        assert categories(answer[0])["relevanceScore"] == "0.9"
    assert titles(ask(client, criterion("703", RXNORM) | JSON)) == ["Both"]
    for other in ("700", "704", "706", "709", "910"):
        assert titles(ask(client, criterion(other, RXNORM) | JSON)) == []


def test_a_code_of_its_own_comes_before_the_ingredient(client, folder):
    call_command("import_rxnorm", folder)
    make_code("904", system="rxnorm", page=make_compound(slug="ketalar", name="Ketalar page"))
    assert titles(ask(client, criterion("904", RXNORM) | JSON)) == ["Ketalar page"]


def test_a_product_of_an_ingredient_without_a_page_is_not_answered(client, folder):
    call_command("import_rxnorm", folder)
    Product.objects.create(system="rxnorm", code="12", name="A", ingredient="99")
    assert titles(ask(client, criterion("12", RXNORM) | JSON)) == []


def test_a_second_import_replaces_the_first(folder):
    Product.objects.create(system="rxnorm", code="12", name="Old", ingredient="6130")
    call_command("import_rxnorm", folder)
    call_command("import_rxnorm", folder)
    assert Product.objects.count() == 10
    assert not Product.objects.filter(code="12").exists()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("RXNCONSO.RRF", None, "There is no RXNCONSO.RRF"),
        ("RXNREL.RRF", "6130|x|\n", "RXNREL.RRF, line 1: 16 fields expected, 2 found"),
        ("RXNSAT.RRF", b"\xff\xfe", "RXNSAT.RRF is not text in UTF-8"),
        ("RXNREL.RRF", "", "Nothing in it leads to a medicine of ours"),
    ],
)
def test_a_broken_release_changes_nothing(folder, name, text, said):
    Product.objects.create(system="rxnorm", code="12", name="Old", ingredient="6130")
    file = folder / "rrf" / name
    if text is None:
        file.unlink()
    else:
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CommandError, match=said):
        call_command("import_rxnorm", folder)
    assert [product.name for product in Product.objects.all()] == ["Old"]


def test_a_circle_of_relations_ends(folder):
    with (folder / "rrf" / "RXNREL.RRF").open("a") as file:
        file.write("904||CUI|RO|902||CUI|tradename_of|1||RXNORM||||||\n")
    call_command("import_rxnorm", folder)
    assert Product.objects.count() == 10


def test_the_database_refuses_a_second_row_and_a_product_of_itself():
    Product.objects.create(system="ndc", code="42023011510", name="A", ingredient="6130")
    for code, system in (("42023011510", "ndc"), ("6130", "rxnorm")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Product.objects.create(system=system, code=code, name="B", ingredient="6130")


def test_staff_look_at_products_and_change_none(admin_client, folder):
    call_command("import_rxnorm", folder)
    page = admin_client.get("/admin/infobutton/product/?q=Ketalar")
    assert "ketamine 50 MG/ML Injectable Solution [Ketalar]" in page.text
    assert admin_client.get("/admin/infobutton/product/add/").status_code == 403
