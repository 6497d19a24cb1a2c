"""Files in and out: what is exported can be imported again, and a file reaches no reader."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.asserts import assertContains

from psychoplastogens.content.models import Explainer, Faq, GlossaryTerm
from psychoplastogens.editorial.models import HistoryEntry, Revision, Status
from psychoplastogens.evidence.models import Finding, Source
from tests.factories import (
    make_claim,
    make_code,
    make_explainer,
    make_faq,
    make_finding,
    make_source,
    make_term,
    make_user,
    make_walkthrough,
)
from tests.workflow_helpers import get_draft, publish_draft, save_draft

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_checks")]
GUIDE = {"summary": "Who.", "key_points": "So."}
TERMS, SOURCES = "/admin/content/glossaryterm/", "/admin/evidence/source/"


def exported(client, kind, file_format):
    return client.get(f"{kind}export/{file_format}/").content.decode("utf-8-sig")


def imported(client, kind, text, file_format="yaml", name="terms", **sent):
    content = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile(name, content)
    sent = {"file_format": file_format, "file": file} | sent
    return client.post(f"{kind}import/", sent, follow=True)


def kept(client, kind, text, file_format="yaml"):
    sent = {"file_format": file_format, "text": text, "note": "From the sheet", "_keep": "1"}
    return client.post(f"{kind}import/", sent, follow=True)


@pytest.mark.parametrize(
    ("kind", "make_one", "formats"),
    [
        (TERMS, lambda: make_term(synonyms=["a", "“b”"]), ["yaml", "csv"]),
        (SOURCES, lambda: make_source(year=None, title="=1+1"), ["yaml", "csv"]),
        ("/admin/evidence/finding/", make_finding, ["yaml", "csv"]),
        ("/admin/evidence/claim/", lambda: make_claim([make_source()]), ["yaml", "csv"]),
        ("/admin/content/explainer/", lambda: make_explainer({}, **GUIDE), ["yaml"]),
        ("/admin/walkthrough/walkthrough/", lambda: make_walkthrough({"check": {}}), ["yaml"]),
    ],
)
def test_what_was_exported_says_nothing_new_when_it_is_imported(
    admin_client, kind, make_one, formats
):
    for _ in range(2):
        make_one()
    for file_format in formats:
        content = admin_client.get(f"{kind}export/{file_format}/").content
        page = imported(admin_client, kind, content, "", name=f"it.{file_format}")
        assertContains(page, "There is nothing to keep.")


def test_a_section_is_named_with_its_guide_since_two_may_have_the_same_address(admin_client):
    guides = [make_explainer({"slug": "rest"}, slug=slug) for slug in ("one", "two")]
    codes = "/admin/infobutton/code/"
    for code, guide in zip(("F31", "F32"), guides, strict=True):
        make_code(code, page=guide.sections.get())
    for file_format in ("yaml", "csv"):
        text = exported(admin_client, codes, file_format)
        assert "section/one/rest" in text and "section/two/rest" in text
        page = imported(admin_client, codes, text, file_format)
        assertContains(page, "There is nothing to keep.")
    page = imported(admin_client, codes, "- slug: icd-10-cm-f31\n  page: section/rest\n")
    said = "there are several sections: write “section/one/rest” or “section/two/rest”"
    assertContains(page, said)
    for wrong in ("tree/rest", "rest", "", "section/", "[section/one/rest]"):
        page = imported(admin_client, codes, f"- slug: icd-10-cm-f31\n  page: {wrong}\n")
        assertContains(page, "a page is needed: one of compound/, condition/")


def test_a_kind_with_parts_has_no_csv(admin_client):
    make_explainer({})
    assert admin_client.get("/admin/content/explainer/export/csv/").status_code == 404
    assert admin_client.get("/admin/content/explainer/export/exe/").status_code == 404


def test_a_list_that_is_narrowed_exports_what_it_shows(admin_client):
    make_term(slug="one", term="One")
    make_term(slug="two", term="Two")
    text = admin_client.get(f"{TERMS}export/yaml/?q=one").content.decode()
    assert "slug: one" in text and "slug: two" not in text


def test_an_export_holds_the_newest_draft_and_changes_nothing(admin_client):
    explainer = make_explainer({"title": "Old part"}, title="Old", summary="S.", key_points="K.")
    kept(admin_client, "/admin/content/explainer/", f"- slug: {explainer.slug}\n  title: New\n")
    assert "title: New" in exported(admin_client, "/admin/content/explainer/", "yaml")
    assert Explainer.objects.get().title == "Old"


def test_a_file_is_tried_before_anything_is_kept(admin_client):
    make_term(slug="synapse", term="Synapse", meaning="Old.")
    page = imported(admin_client, TERMS, "- slug: synapse\n  term: Synapse\n  meaning: New.\n")
    assertContains(page, "<del>Old.</del>")
    assertContains(page, "<ins>New.</ins>")
    assert not Revision.objects.exists()
    assert GlossaryTerm.objects.get().meaning == "Old."


def test_what_is_kept_is_a_draft_and_readers_see_it_after_an_approval(admin_client):
    term = make_term(slug="synapse", term="Synapse", meaning="Old.")
    text = "- slug: synapse\n  term: Synapse\n  meaning: New.\n- slug: spine\n  term: Spine\n"
    assertContains(kept(admin_client, TERMS, text + "  meaning: A bud.\n"), "2 drafts are kept.")
    assert GlossaryTerm.objects.get(slug="synapse").meaning == "Old."
    assert GlossaryTerm.objects.get(slug="spine").status == Status.DRAFT
    assert HistoryEntry.objects.filter(verb="imported", note="From the sheet").count() == 2
    publish_draft(term)
    assert GlossaryTerm.objects.get(slug="synapse").meaning == "New."


def test_the_importer_cannot_approve_what_the_file_says(admin_client, admin_user):
    from psychoplastogens.editorial.workflow.transitions import WorkflowError, approve, submit

    term = make_term(slug="synapse", term="Synapse", meaning="Old.")
    kept(admin_client, TERMS, "- slug: synapse\n  meaning: New.\n")
    submit(get_draft(term), by=make_user("author"))
    with pytest.raises(WorkflowError, match="You wrote on this text"):
        approve(get_draft(term), by=admin_user)


def test_one_wrong_row_keeps_the_whole_file_out(admin_client):
    text = "- slug: one\n  term: One\n  meaning: Fine.\n- slug: two\n  term: Two\n  meanng: Typo.\n"
    for send in (imported, kept):
        page = send(admin_client, TERMS, text)
        assertContains(page, "record 2")
        assertContains(page, "meanng: there is no such field")
        assertContains(page, "1 row cannot be kept, so none is.")
    assert not GlossaryTerm.objects.exists()
    assert not Revision.objects.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("slug,term,meaning\nspine,Spine\n", "line 2: it has not as many cells"),
        ("term,meaning\nSpine,A bud\n", "There is no column slug in it."),
        ("slug,term\n,Spine\n", "line 2: the column slug is empty."),
        ("slug,term,term\na,b,c\n", "The column term stands twice"),
        ("slug,,term\na,b,c\n", "Column 2 has no name."),
        ("slug\n" + "a\n" * 1001, "The file has more than 1000 rows. Split it."),
        ("", "The submitted file is empty."),
        ("\n", "There is nothing to read"),
        ('slug,term\nspine,"Sp\n', "unexpected end of data"),
        ("slug,term,colour\nspine,Spine,red\n", "colour: there is no such field"),
    ],
)
def test_a_mistake_in_a_spreadsheet_is_said_with_its_line(admin_client, text, said):
    assertContains(imported(admin_client, TERMS, text, "csv"), said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"- slug: a\n- slug: caf\xe9\n", "Line 2, byte 22, is not UTF-8. In Excel: Save As"),
        (b"s\0l\0u\0g\0", "This is no text, or UTF-16 without its mark."),
        ("- [", "not sound YAML"),
        ("- slug: a\n  x: " + "[" * 50_000, "Line 2: lists are more than 20 deep"),
        ("slug: a", "must hold a list of records"),
        ("- 1", "Record 1 has no slug"),
        ("- slug: [a]", "Record 1, line 1: the field slug is missing."),
        ("- slug: ~", "Record 1, line 1: the field slug is missing."),
        ("- slug: a\n  language: [en]", "Record 1, line 1: the language is no text."),
        ("- &a {slug: a}\n- *a\n", "repeats parts of itself"),
        ("- slug: a\n  written_on: 2026-02-30\n", "written_on: “2026-02-30”"),
        ("", "The submitted file is empty."),
    ],
)
def test_a_file_that_holds_no_rows_is_told_why(admin_client, text, said):
    assertContains(imported(admin_client, TERMS, text), said)


CODES = "/admin/infobutton/code/"


def test_a_code_is_read_as_it_was_typed(admin_client):
    make_faq(slug="driving")
    row = "- slug: it\n  system: {}\n  code: {}\n  display: D.\n  page: faq/driving\n"
    [read] = imported(admin_client, CODES, row.format("icd-9-cm", "296.30")).context["rows"]
    assert not read.problems
    assert read.after[0]["fields"]["code"] == "296.30"
    [read] = imported(admin_client, CODES, row.format("rxnorm", "06130")).context["rows"]
    assert [name for name, _ in read.problems] == ["code"]


@pytest.mark.parametrize("typed", ["no", "12:30", "06130", "296.30", "1:1:1.5", "0x10", "'null'"])
def test_a_text_is_read_as_it_was_typed(admin_client, typed):
    row = f"- slug: it\n  term: {typed}\n  meaning: So.\n"
    [read] = imported(admin_client, TERMS, row).context["rows"]
    assert read.after[0]["fields"]["term"] == typed.strip("'")


@pytest.mark.parametrize("typed", ["null", "~"])
def test_null_for_a_text_is_refused_with_the_way_out(admin_client, typed):
    row = f"- slug: it\n  term: {typed}\n  meaning: So.\n"
    page = imported(admin_client, TERMS, row)
    assertContains(page, "term: null is no value here; leave the field out")
    row = f"- slug: icd-10-cm-f31\n  system: icd-10-cm\n  code: {typed}\n"
    assertContains(imported(admin_client, CODES, row), "code: null is no value here")


def test_numbers_dates_and_yes_are_read_by_their_fields(admin_client):
    row = "- slug: s\n  kind: article\n  title: T\n  supports: S.\n  year: 2010\n"
    row += "  is_retracted: Yes\n  evidence_checked_on: 2026-11-01\n"
    [read] = imported(admin_client, SOURCES, row).context["rows"]
    assert not read.problems
    fields = read.after[0]["fields"]
    assert (fields["year"], fields["is_retracted"]) == (2010, True)
    assert fields["evidence_checked_on"] == "2026-11-01"


@pytest.mark.parametrize("typed", ["1:30", "1e3", "9" * 5_000, ".inf", "two", "[1]", "{a: 1}"])
def test_what_is_no_number_is_refused_at_its_field(admin_client, typed):
    row = f"- slug: s\n  kind: article\n  title: T\n  supports: S.\n  year: {typed}\n"
    [read] = imported(admin_client, SOURCES, row).context["rows"]
    assert [name for name, _ in read.problems] == ["year"]
    assert len(read.problems[0][1]) <= 300


SPREADSHEETS = {
    "plain": "slug,term,meaning\nspine,Spine,A bud: é\n".encode(),
    "marked as UTF-8": "\ufeffslug,term,meaning\nspine,Spine,A bud: é\n".encode(),
    "with semicolons": "slug;term;meaning\r\nspine;Spine;A bud: é\r\n;;\r\n".encode(),
    "that says its separator": "sep=;\r\nslug;term;meaning\r\nspine;Spine;A bud: é\r\n".encode(),
    "with tabs, in UTF-16": "slug\tterm\tmeaning\nspine\tSpine\tA bud: é\n".encode("utf-16"),
}


@pytest.mark.parametrize("content", SPREADSHEETS.values(), ids=SPREADSHEETS)
def test_a_spreadsheet_is_read_by_its_name_in_whatever_form_excel_saves_it(admin_client, content):
    page = imported(admin_client, TERMS, content, "", name="terms.CSV")
    [read] = page.context["rows"]
    assert not read.problems
    assert read.after[0]["fields"]["meaning"] == "A bud: é"


def test_an_export_tells_excel_that_it_is_utf_8(admin_client):
    make_term()
    assert admin_client.get(f"{TERMS}export/csv/").content.startswith(b"\xef\xbb\xbfslug")


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        (TERMS, "terms.xlsx", "Choose the format."),
        (TERMS, "csv", "Choose the format."),
        ("/admin/content/faq/", "faq.csv", ""),
        ("/admin/content/explainer/", "guides.csv", "no place for the parts of explainers"),
    ],
)
def test_a_file_whose_name_says_no_format_is_asked_about(admin_client, kind, name, said):
    page = imported(admin_client, kind, "slug\nspine\n", "", name=name)
    assert said in str(page.context["form"].errors.get("file_format", ""))
    assertContains(page, "is still here. Choose a file only if you have changed it.")


def test_a_file_is_chosen_once_and_kept_under_another_format(admin_client):
    text = "slug,term,meaning\nspine,Spine,A bud.\n"
    page = imported(admin_client, TERMS, text, "yaml", name="terms.csv")
    sent = page.context["sent"]
    again = {"text": sent["text"], "name": sent["name"], "file_format": ""}
    page = admin_client.post(f"{TERMS}import/", again)
    assertContains(page, "Keep 1 draft")
    page = admin_client.post(f"{TERMS}import/", again | {"_keep": "1"}, follow=True)
    assertContains(page, "1 draft is kept.")


def test_a_file_that_was_never_tried_is_not_kept(admin_client):
    text = "slug,term,meaning\nspine,Spine,A bud.\n"
    page = imported(admin_client, TERMS, text, "", name="terms.csv", _keep="1")
    assertContains(page, "Keep 1 draft")
    assert not GlossaryTerm.objects.exists()


def test_an_address_twice_in_a_file_is_named(admin_client):
    row = "- slug: spine\n  term: Spine\n  meaning: A bud.\n"
    assertContains(imported(admin_client, TERMS, row * 2), "record 1, line 1 has the same address")


@pytest.mark.parametrize("doi", ["10.1000/182", "10.1/x", "doi:10.1000/182", "https://doi.org/10"])
def test_a_doi_is_checked_for_its_form_and_nothing_is_called(admin_client, doi):
    row = f"- slug: s\n  kind: article\n  title: T\n  supports: S.\n  doi: '{doi}'\n"
    page = imported(admin_client, SOURCES, row).content.decode()
    assert ("A DOI begins with 10." in page) == (doi != "10.1000/182")


def test_who_decides_is_never_said_by_a_file(admin_client):
    row = "- slug: s\n  kind: article\n  title: T\n  supports: S.\n"
    for forged in ("status: published", "published_at: 2026-01-01", "reviewed_at: 2026-01-01"):
        page = imported(admin_client, SOURCES, f"{row}  {forged}\n")
        assertContains(page, "there is no such field")
    assert not Source.objects.exists()


def test_a_spreadsheet_finds_no_formula_in_an_export(admin_client):
    make_source(title="=HYPERLINK(1)")
    assert "'=HYPERLINK(1)" in exported(admin_client, SOURCES, "csv")


@pytest.mark.parametrize("word", ["=1+1", "+1", "-1+1", "@SUM(1)", "'=1", "- 1"])
def test_nor_in_a_list_nor_behind_a_minus_and_it_comes_back_as_it_was(admin_client, word):
    make_term(slug="t", meaning=f"{word} is it.", synonyms=[word.strip(), "b"])
    text = exported(admin_client, TERMS, "csv")
    for cell in next(csv.DictReader(io.StringIO(text))).values():
        assert cell[:1] not in tuple("=+-@\t\r\n")
    assertContains(imported(admin_client, TERMS, text, "csv"), "There is nothing to keep.")


@pytest.mark.parametrize("name", ["evidence_checked_on", "updated_on", "review_due"])
def test_a_file_moves_no_date_that_has_an_act_of_its_own(admin_client, name):
    make_term(slug="t")
    page = imported(admin_client, TERMS, f"- slug: t\n  {name}: 2026-11-01\n")
    assertContains(page, f"{name}: A file does not move this date. Leave it out: none stays.")
    kept(admin_client, TERMS, f"- slug: t\n  {name}: 2026-11-01\n")
    assert not Revision.objects.exists()


def test_the_address_that_a_draft_has_left_is_told_from_its_new_one(admin_client):
    term = make_term(slug="old")
    save_draft(term, slug="new")
    row = "- slug: old\n  term: Other\n  meaning: So.\n"
    for send in (imported, kept):
        page = send(admin_client, TERMS, row)
        assertContains(page, "slug: Its draft has another address: new. Use that one.")
    kept(admin_client, TERMS, row.replace("old", "new"))
    assert get_draft(term).snapshot[0]["fields"]["term"] == "Other"
    assert GlossaryTerm.objects.get().slug == "old"


def test_a_number_that_is_impossible_is_refused_in_a_file_too(admin_client):
    finding = make_finding()
    row = f"slug,treatment_events\n{finding.slug},500\n"
    page = imported(admin_client, "/admin/evidence/finding/", row, "csv")
    assertContains(page, "1 row cannot be kept")
    assert Finding.objects.get().treatment_events == 70


def test_who_may_only_look_imports_nothing(client, django_user_model):
    from django.contrib.auth.models import Permission

    user = django_user_model.objects.create_user("onlooker", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_faq"))
    client.force_login(user)
    make_faq()
    assert client.get("/admin/content/faq/import/").status_code == 403
    assert kept(client, "/admin/content/faq/", "- slug: x\n").status_code == 403
    assert client.get("/admin/content/faq/export/yaml/").status_code == 200
    assert client.get(f"{TERMS}export/yaml/").status_code == 403
    assert Faq.objects.count() == 1
