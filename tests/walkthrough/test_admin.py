"""An editor builds a walkthrough in the admin alone."""

import re

import pytest
from django.template import engines
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.content.models import Explainer
from psychoplastogens.walkthrough import scenes
from psychoplastogens.walkthrough.models import Walkthrough
from psychoplastogens.walkthrough.scene_choices import draw_scene
from tests.admin_forms import address_of, errors_of, typed
from tests.factories import (
    CHECK,
    make_source,
    make_spine_change,
    make_staff,
    make_user,
    make_walkthrough,
)
from tests.login import sign_in
from tests.workflow_helpers import get_draft

pytestmark = pytest.mark.django_db
ADD = "/admin/walkthrough/walkthrough/add/"
STEP = {"slug": "one", "title": "It meets a gate", "scene": "synapse-blocked", "order": 1}
STEP |= {"plain": "It [[part:nmda|docks]].", "caption": "A gate.", "time": "24h"}
STEP |= {"alt": "A gate with a guest."}


def save(client, address, **changes):
    return client.post(address, typed(client.get(address), **changes), follow=True)


def test_a_second_walkthrough_is_built_published_and_read(admin_client, client):
    """Psilocybin, from the same scenes, with states, a marked word, a check and counts."""
    whole = {"slug": "how-psilocybin-works", "title": "How psilocybin works", "order": 2}
    whole |= {"summary": "In one step.", "key_points": "- It may."}
    parts = {f"steps-0-{name}": value for name, value in STEP.items()}
    save(admin_client, ADD, **whole, **parts, **{"steps-TOTAL_FORMS": 1})
    made = Walkthrough.objects.get()
    growth = make_spine_change(study="Shao 2021", source=make_source(slug="shao-2021"))
    check = {f"checks-0-{name}": value for name, value in CHECK.items()}
    sent = {"checks-TOTAL_FORMS": 1, "checks-0-order": 1, "growth": [str(growth.pk)]}
    states = {"states-TOTAL_FORMS": 2}
    for n, (slug, hidden) in enumerate({"out": "ket ion", "in": "flow"}.items()):
        fields = {"label": f"It is {slug}", "slug": slug, "hidden": hidden, "order": n}
        fields |= {"sentence": f"Now {slug}.", "alt": f"A gate, a guest {slug}."}
        states |= {f"states-{n}-{name}": value for name, value in fields.items()}
    page = save(admin_client, address_of(made.steps.get()), **check, **states, **sent)
    assert page.redirect_chain
    made.publish(by=make_user())
    step = client.get("/how-psilocybin-works/one/?answer=b")
    for shown in ("step 1 of 1", "It meets a gate", "Not quite", "Shao 2021", "<svg viewBox"):
        assertContains(step, shown)
    step = client.get("/how-psilocybin-works/one/?state=in&show=nmda")
    for shown in ('id="state-out"', 'name="state" value="in"', "NMDA receptor:", ">docks</a>"):
        assertContains(step, shown)


def test_a_first_picture_and_a_clock_are_made_in_forms_alone(admin_client, client):
    moment = {"time": "Noon", "feels": "You see colors.", "strength": 4, "lift": 0}
    moment |= {"treatment": "By capsule", "at": "2h", "order": 1}
    posted = {f"moments-0-{name}": value for name, value in moment.items()}
    guide = {"slug": "a-long-day", "title": "A long day", "order": 1, "key_points": "- Rest."}
    page = "/admin/content/explainer/add/"
    save(admin_client, page, summary="The day.", **guide, **posted, **{"moments-TOTAL_FORMS": 1})
    day = Explainer.objects.get()
    whole = {"slug": "how-psilocybin-works", "title": "How psilocybin works", "order": 2}
    whole |= {"summary": "In one step.", "key_points": "- It may.", "guide": str(day.pk)}
    whole |= {"scene": "two-cells", "opening": "Cells meet.", "alt": "Two cells."}
    parts = {f"steps-0-{name}": value for name, value in (STEP | {"time": "2h"}).items()}
    link = {"name": "BDNF", "slug": "bdnf", "picture": "bdnf", "time": "2h", "order": 1}
    link |= {"sentence": "It docks.", "without": "It did not."}
    parts |= {f"links-0-{name}": value for name, value in link.items()}
    sent = {"steps-TOTAL_FORMS": 1, "links-TOTAL_FORMS": 1}
    save(admin_client, ADD, **whole, **parts, **sent)
    for record in (day, Walkthrough.objects.get()):
        record.publish(by=make_user())
    assertContains(client.get("/how-psilocybin-works/"), "Cells meet.")
    clock = client.get("/how-psilocybin-works/clock/?at=2h")
    for shown in ("You see colors.", "It meets a gate", "BDNF", "A long day"):
        assertContains(clock, shown)


def test_a_step_cannot_be_moved_into_another_walkthrough(admin_client):
    """It would be written into the one, unread, by a draft of the other."""
    mine, other = make_walkthrough({"plain": "Old."}), make_walkthrough({})
    sent = {"walkthrough": str(other.pk), "plain": "New.", "order": 9, "slug": "moved"}
    save(admin_client, address_of(mine.steps.get()), **sent)
    draft = get_draft(mine)
    assert {row["pk"] for row in draft.snapshot} == {str(mine.pk), str(mine.steps.get().pk)}
    assert draft.snapshot[1]["fields"]["plain"] == "New."
    assert get_draft(other) is None


def test_scenes_are_chosen_from_the_files_there_are(admin_client):
    walkthrough = make_walkthrough({})
    own_form = admin_client.get(address_of(walkthrough.steps.get()))
    whole = admin_client.get(address_of(walkthrough))
    for name in scenes.get_scene_names():
        assertContains(whole, f'<input type="radio" name="steps-0-scene" value="{name}"')
        for page in (own_form, whole):
            assertContains(page, f'<input type="radio" name="scene" value="{name}"')
            assertContains(page, f'id="scene-{name}"', count=1)


