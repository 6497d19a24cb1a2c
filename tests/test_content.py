"""The real content of fixtures/ against the rules of honest, plain patient texts."""

import re
import statistics
from datetime import date

import pytest

from psychoplastogens.content.checks.checked_page import CheckedPage
from psychoplastogens.content.models import (
    Compound,
    CompoundStatus,
    Condition,
    ConditionEvidence,
    ConditionOption,
    Explainer,
    Faq,
    GlossaryTerm,
    Section,
)
from psychoplastogens.content.models.prose_model import get_prose_fields
from psychoplastogens.content.rendering import markdown, readability
from psychoplastogens.content.rendering.first_sentence import get_gist
from psychoplastogens.delivery.crisis_lines import CRISIS_COUNTRIES
from psychoplastogens.editorial import content_loader
from psychoplastogens.editorial.workflow.checks import Severity, find_problems
from psychoplastogens.evidence.models import Claim, Finding, Source
from psychoplastogens.walkthrough.models import Check, Guess, Step, Walkthrough

pytestmark = [pytest.mark.usefixtures("content"), pytest.mark.django_db]

WRITTEN = [Compound, Condition, ConditionOption, ConditionEvidence, Explainer, Section, Faq]
WRITTEN += [Walkthrough, Step, Check, Guess]
PAGES = [Compound, Condition, Explainer, Faq, GlossaryTerm, Walkthrough]
TODAY = date(2026, 11, 30)  # the day of the starter content


def texts(models):
    """(where, text) of every prose text of the given models."""
    for model in models:
        for record in model.objects.all():
            for name in get_prose_fields(model):
                text = getattr(record, name)
                if text:
                    yield f"{model.__name__} {record}.{name}", text


def is_long_enough(text):
    """To have a meaningful grade: the name of one drug decides that of a shorter text."""
    return readability.count_words(text) >= 20


def grades(models):
    """(grade, where) of each text as it is read, its numbers in words."""
    findings = {finding.slug: finding for finding in Finding.objects.all()}
    for where, text in texts(models):
        if is_long_enough(text):
            written_out = markdown.write_out_findings(text, findings)
            yield readability.get_reading_grade(written_out), where


def test_it_is_no_thinner_than_promised():
    assert Compound.objects.published().count() >= 16
    assert Condition.objects.published().count() >= 10
    assert Explainer.objects.published().count() >= 8
    assert Section.objects.count() >= 35
    assert Faq.objects.published().count() >= 45
    assert GlossaryTerm.objects.published().count() >= 100
    assert Finding.objects.published().count() >= 80
    assert Claim.objects.published().count() == 75
    assert Step.objects.filter(side_path=False).count() == 8
    assert Step.objects.filter(growth__isnull=False).exists()


