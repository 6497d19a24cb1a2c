"""Small records for tests: published, in English, with only what the test says and what must be."""

from itertools import count

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone

from psychoplastogens.clinics.models import Clinic, ClinicGroup, Pack, PackItem
from psychoplastogens.content.models import (
    Compound,
    CompoundStatus,
    Condition,
    ConditionEvidence,
    ConditionOption,
    Decision,
    DecisionOption,
    Explainer,
    Faq,
    GlossaryTerm,
    Section,
    Topic,
    Translation,
    VisitMoment,
)
from psychoplastogens.editorial.models import Reviewer
from psychoplastogens.evidence.models import Claim, Finding, LinkCheck, Source, SpineChange
from psychoplastogens.infobutton.models import Code
from psychoplastogens.walkthrough.models import (
    ChainLink,
    Check,
    Experiment,
    Guess,
    OpeningState,
    SceneState,
    Step,
    Walkthrough,
)
from tests.login import PASSWORD

_numbers = count(1)
# Slugs of made records are numbered in letters, so that no page holds a number by chance.
_AS_LETTERS = str.maketrans("0123456789", "bcdfghjkmp")


def make_user(username="editor"):
    user, _ = get_user_model().objects.get_or_create(username=username)
    return user


def make_reviewer(name="Ada Moss", credentials="MD, psychiatrist", **fields):
    defaults = {"credentials": credentials} | fields
    reviewer, _ = Reviewer.objects.get_or_create(name=name, defaults=defaults)
    return reviewer


def make(model, *, published=True, **fields):
    """A record of `model`. It is not published where `status` is among the fields."""
    if reviewer := fields.get("reviewed_by"):
        signed = {"reviewer_name": reviewer.name, "reviewer_credentials": reviewer.credentials}
        fields = signed | fields
    letters = str(next(_numbers)).translate(_AS_LETTERS)
    record = model(**{"slug": f"{model._meta.model_name}-{letters}"} | fields)
    record.save()
    if published and "status" not in fields:
        record.publish(by=make_user())
    return record


def make_source(**fields):
    defaults = {"kind": "article", "title": "A study", "publisher": "A journal", "supports": "It."}
    return make(Source, **defaults | fields)


def make_finding(**fields):
    """69 and 52 of 100 people: 70 of 101 beside 52 of 100."""
    if "source" not in fields:
        fields["source"] = make_source()
    defaults = {
        "name": "Depression halved",
        "happened": "had their depression at least halved",
        "when": "After 4 weeks",
        "timeframe": "4 weeks",
        "kind": "benefit",
        "population": "Adults whom two medicines had not helped",
        "treatment": "on the spray",
        "treatment_total": 101,
        "treatment_events": 70,
        "treatment_per100": 69,
        "comparator": "on a spray without the drug",
        "comparator_total": 100,
        "comparator_events": 52,
        "comparator_per100": 52,
        "certainty": "moderate",
        "certainty_reason": "One trial.",
    }
    return make(Finding, **defaults | fields)


def make_claim(sources=(), **fields):
    claim = make(Claim, **{"text": "It works.", "verdict": "nuance", "why": "For some."} | fields)
    claim.sources.set(sources)
    return claim


def make_compound(pictured=(), findings=(), statuses=(), **fields):
    """`statuses` are dicts of fields."""
    defaults = {"name": "Ketamine", "standing": "off_label", "standing_as_of": "2026-01-01"}
    compound = make(Compound, **defaults | fields)
    compound.pictured.set(pictured)
    compound.findings.set(findings)
    standard = {"country": "US", "standing": "approved", "text": "On sale.", "as_of": "2026-01-01"}
    make_parts(CompoundStatus, statuses, standard, compound=compound)
    return compound


def make_condition(pictured=(), findings=(), options=(), evidence=(), **fields):
    """`options` and `evidence` are dicts of fields."""
    condition = make(Condition, **{"name": "Depression"} | fields)
    condition.pictured.set(pictured)
    condition.findings.set(findings)
    make_parts(ConditionOption, options, {"name": "Wait"}, condition=condition)
    row = {"label": "Ketamine", "strength": "early"}
    make_parts(ConditionEvidence, evidence, row, condition=condition)
    return condition


def make_decision(options=(), **fields):
    """`options` are dicts of fields."""
    decision = make(Decision, **{"title": "Is it right for me?", "weighed": "ketamine"} | fields)
    make_parts(DecisionOption, options, {"name": "Wait"}, decision=decision)
    return decision


def make_topic(**fields):
    return make(Topic, **{"name": "On the day"} | fields)


def make_faq(compounds=(), conditions=(), **fields):
    if "topic" not in fields:
        fields["topic"] = Topic.objects.first() or make_topic()
    faq = make(Faq, **{"question": "Does it work?", "answer": "For some people."} | fields)
    faq.compounds.set(compounds)
    faq.conditions.set(conditions)
    return faq


def make_term(**fields):
    return make(GlossaryTerm, **{"term": "Synapse", "meaning": "Where two cells meet."} | fields)


def make_translation(page=None, **fields):
    """The text of `page` in Spanish, or of a new question."""
    defaults = {"page": page or make_faq(), "title": "¿Ayuda?", "summary": "A algunas personas."}
    return make(Translation, **defaults | {"text": "Ayuda a algunas personas."} | fields)