@pytest.mark.parametrize(
    ("name", "label"),
    [("bdnf-trkb", "BDNF TrkB"), ("mtor-building", "mTOR building"), ("two-cells", "Two cells")],
)
def test_a_scene_is_named_in_words(name, label):
    assert dict(scenes.get_scene_choices())[name] == label


def test_each_scene_is_drawn_once_for_all_steps_of_a_walkthrough(admin_client):
    """Its lines are 40 KB: a drawing beside a choice of a step leads to the one at the top."""
    walkthrough = make_walkthrough(*({"slug": f"step-{n}"} for n in range(3)))
    page = admin_client.get(address_of(walkthrough))
    for name in scenes.get_scene_names():
        assertContains(page, f'<use href="#scene-{name}"/>', count=4)  # and for a new step


@pytest.mark.parametrize("name", scenes.get_scene_names())
def test_a_scene_to_choose_is_drawn_without_words_and_names(name):
    drawn = draw_scene(name)
    assert drawn.count("<svg") == drawn.count("</svg>") == 1
    assert re.findall(r'\sid="(.*?)"', drawn) == [f"scene-{name}"]
    assert not re.search(r'<(text|title|a)\b|\s(href="/[^s]|aria-labelledby|role)="', drawn)
    assert "scenes.svg#" in drawn
    assert draw_scene("gone") == ""


def test_parts_to_stress_are_ticked_by_the_names_in_the_file(admin_client):
    step = make_walkthrough({"scene": "ways", "highlight": "hub"}).steps.get()
    form = admin_client.get(address_of(step)).context["adminform"].form
    assert form["highlight"].value() == ["ways/hub"]
    parts = dict(form.fields["highlight"].choices)["Ways"]
    assert [value for value, _ in parts] == [f"ways/{p}" for p in scenes.get_scene_parts("ways")]
    ticked = ["ways/hub", "ways/dopamine", "two-cells/brake"]
    page = save(admin_client, address_of(step), highlight=ticked[:2])
    assert page.redirect_chain
    fields = next(r for r in get_draft(step.walkthrough).snapshot if r["pk"] == str(step.pk))
    assert fields["fields"]["highlight"] == "hub dopamine"


def test_parts_of_another_scene_do_not_count(admin_client):
    step = make_walkthrough({"scene": "ways"}).steps.get()
    ticked = {"scene": "synapse-blocked", "highlight": ["ways/hub", "synapse-blocked/nmda"]}
    save(admin_client, address_of(step), **ticked)
    fields = next(r for r in get_draft(step.walkthrough).snapshot if r["pk"] == str(step.pk))
    assert fields["fields"]["highlight"] == "nmda"
    page = save(admin_client, address_of(step), highlight=["ways/no-such-part"])
    assert "highlight" in errors_of(page)


def test_a_new_drawing_is_a_new_scene(tmp_path, monkeypatch):
    (tmp_path / scenes.SCENES_FOLDER).mkdir(parents=True)
    (tmp_path / scenes.SCENES_FOLDER / "lotus.svg").write_text("<svg/>")
    monkeypatch.setattr(engines["django"].engine, "dirs", [tmp_path])
    assert scenes.get_scene_names() == ["lotus"]


def test_a_scene_whose_drawing_is_gone_leaves_the_step_readable(client):
    make_walkthrough({"scene": "gone"}, slug="tea")
    assertContains(client.get("/tea/step-1/"), "A bare branch.")


def test_steps_link_to_their_own_form(admin_client):
    walkthrough = make_walkthrough({})
    link = address_of(walkthrough.steps.get())
    assertContains(admin_client.get(address_of(walkthrough)), link)


def test_a_right_answer_that_is_not_given_is_named(admin_client):
    step = make_walkthrough({"check": {}}).steps.get()
    page = save(admin_client, address_of(step), **{"checks-0-right": "d"})
    assert "must be one of those" in str(errors_of(page)) + page.content.decode()


def test_a_source_that_a_check_names_cannot_be_deleted_and_the_walkthrough_is_named(admin_client):
    source = make_source(slug="li-2010", status="draft")
    make_walkthrough({"check": {"a_because": "Yes.[^li-2010]"}}, title="Making tea")
    page = admin_client.get(address_of(source, "delete"))
    assertContains(page, "Making tea")


def test_a_walkthrough_that_readers_never_saw_is_deleted_with_its_steps_and_links(publisher):
    parts = {"check": {}, "guess": {}, "states": [{}]}
    draft = make_walkthrough(parts, links=[{"experiments": [{}]}], status="draft")
    page = publisher.get(address_of(draft, "delete"))
    assertNotContains(page, "permission")
    publisher.post(address_of(draft, "delete"), {"post": "yes"})
    assert not Walkthrough.objects.exists()


def test_one_that_readers_have_seen_is_not_and_no_step_alone(publisher):
    read = make_walkthrough({})
    page = publisher.post(address_of(read, "delete"), {"post": "yes"})
    assertContains(page, "withdraw it instead")
    step = address_of(read.steps.get(), "delete")
    assert publisher.post(step, {"post": "yes"}).status_code == 403
    author = sign_in(Client(), make_staff("Author", name="author"))
    draft = make_walkthrough({}, status="draft")
    assert author.post(address_of(draft, "delete"), {"post": "yes"}).status_code == 403
    assert Walkthrough.objects.count() == 2


@pytest.fixture
def publisher():
    return sign_in(Client(), make_staff("Publisher", name="publisher"))