def test_no_record_has_an_error_and_few_have_a_warning(monkeypatch):
    """Cited, published, plain, fair: the rules are in the rooms' checks.py."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)
    found = [
        (problem.severity, record.slug, problem)
        for kind in content_loader.get_fixture_models()
        for record in kind.objects.all()
        for problem in find_problems(record)
    ]
    assert [one for one in found if one[0] == Severity.ERROR] == []
    elsewhere = [one for one in found if "Take the number from" in one[2].message]
    assert len(found) - len(elsewhere) <= 30


NUMBERS_FROM_ELSEWHERE = {
    "jnj-2025": "The paper's abstract, all that could be read of it, does not give the counts.",
    "nyu-psilocybin-aud": "The paper's abstract does not give who had stopped drinking.",
    "goodwin-2022-news": "Neither the abstract nor a review of the trial counts week 12.",
    "mims-mm120-2025": "The paper's abstract, as far as it could be read, stops before the counts.",
    "mapp2-summary-2023": "The paper's abstract gives scores, not who no longer had PTSD.",
    "spravato-hcp-safety": "Five rows of the label's table stand on a page that could not be read.",
}
"""Sources that are no paper, label or register and carry a number, each with the reason."""


def test_numbers_come_from_papers_labels_and_registers_but_for_a_named_few():
    elsewhere = Source.objects.exclude(kind__in=["article", "label", "registry"])
    carrying = elsewhere.filter(findings__isnull=False)
    assert set(carrying.values_list("slug", flat=True)) == set(NUMBERS_FROM_ELSEWHERE)
    assert Finding.objects.filter(source__in=elsewhere).count() <= 12


def test_a_status_typed_by_hand_has_the_month_of_its_record():
    """In lines that hold no marks: summaries, notes of numbers and lists."""
    told = CompoundStatus.objects.quotable(Compound.objects.values("slug"))
    lines = [(c, c.summary) for c in Compound.objects.all()]
    lines += [(c, c.standing_note) for c in Compound.objects.all()]
    lines += [
        (compound, finding.note)
        for finding in Finding.objects.all()
        for compound in Compound.objects.all()
        if finding.note.find(f"{compound.name} was not FDA approved as of") >= 0
    ]
    said = [
        (compound.slug, month, told[compound.slug].words)
        for compound, text in lines
        for month in re.findall(r"not FDA approved as of (\w+ \d{4})", text, re.IGNORECASE)
    ]
    assert len(said) > 10
    assert [one for one in said if not one[2].endswith(one[1])] == []


def test_the_checks_read_all_there_is():
    """What they find nothing wrong with, they have looked at."""
    pages = [CheckedPage(record) for kind in PAGES for record in kind.objects.all()]
    assert sum(len(page.prose) for page in pages) >= 800
    assert sum(len(p.references) for page in pages for p in page.prose) > 1_000
    assert not any(page.too_long for page in pages)


MET, MISSED = "transform2-response", "transform1-84-response"
"""The short trial of Spravato that met its main goal, and its sister that did not."""


def test_the_trial_that_met_its_goal_never_stands_without_the_one_that_missed():
    alone = []
    for record in (record for kind in PAGES for record in kind.objects.all()):
        for path, passages in CheckedPage(record).pages.items():
            drawn = {slug for one in passages for slug in markdown.get_finding_slugs(one.text)}
            if MET in drawn and MISSED not in drawn:
                alone.append(f"{record} {path}")
    for model in (Compound, Condition):
        pictures_met = model.objects.filter(pictured__slug=MET)
        alone += [str(record) for record in pictures_met.exclude(pictured__slug=MISSED)]
    assert alone == []


def test_dissociation_leads_with_the_count_on_a_scale():
    told = "{{finding:spravato-trd-dissociation"
    both = [(where, text) for where, text in texts(WRITTEN) if "61 to 84" in text and told in text]
    assert len(both) > 5
    assert [where for where, text in both if text.index("61 to 84") > text.index(told)] == []


def test_how_it_may_work_always_says_in_whom_it_was_seen():
    silent = [
        compound.slug
        for compound in Compound.objects.published()
        if not re.search(
            r"\[\^[a-z0-9-]+:(people|animals|cells)\]|We found no study", compound.how_it_may_work
        )
    ]
    assert silent == []


def test_a_badge_never_says_more_than_its_source():
    """Where a source is known to have looked at one subject, no text claims another for it."""
    subjects = dict(Source.objects.exclude(subject="none").values_list("slug", "subject"))
    wrong = [
        f"{where}: {slug} looked at {subjects[slug]}, not {seen}"
        for where, text in texts([*WRITTEN, GlossaryTerm])
        for slug, seen in re.findall(r"\[\^([a-z0-9-]+):(people|animals|cells)\]", text)
        if subjects.get(slug, seen) != seen
    ]
    assert wrong == []


def test_patient_texts_read_at_grade_7_and_none_above_9():
    found = sorted(grades([*WRITTEN, GlossaryTerm]))
    assert statistics.median(grade for grade, _ in found) <= 7
    assert [pair for pair in found if pair[0] > 9] == []


def test_why_a_claim_holds_or_not_reads_at_grade_9_at_most():
    claims = [claim for claim in Claim.objects.all() if is_long_enough(claim.why)]
    hard = [claim.slug for claim in claims if readability.get_reading_grade(claim.why) > 9]
    assert hard == []


def test_no_page_names_where_the_claims_were_found():
    everything = [(c.slug, f"{c.text} {c.why}") for c in Claim.objects.all()]
    everything += [(s.slug, f"{s.title} {s.publisher} {s.supports}") for s in Source.objects.all()]
    everything += [*texts([*WRITTEN, GlossaryTerm])]
    forbidden = re.compile(r"new pathways|popular article|article [AB]\b|dossier", re.IGNORECASE)
    assert [where for where, text in everything if forbidden.search(text)] == []


def test_what_was_not_read_is_marked_and_rarely_cited():
    from_knowledge = set(
        Source.objects.filter(verified=Source.Verified.FROM_KNOWLEDGE).values_list(
            "slug", flat=True
        )
    )
    cited = [
        (where, r.slug)
        for where, text in texts(WRITTEN)
        for r in markdown.find_references(text)
        if r.kind == "source" and r.slug in from_knowledge
    ]
    assert len(cited) <= 25


def test_starter_content_claims_no_review():
    for model in (Compound, Condition, Explainer, Faq, GlossaryTerm, Finding, Claim, Source):
        assert not model.objects.filter(reviewed_at__isnull=False).exists()


def test_no_term_without_a_source_has_a_day_on_which_sources_were_checked():
    terms = GlossaryTerm.objects.exclude(evidence_checked_on=None)
    assert len(terms) >= 20
    assert [term.slug for term in terms if not term.rests_on_sources] == []


def test_every_record_is_due_for_a_check_within_a_year_or_so():
    for model in (Compound, Condition, Explainer, Faq):
        for record in model.objects.all():
            assert record.review_due, record
            assert (record.review_due - record.written_on).days <= 366


def test_every_number_of_crisis_help_can_be_tapped_and_names_its_source(client):
    """Spaces in a number are for the eye; where a number is written, a link dials it."""
    html = client.get("/help/").text
    for line in (line for country in CRISIS_COUNTRIES.values() for line in country.lines):
        assert f"/sources/{line.source}/" in html, line.source
        for number in re.findall(r"\d[\d -]{6,}\d", f"{line.action} {line.about}"):
            digits = re.sub(r"\D", "", number)
            assert re.search(rf'href="(?:tel|sms):{digits}"', html), number


MEDICINES = re.compile(r"\b(benzodiazepine|opioid|stimulant|MAOI|sleep medicine)", re.IGNORECASE)
INTERACTIONS = [
    *((Compound, slug) for slug in ("ketamine", "esketamine")),
    *((Condition, slug) for slug in ("alcohol-use-disorder", "substance-use-disorders")),
    *((Faq, slug) for slug in ("naltrexone", "alcohol-cannabis-opioids")),
    (Section, "your-medicines"),
    (Section, "medicines-food-and-driving"),
    (Step, "other-ways-it-may-start"),
]


@pytest.mark.parametrize(("model", "slug"), INTERACTIONS, ids=lambda value: str(value))
def test_naltrexone_is_named_wherever_medicines_are_listed(model, slug):
    record = model.objects.get(slug=slug)
    prose_of_it = " ".join(getattr(record, name) for name in get_prose_fields(model))
    assert re.search(r"naltrexone|a drug that blocks them", prose_of_it, re.IGNORECASE)
    assert "jelen-2025" in prose_of_it


def test_a_new_list_of_medicines_names_naltrexone_too():
    """Four kinds of medicine in one text of a guide or an answer make a list."""
    silent = [
        where
        for where, text in texts([Section, Faq])
        if len({kind.lower() for kind in MEDICINES.findall(text)}) >= 4
        and "naltrexone" not in text.lower()
    ]
    assert silent == []


def test_a_device_is_cleared_and_never_called_approved():
    wrong = [
        (where, sentence)
        for where, text in texts([*WRITTEN, GlossaryTerm])
        for sentence in re.split(r"(?<=[.!?])\s|(?<=\])\s", text)
        if re.search(r"\b(TMS|ECT|device)s?\b", sentence) and "approved" in sentence
    ]
    options = ConditionOption.objects.filter(name="ECT or TMS", approval__regex="hard.to.treat")
    assert len(options) == 2
    for option in options:
        assert option.approval.startswith("FDA clears devices")
        assert "approved" not in option.good + option.approval
    assert wrong == []


def test_a_large_rise_in_blood_pressure_says_how_large():
    counted = [(where, text) for where, text in texts(WRITTEN) if "8 to 19 out of 100" in text]
    assert len(counted) >= 4
    assert [where for where, text in counted if "40 points in the upper number" not in text] == []


def test_a_count_of_dissociation_stands_beside_the_rating_scale():
    shown = [(w, text) for w, text in texts(WRITTEN) if "finding:spravato-trd-dissociation" in text]
    assert len(shown) >= 6
    assert [where for where, text in shown if "61 to 84 out of 100" not in text] == []
    assert [where for where, text in texts(WRITTEN) if "61 to 75" in text] == []


def test_the_trial_that_met_its_goal_is_pictured_with_the_one_that_missed():
    alone = [
        where
        for where, text in texts(WRITTEN)
        if "{{finding:transform2-response}}" in text
        and "{{finding:transform1-84-response}}" not in text
    ]
    assert alone == []


def test_that_no_label_exists_is_not_cited_to_a_source_about_something_else():
    cited = [w for w, text in texts(WRITTEN) if re.search(r"no (drug )?label[^.]*\.\[\^", text)]
    assert cited == []


@pytest.mark.parametrize(
    ("model", "slug"), [(Compound, "esketamine"), (Condition, "suicidal-thoughts")]
)
def test_deaths_in_the_trials_of_spravato_are_told_beside_988(model, slug):
    record = model.objects.get(slug=slug)
    paragraph = re.search(r"[^\n]*died by suicide[^\n]*", record.not_known).group()
    assert "cannot show if the drug played a part" in paragraph
    assert "Nobody in the comparison group did" in paragraph
    assert "call or text 988" in paragraph


def test_thoughts_of_suicide_are_never_given_a_strong_badge_for_spravato():
    rows = ConditionEvidence.objects.filter(
        condition__slug="suicidal-thoughts", compound__slug="esketamine"
    )
    assert {row.strength for row in rows} == {"failed"}


def test_noribogaine_tells_its_own_effect_on_the_heart():
    page = Compound.objects.get(slug="noribogaine")
    for text in (page.short_risks, page.risks):
        assert "[^glue-2016:people]" in text
    for milliseconds in ("16", "28", "42"):
        assert milliseconds in page.risks


def test_psilocybin_names_suicidal_behavior_and_pools_no_doses():
    risks = Compound.objects.get(slug="psilocybin").risks
    assert "suicidal behavior" in risks
    assert "988" in risks
    assert "taken together" not in risks


def test_each_number_stands_once_on_the_page_of_a_medicine():
    twice = []
    for compound in Compound.objects.published().prefetch_related("pictured"):
        shown = [finding.slug for finding in compound.pictured.all()]
        for text in compound.prose_texts():
            shown += markdown.get_finding_slugs(text)
        twice += [(compound.slug, slug) for slug in {*shown} if shown.count(slug) > 1]
    assert twice == []


def test_what_a_folded_part_says_never_begins_with_suicide():
    """The line of a folded part stands alone; help does not stand beside it."""
    begun = [
        (where, sentence)
        for where, text in texts([Compound])
        if "suicid" in (sentence := get_gist(text)).lower()
    ]
    assert [one for one in begun if one[0].endswith((".not_known", ".risks"))] == []


def test_sources_checked_promises_no_search_for_newer_studies(client):
    html = client.get("/about/review/").text
    assert "searched for newer" not in html
    assert "does not mean that we looked for every newer study" in html


def test_no_step_tells_a_number_before_it_asks_for_it(client):
    asked = list(Guess.objects.answered().select_related("step__walkthrough"))
    assert {guess.finding.kind for guess in asked if guess.finding} == {"benefit", "harm"}
    for guess in asked:
        page = client.get(guess.step.get_absolute_url()).text
        above = re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index('id="guess"')])
        assert not re.search(rf"\b{guess.answer} (?:more|fewer|of|out of)\b", above), guess