def make_explainer(*sections, moments=(), **fields):
    """An explainer with a section for each (title, plain text) or dict of fields.

    `moments` holds a dict of fields for each moment of its day.
    """
    explainer = make(Explainer, **{"title": "The day"} | fields)
    for order, section in enumerate(sections):
        if not isinstance(section, dict):
            section = dict(zip(("title", "plain"), section, strict=True))
        standard = {"slug": f"part-{order}", "title": f"Part {order}", "plain": "Rest."}
        Section.objects.create(explainer=explainer, order=order, **standard | section)
    moment = {"treatment": "By drip", "time": "Start", "feels": "You sit.", "strength": 0}
    make_parts(VisitMoment, moments, moment, explainer=explainer)
    return explainer


def make_spine_change(**fields):
    """Ten more spines for every 100, in mice, a day after one dose."""
    if "source" not in fields:
        fields["source"] = make_source()
    defaults = {
        "study": "Moss 2020",
        "animal": "mouse",
        "brain_area": "front of the brain",
        "dose": "one dose of ketamine",
        "hours": 24,
        "percent": 10,
        "direction": "more",
        "compared_with": "mice given salt water",
    }
    return make(SpineChange, **defaults | fields)


CHECK = {
    "question": "What does it block?",
    "a": "A gate",
    "a_because": "Yes, a gate.",
    "b": "A pump",
    "b_because": "Not quite: a gate.",
    "right": "a",
}


GUESS = {"question": "How many more?", "choices": "0 10 25 50"}


def make_walkthrough(*steps, links=(), states=(), **fields):
    """A walkthrough with a step for each dict of fields.

    `check`, `guess`, `growth` and `states` may be among them. `states` are those of its picture.

    `links` holds a dict of fields for each link of its chain, with `experiments` among them.
    """
    defaults = {"title": "How it works", "summary": "Eight steps.", "key_points": "- It may."}
    walkthrough = make(Walkthrough, **defaults | fields)
    state = {"label": "At rest", "slug": "rest", "sentence": "It rests.", "alt": "Still."}
    make_parts(OpeningState, states, state, walkthrough=walkthrough)
    for order, step in enumerate(steps, start=1):
        check, growth = step.pop("check", None), step.pop("growth", ())
        guess = step.pop("guess", None)
        step_states = step.pop("states", ())
        standard = {"slug": f"step-{order}", "title": f"Step {order}", "scene": "ways"}
        standard |= {"plain": "Rest.", "caption": "A branch.", "alt": "A bare branch."}
        made = Step.objects.create(walkthrough=walkthrough, order=order, **standard | step)
        made.growth.set(growth)
        make_parts(SceneState, step_states, state, step=made)
        if check is not None:
            Check.objects.create(step=made, order=1, **CHECK | check)
        if guess is not None:
            Guess.objects.create(step=made, order=1, **GUESS | guess)
    for order, link in enumerate(links, start=1):
        experiments = link.pop("experiments", ())
        standard = {"slug": f"link-{order}", "name": f"Link {order}", "picture": "mtor"}
        standard |= {"sentence": "It leads on.", "without": "It went on."}
        made = ChainLink.objects.create(walkthrough=walkthrough, order=order, **standard | link)
        standard = {"subject": "animals", "done": "It was blocked.", "effect": "stopped"}
        make_parts(Experiment, experiments, standard | {"result": "No more."}, link=made)
    return walkthrough


def make_parts(model, items, standard, **owner):
    for order, fields in enumerate(items, start=1):
        model.objects.create(**owner, order=order, **standard | fields)


def make_staff(*roles, name="ada", **fields):
    """An account with these roles that signs in with the password of tests/login.py."""
    made = {"username": name, "password": PASSWORD, "is_staff": True} | fields
    user = get_user_model().objects.create_user(**made)
    for role in roles:
        user.groups.add(Group.objects.get(name=role))
    return user


def make_manager(*roles):
    """Who looks after the accounts of authors and of these roles, and is no superuser."""
    return make_staff("Account manager", "Author", *roles, name="manager")


def make_code(code="F33", **fields):
    """An ICD-10-CM code that a new condition answers, where no other page is among `fields`."""
    defaults = {"system": "icd-10-cm", "display": "Major depressive disorder, recurrent"}
    if "page" not in fields:
        fields["page"] = make_condition()
    return make(Code, **defaults | {"code": code} | fields)


def make_clinic(**fields):
    standard = {"slug": f"clinic-{next(_numbers)}", "phone": "503-555-0100"}
    standard["name"] = f"Oakside Clinic {next(_numbers)}"
    return Clinic.objects.create(**standard | fields)


def make_pack(*pages, clinic=None, **fields):
    """A reading list of `pages`, which are records or None for the question list."""
    standard = {"slug": f"pack-{next(_numbers)}", "title": "Before your first visit"}
    pack = Pack.objects.create(clinic=clinic or make_clinic(), **standard | fields)
    for order, page in enumerate(pages, start=1):
        PackItem.objects.create(pack=pack, order=order, page=page, question_list=page is None)
    return pack


def make_group_list(*pages, group=None, **fields):
    """A reading list of a group of clinics."""
    group = group or ClinicGroup.objects.create(name=f"Valley Health {next(_numbers)}")
    standard = {"slug": f"pack-{next(_numbers)}", "title": "Before your first visit"}
    pack = Pack.objects.create(group=group, **standard | fields)
    for order, page in enumerate(pages, start=1):
        PackItem.objects.create(pack=pack, order=order, page=page, question_list=page is None)
    return pack


def make_link(address, state="broken", **fields):
    """What an address answered, just now."""
    problem = "" if state in ("ok", "pending") else "There is no such page any more."
    checked = None if state == "pending" else timezone.now()
    return LinkCheck.objects.create(
        address=address, state=state, problem=problem, checked_at=checked, **fields
    )
