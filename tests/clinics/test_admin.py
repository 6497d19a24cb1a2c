"""A clinic's editor works on that clinic alone, whatever is typed into an address or a form."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.clinics.models import Clinic, Pack, PackItem
from psychoplastogens.editorial.models import Status
from psychoplastogens.short_links.models import DailyCount, ShortLink
from tests.admin_forms import address_of, errors_of, typed
from tests.factories import (
    make_clinic,
    make_compound,
    make_explainer,
    make_faq,
    make_pack,
    make_staff,
    make_user,
)
from tests.login import make_authenticator, sign_in

pytestmark = pytest.mark.django_db
PACKS, CLINICS = "/admin/clinics/pack/", "/admin/clinics/clinic/"
LINKS = "/admin/short_links/shortlink/"
ALLOWED = [f"{do}_{what}" for what in ("clinic", "pack") for do in ("view", "add", "change")]
ALLOWED += ["delete_pack", "delete_clinic", "view_shortlink"]


@pytest.fixture
def own():
    return make_clinic(name="Oakside Clinic", slug="oakside")


@pytest.fixture
def other():
    """A pack of another clinic, with one page."""
    return make_pack(make_faq(), clinic=make_clinic(name="Fern Clinic"), title="Of Fern")


@pytest.fixture
def editor(client, own):
    """A client of staff who edit Oakside Clinic, with every permission that there is for it."""
    user = make_user("desk")
    user.user_permissions.set(Permission.objects.filter(codename__in=ALLOWED))
    own.editors.add(user)
    make_authenticator(user, days_ago=4)
    return sign_in(client, user)


def sent_for(pack, **changes):
    """What a form of `pack` with no further pages sends."""
    fields = {"title": pack.title, "slug": pack.slug, "greeting": "", "is_live": "on"}
    return fields | {"items-TOTAL_FORMS": 0, "items-INITIAL_FORMS": 0} | changes


def test_an_editor_makes_a_list_and_gets_its_short_link(editor, own, client):
    guide = make_explainer({"title": "Rest", "slug": "rest"}, slug="after")
    page = editor.get(f"{PACKS}add/")
    lines = {
        "items-0-page": f"section:{guide.sections.get().pk}",
        "items-0-note": "Lie down.",
        "items-3-page": "question_list",
    }
    sent = typed(page, title="Before", slug="before", is_live="on", **lines)
    assert sent["clinic"] == own.pk
    assert editor.post(f"{PACKS}add/", sent).status_code == 302
    pack = Pack.objects.get()
    assert [item.title for item in pack.get_visible_items()] == [
        "Rest",
        "My questions for the visit",
    ]
    code = ShortLink.objects.get_or_create_for(pack).code
    form = editor.get(address_of(pack))
    assertContains(form, f"http://127.0.0.1:8000/s/{code}/")
    assertContains(form, "http://127.0.0.1:8000/c/oakside/before/")
    assert client.get(f"/s/{code}/")["Location"] == "/c/oakside/before/"


def test_lists_show_only_what_is_the_editors(editor, own, other):
    mine = make_pack(clinic=own, title="Of Oakside")
    for record in (mine, other, own, other.clinic):
        ShortLink.objects.get_or_create_for(record)
    ShortLink.objects.get_or_create_for(make_faq())
    for address, shown, hidden in (
        (PACKS, "Of Oakside", "Of Fern"),
        (CLINICS, "Oakside Clinic", "Fern Clinic"),
        (LINKS, "Of Oakside", "Of Fern"),
    ):
        page = editor.get(address)
        assertContains(page, shown)
        assertNotContains(page, hidden)
    assertContains(editor.get(LINKS), "2 short links")
    assertNotContains(editor.get(f"{PACKS}?q=Fern"), "Of Fern")


@pytest.mark.parametrize("action", ["change", "delete", "history"])
def test_the_key_of_another_clinic_opens_nothing(editor, other, action):
    link = ShortLink.objects.get_or_create_for(other)
    for record in (other, other.clinic, link):
        response = editor.get(address_of(record, action))
        assert response.status_code in (302, 403, 404)
        assert response.get("Location", "/admin/") == "/admin/"


def test_nothing_can_be_posted_to_another_clinic(editor, other):
    for record in (other, other.clinic):
        for action in ("change", "delete"):
            sent = {"title": "Mine", "name": "Mine", "phone": "555-0199", "post": "yes"}
            editor.post(address_of(record, action), sent_for(other) | sent)
    other.refresh_from_db()
    assert (other.title, other.clinic.phone) == ("Of Fern", "503-555-0100")


def test_a_list_cannot_be_made_for_or_moved_to_another_clinic(editor, own, other):
    sent = sent_for(other, title="Fake", slug="fake", clinic=other.clinic.pk)
    page = editor.post(f"{PACKS}add/", sent)
    assert "Select a valid choice" in str(errors_of(page)["clinic"])
    mine = make_pack(clinic=own)
    editor.post(address_of(mine), sent_for(mine, clinic=other.clinic.pk))
    mine.refresh_from_db()
    assert mine.clinic == own
    assert other.clinic.packs.count() == 1


def test_a_line_of_another_clinics_list_cannot_be_taken_over(editor, own, other):
    mine, line = make_pack(clinic=own), other.items.get()
    stolen = {
        "items-TOTAL_FORMS": 1,
        "items-INITIAL_FORMS": 1,
        "items-0-id": line.pk,
        "items-0-pack": mine.pk,
        "items-0-page": "question_list",
        "items-0-order": 1,
    }
    for changes in (stolen, stolen | {"items-0-DELETE": "on"}):
        editor.post(address_of(mine), sent_for(mine, **changes))
        line.refresh_from_db()
        assert line.pack == other
        assert not line.question_list


def test_bulk_actions_do_not_reach_another_clinic(editor, other):
    draft = make_pack(clinic=other.clinic, is_live=False)
    for pack in (other, draft):
        sent = {"action": "delete_selected", "_selected_action": [pack.pk], "post": "yes"}
        editor.post(PACKS, sent)
    assert Pack.objects.count() == 2


def test_searches_while_typing_offer_nothing_of_another_clinic(editor, own, other):
    make_pack(clinic=own, title="Ferns at Oakside")
    asked = {"app_label": "clinics", "term": "Fern"}
    for model, field, found in (("pack", "clinic", []), ("packitem", "pack", ["Ferns at Oakside"])):
        sent = asked | {"model_name": model, "field_name": field}
        answer = editor.get("/admin/autocomplete/", sent).json()
        assert [one["text"] for one in answer["results"]] == found
    sent = asked | {"model_name": "clinic", "field_name": "editors"}
    assert editor.get("/admin/autocomplete/", sent).status_code == 403


def test_an_editor_cannot_choose_who_edits_a_clinic(editor, own, other):
    stranger = make_user("stranger")
    page = editor.get(address_of(own))
    assertNotContains(page, "stranger")
    sent = typed(page, editors=[stranger.pk], phone="503-555-0111")
    editor.post(address_of(own), sent)
    own.refresh_from_db()
    assert own.phone == "503-555-0111"
    assert list(own.editors.values_list("username", flat=True)) == ["desk"]


def test_who_makes_a_clinic_keeps_it(editor):
    sent = typed(editor.get(f"{CLINICS}add/"), name="Moss", slug="moss", phone="503-555-0122")
    editor.post(f"{CLINICS}add/", sent)
    assert list(Clinic.objects.get(slug="moss").editors.all()) == [make_user("desk")]


def test_staff_who_edit_no_clinic_see_none(editor, own, other):
    own.editors.clear()
    for address in (PACKS, CLINICS, LINKS):
        assertContains(editor.get(address), "0 ")
        assertNotContains(editor.get(address), "Clinic</a>")
    assertNotContains(editor.get(f"{PACKS}add/"), "Fern")


def test_an_editor_without_permissions_changes_nothing(editor, own):
    make_user("desk").user_permissions.clear()
    for address in (PACKS, CLINICS, LINKS, address_of(own), f"{PACKS}add/"):
        assert editor.get(address).status_code == 403


def test_superusers_see_all_and_name_editors(admin_client, own, other):
    desk = make_user("front-desk")
    desk.is_staff = True
    desk.save()
    assertContains(admin_client.get(PACKS), "Of Fern")
    page = admin_client.get(address_of(own))
    assertContains(page, "front-desk")
    admin_client.post(address_of(own), typed(page, editors=[desk.pk]))
    assert list(own.editors.all()) == [desk]


def search(client, words=""):
    """The titles that the field of a page offers for these words."""
    groups = client.get(f"{PACKS}pages/", {"term": words}).json()["results"]
    return [choice["text"] for group in groups for choice in group["children"]]


def test_a_page_is_found_by_words_of_its_title_and_a_part_by_those_of_its_guide(editor):
    make_explainer({"title": "Going home"}, title="The day")
    make_faq(question="When can I drive home?")
    assert search(editor, "HOME") == ["The day: Going home", "When can I drive home?"]
    assert search(editor, "home day") == ["The day: Going home"]
    assert search(editor, "Visit questions") == ["My questions for the visit"]
    assert search(editor, "nothing of ours") == []


def test_words_that_begin_so_come_before_letters_within_words_in_whatever_kind(editor):
    make_explainer({"title": "After treatment"}, {"title": "Eating again"}, title="The day")
    make_faq(question="May I eat before?")
    make_compound(name="Sweatine")
    make_faq(question="A treatment for what?")
    found = search(editor, "eat")
    assert found[:2] == ["The day: Eating again", "The day: After treatment"]
    assert found[2:4] == ["May I eat before?", "A treatment for what?"]
    assert found[-1].endswith("Sweatine")


def test_of_many_pages_that_are_found_the_first_are_offered(editor):
    for number in range(22):
        make_compound(name=f"Compound {number:02}")
    found = search(editor, "compound")
    assert len(found) == 21
    assert found[-1] == "There are more. Type more of the title."


def test_who_changes_no_list_searches_no_page(client):
    sign_in(client, make_staff())
    assert client.get(f"{PACKS}pages/").status_code == 403


@pytest.mark.parametrize("wrong", ["faq:1", "faq", "source:{}", "{}", "question_list:"])
def test_what_is_no_page_is_refused_with_words_on_what_to_do(editor, own, wrong):
    pack = make_pack(clinic=own)
    line = {"items-TOTAL_FORMS": 1, "items-0-page": wrong.format(make_faq().pk)}
    page = editor.post(address_of(pack), typed(editor.get(address_of(pack)), **line))
    assert "search for a page by words of its title" in str(errors_of(page)["items-0-page"])
    assert not pack.items.exists()


def test_a_page_that_was_chosen_is_still_in_the_form_after_a_mistake(editor, own):
    faq, pack = make_faq(question="Shown?"), make_pack(clinic=own)
    line = {"items-TOTAL_FORMS": 1, "items-0-page": f"faq:{faq.pk}", "items-0-order": "x"}
    page = editor.post(address_of(pack), typed(editor.get(address_of(pack)), **line))
    assertContains(page, f'<option value="faq:{faq.pk}" selected>Shown?</option>')


def test_only_what_readers_see_is_offered(editor, own):
    make_faq(question="Shown?")
    draft = make_faq(question="Not yet?", status=Status.DRAFT)
    pack = make_pack(clinic=own)
    page = editor.get(address_of(pack))
    assert search(editor) == ["My questions for the visit", "Shown?"]
    line = {"items-TOTAL_FORMS": 1, "items-0-page": f"faq:{draft.pk}", "items-0-order": 1}
    page = editor.post(address_of(pack), typed(page, **line))
    assert "Select a valid choice" in str(errors_of(page)["items-0-page"])


def test_a_line_whose_page_was_withdrawn_does_not_hold_up_the_form(editor, own):
    faq = make_faq(question="Old?")
    pack = make_pack(faq, clinic=own)
    faq.withdraw(by=make_user(), reason="Old.")
    page = editor.get(address_of(pack))
    assertContains(page, "Old? (not shown to patients now)</option>")
    assert editor.post(address_of(pack), typed(page, title="New title")).status_code == 302
    assert pack.items.get().page == faq


@pytest.mark.parametrize(
    ("changes", "page"),
    [
        ({"title": "New"}, "hand-out"),
        ({"is_live": ""}, "change"),  # There is nothing to hand out.
        ({"items-0-DELETE": "on"}, "change"),
        ({"_continue": "", "_save": None}, "change"),
    ],
)
def test_a_changed_list_leads_to_what_is_handed_out(editor, own, changes, page):
    pack = make_pack(make_faq(), clinic=own)
    sent = typed(editor.get(address_of(pack)), **{"_save": "Save"} | changes)
    answer = editor.post(address_of(pack), {k: v for k, v in sent.items() if v is not None})
    assert answer["Location"] == address_of(pack, page)


def test_a_line_may_be_changed_to_another_page(editor, own):
    pack = make_pack(make_faq(), clinic=own)
    compound = make_compound()
    page = editor.get(address_of(pack))
    editor.post(address_of(pack), typed(page, **{"items-0-page": f"compound:{compound.pk}"}))
    item = PackItem.objects.get()
    assert item.page == compound


def test_mistakes_are_named_at_their_field_and_nothing_typed_is_lost(editor, own):
    page = editor.get(address_of(own))
    page = editor.post(address_of(own), typed(page, phone="call us", greeting="Hello \u202e you"))
    assert "503-555-0100" in str(errors_of(page)["phone"])
    assert "U+202E" in str(errors_of(page)["greeting"])
    assertContains(page, 'value="call us"')


def test_a_form_of_a_clinic_says_that_it_saves_at_once_and_keeps_what_was_not_saved(editor, own):
    for record in (own, make_pack(clinic=own)):
        page = editor.get(address_of(record))
        assertContains(page, 'value="Save"')
        assertNotContains(page, "Save draft")
        assertContains(page, "editorial/editing.js")
        opening = page.context["opening"]
        assertContains(page, f'name="opening" value="{opening}"')
        editor.post(address_of(record), typed(page, slug="?", opening=opening))
        assert opening not in editor.session.get("saved_form_tokens", [])
        editor.post(address_of(record), typed(page, opening=opening))
        assert opening in editor.session["saved_form_tokens"]


def test_the_pages_of_a_list_stand_before_its_links(editor, own):
    html = editor.get(address_of(make_pack(clinic=own))).content.decode()
    assert html.index("items-group") < html.index("Its links")


def test_a_list_that_was_open_is_closed_not_deleted(editor, own):
    opened, draft = make_pack(clinic=own), make_pack(clinic=own, is_live=False)
    for pack in (opened, draft):
        editor.post(address_of(pack, "delete"), {"post": "yes"})
        sent = {"action": "delete_selected", "_selected_action": [pack.pk], "post": "yes"}
        editor.post(PACKS, sent)
    assert list(Pack.objects.all()) == [opened]


def test_nobody_makes_changes_or_deletes_a_short_link(admin_client):
    link = ShortLink.objects.get_or_create_for(make_faq())
    assert admin_client.get(f"{LINKS}add/").status_code == 403
    assert admin_client.post(address_of(link, "delete"), {"post": "yes"}).status_code == 403
    admin_client.post(address_of(link), {"code": "cdfgh"})
    sent = {"action": "delete_selected", "_selected_action": [link.pk], "post": "yes"}
    admin_client.post(LINKS, sent)
    assert ShortLink.objects.get() == link


def test_openings_are_told_by_month_and_not_below_ten(editor, own):
    pack = make_pack(clinic=own)
    link = ShortLink.objects.get_or_create_for(pack)
    today = timezone.localdate()
    for day, number in ((today, 9), (today.replace(year=today.year - 1), 41)):
        DailyCount.objects.create(link=link, day=day, number=number)
    for address in (address_of(pack), address_of(link), PACKS, LINKS):
        assertContains(editor.get(address), "fewer than 10")
        assertNotContains(editor.get(address), ">9<")
    page = editor.get(address_of(pack))
    assertContains(page, f"{today:%B} {today.year - 1}: 41")
    assertContains(page, "Openings of the short link, not people")


def test_looking_at_a_form_counts_nothing(editor, own):
    pack = make_pack(clinic=own)
    for address in (PACKS, address_of(pack), LINKS):
        editor.get(address)
    assert not DailyCount.objects.exists()
    assertNotContains(editor.get(address_of(ShortLink.objects.get())), "View on site")


def test_the_counts_themselves_are_in_no_list(admin_client):
    assert admin_client.get("/admin/short_links/dailycount/").status_code == 404
    kind = ContentType.objects.get_for_model(DailyCount)
    assert admin_client.get(f"/admin/r/{kind.pk}/1/").status_code == 404
