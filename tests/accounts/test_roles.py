"""What each role may do: the table, and how it gets into the database."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command

from psychoplastogens.accounts import roles
from psychoplastogens.editorial.admin.publishable_admin import PartInline
from psychoplastogens.editorial.models import Part, Publishable
from tests.factories import make_faq, make_staff, make_user

pytestmark = pytest.mark.django_db
WRITERS = ["Author", "Publisher"]


def all_of(kind):
    return [kind_ for kind_ in kind.__subclasses__() for kind_ in (kind_, *all_of(kind_))]


def concrete(kind):
    """The models of the project: other tests install some of their own."""
    models = [model for model in all_of(kind) if not model._meta.abstract]
    return [model for model in models if model.__module__.startswith("psychoplastogens.")]


def named(model, verb):
    return f"{model._meta.app_label}.{verb}_{model._meta.model_name}"


def permission(name):
    """One that a room not yet built will bring."""
    room, codename = name.split(".")
    kind, _ = ContentType.objects.get_or_create(app_label=room, model="later")
    made, _ = Permission.objects.get_or_create(content_type=kind, codename=codename)
    return made


def test_the_migration_makes_the_groups():
    names = set(Group.objects.values_list("name", flat=True))
    made = {"Author", "Reviewer", "Publisher", "Clinic editor", "Account manager"}
    assert names == made == set(roles.ROLE_PERMISSIONS)


@pytest.mark.parametrize("role", WRITERS)
def test_who_writes_may_add_and_change_every_kind_and_part(role):
    writer = make_staff(role)
    kinds = concrete(Publishable) + concrete(Part)
    kinds = [kind for kind in kinds if kind._meta.app_label != "clinics"]
    assert len(kinds) > 15
    for verb in ("view", "add", "change"):
        assert not [model for model in kinds if not writer.has_perm(named(model, verb))]


@pytest.mark.parametrize("role", WRITERS)
def test_who_writes_may_take_parts_out_of_the_form_of_their_page(role):
    writer = make_staff(role)
    inlines = [one for kind in admin.site._registry.values() for one in kind.inlines]
    parts = {one.model for one in inlines if issubclass(one, PartInline)} & {*concrete(Part)}
    parts -= {*admin.site._registry}  # Those have a form of their own.
    parts = [part for part in parts if part._meta.app_label != "clinics"]
    assert len(parts) > 6
    assert not [part for part in parts if not writer.has_perm(named(part, "delete"))]


@pytest.mark.parametrize("kind", concrete(Publishable), ids=lambda kind: kind.__name__)
def test_only_a_publisher_may_delete_a_page(kind):
    may = {
        role: make_staff(role, name=role).has_perm(named(kind, "delete"))
        for role in roles.ROLE_PERMISSIONS
    }
    assert [role for role in may if may[role]] == ["Publisher"]


def test_who_reviews_may_look_and_change_nothing():
    held = make_staff("Reviewer").get_all_permissions() - {"editorial.approve_revision"}
    assert held
    assert not [name for name in held if ".view_" not in name]


def test_who_works_for_clinics_touches_no_page():
    held = make_staff("Clinic editor").get_all_permissions()
    assert not [name for name in held if not name.startswith(("clinics.", "short_links."))]


@pytest.mark.parametrize("role", ["Author", "Reviewer", "Clinic editor"])
def test_nobody_but_a_publisher_changes_the_names_of_clinicians(role):
    """They stand on pages that are live."""
    assert not make_staff(role).has_perm("editorial.change_reviewer")


@pytest.mark.parametrize("role", list(roles.ROLE_PERMISSIONS))
def test_account_managers_alone_make_accounts_and_no_role_reads_the_audit_list(role):
    held = make_staff(role).get_all_permissions()
    found = {name for name in held if name.startswith(("auth.", "accounts.", "otp_", "axes."))}
    made = {"auth.view_user", "auth.add_user", "auth.change_user"}
    assert found == (made if role == "Account manager" else set())


def test_account_managers_touch_no_page():
    held = make_staff("Account manager").get_all_permissions()
    assert {name.partition(".")[0] for name in held} == {"auth"}


@pytest.mark.parametrize(
    ("name", "held_by"),
    [
        ("editorial.approve_revision", ["Reviewer"]),
        ("editorial.publish_revision", ["Publisher"]),
        ("clinics.change_pack", ["Clinic editor"]),
        ("clinics.delete_pack", []),
        ("short_links.view_dailycount", ["Clinic editor"]),
        ("short_links.change_dailycount", []),
        ("content.add_leaflet", ["Author", "Publisher"]),
        ("content.publish_leaflet", []),
    ],
)
def test_what_a_room_brings_later_is_granted_then(name, held_by):
    given = permission(name)
    roles.grant_role_permissions(name.split(".")[0])
    assert sorted(given.group_set.values_list("name", flat=True)) == held_by


def test_migrating_grants_it():
    given = permission("content.add_leaflet")
    call_command("migrate", verbosity=0)
    assert given.group_set.count() == 2


def test_migrating_again_changes_nothing():
    def granted():
        return sorted(Group.objects.values_list("name", "permissions"))

    before = granted()
    call_command("migrate", verbosity=0)
    assert granted() == before


def test_what_was_granted_by_hand_stays():
    author = Group.objects.get(name="Author")
    author.permissions.add(Permission.objects.get(codename="view_accountevent"))
    own = Group.objects.create(name="Translators")
    own.permissions.add(Permission.objects.get(codename="change_faq"))
    call_command("migrate", verbosity=0)
    assert make_staff("Author").has_perm("accounts.view_accountevent")
    assert make_staff("Translators", name="bo").get_all_permissions() == {"content.change_faq"}


def test_a_group_that_was_deleted_is_not_made_again():
    Group.objects.get(name="Author").delete()
    call_command("migrate", verbosity=0)
    assert not Group.objects.filter(name="Author").exists()


@pytest.mark.parametrize(
    "name",
    ["editorial.approve_revision", "editorial.publish_revision"]
    + ["editorial.add_reviewer", "editorial.change_reviewer"],
)
def test_who_is_given_such_a_right_alone_needs_the_second_factor_too(name):
    user = make_staff()
    assert not roles.needs_second_factor(user)
    user.user_permissions.add(permission(name))
    assert roles.needs_second_factor(type(user).objects.get(pk=user.pk))


@pytest.mark.parametrize("codename", ["add_user", "change_user", "change_group"])
def test_who_may_make_accounts_needs_it_because_they_could_make_a_publisher(codename):
    user = make_staff()
    user.user_permissions.add(Permission.objects.get(codename=codename))
    assert roles.needs_second_factor(type(user).objects.get(pk=user.pk))


def test_an_author_in_the_admin_can_change_a_question_and_not_delete_it(client):
    client.force_login(make_staff("Author"))
    address = f"/admin/content/faq/{make_faq(status='draft').pk}/"
    assert client.get(address + "change/").status_code == 200
    assert client.post(address + "delete/", {"post": "yes"}).status_code == 403


def test_roles_are_said_in_words():
    assert roles.get_role_names(make_staff("Reviewer", "Author")) == "Author, Reviewer"
    assert (
        roles.get_role_names(make_staff("Author", name="bo", is_superuser=True))
        == "Superuser, Author"
    )
    assert roles.get_role_names(make_user()) == ""
