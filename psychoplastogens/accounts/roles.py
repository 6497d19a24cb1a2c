"""The permissions of each role. `manage.py migrate` grants them and never revokes any."""

from datetime import timedelta
from fnmatch import fnmatchcase

from django.apps import apps as installed
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from django.utils import timezone

from psychoplastogens.accounts.models import AccountEvent

AUTH_BACKEND = "django.contrib.auth.backends.ModelBackend"
"""The backend that knows passwords and permissions; that of lock-outs knows neither."""
CLINIC_EDITOR = "Clinic editor"
ACCOUNT_MANAGER = "Account manager"

# Apps whose models are all pages, or parts of pages.
PAGE_APPS = ("evidence", "content", "walkthrough")
# For everybody who works on pages: the history, the reviewers, searches without results.
SHARED_VIEW_PERMISSIONS = (
    "editorial.view_reviewer",
    "editorial.view_historyentry",
    "search.view_missedsearch",
)
# Parts that are deleted in the form of their page. A step and a link have their own forms, so they
# are not listed.
DELETE_PART_PERMISSIONS = (
    "content.delete_section",
    "content.delete_compoundstatus",
    "content.delete_conditionoption",
    "content.delete_conditionevidence",
    "content.delete_decisionoption",
    "content.delete_visitmoment",
    "walkthrough.delete_check",
    "walkthrough.delete_experiment",
    "walkthrough.delete_guess",
    "walkthrough.delete_openingstate",
    "walkthrough.delete_scenestate",
)


def build_page_permissions(*verbs):
    return [f"{room}.{verb}_*" for room in PAGE_APPS for verb in verbs]


CODE_PERMISSIONS = [f"infobutton.{verb}_code" for verb in ("view", "add", "change")]
SYNONYM_PERMISSIONS = [f"search.{verb}_synonym" for verb in ("view", "add", "change")]
AUTHOR_PERMISSIONS = [
    *build_page_permissions("view", "add", "change"),
    *DELETE_PART_PERMISSIONS,
    *CODE_PERMISSIONS,
    *SYNONYM_PERMISSIONS,
    *SHARED_VIEW_PERMISSIONS,
]
# Permissions as "app.codename"; * matches every model. A pattern may name an app or a model that
# does not exist yet: the migration that adds it grants the permission.
ROLE_PERMISSIONS = {
    "Author": AUTHOR_PERMISSIONS,
    "Reviewer": [
        *build_page_permissions("view"),
        *CODE_PERMISSIONS[:1],
        *SYNONYM_PERMISSIONS[:1],
        *SHARED_VIEW_PERMISSIONS,
        "editorial.approve_revision",
    ],
    "Publisher": [
        *AUTHOR_PERMISSIONS,
        *build_page_permissions("delete"),
        "infobutton.delete_code",
        "search.delete_synonym",
        "editorial.add_reviewer",
        "editorial.change_reviewer",
        "editorial.publish_revision",
    ],
    CLINIC_EDITOR: [
        *(
            f"clinics.{verb}_{kind}"
            for verb in ("view", "add", "change")
            for kind in ("clinic", "pack", "packitem")
        ),
        "short_links.view_shortlink",
        "short_links.view_dailycount",
    ],
    ACCOUNT_MANAGER: [f"auth.{verb}_user" for verb in ("view", "add", "change")],
}

ROLE_DESCRIPTIONS = {
    "Author": "Writes pages, evidence and codes as drafts. Readers see them when others have "
    "approved and published them. The words that search knows are live at once.",
    "Reviewer": "Approves what others wrote, or sends it back. Needs a second factor.",
    "Publisher": "Does what an author does; puts approved texts live, withdraws them, and manages "
    "reviewers. Needs a second factor.",
    CLINIC_EDITOR: "Changes the clinics and reading lists of their own, which are live at once. "
    "Sees no drafts. Needs a second factor after a week.",
    ACCOUNT_MANAGER: "Looks after accounts: invites people, signs them out, ends lock-outs and "
    "resets second factors. Gives only roles that they have themselves, sets no passwords, and "
    "touches no superuser. Needs a second factor.",
}
"""What each role may do, in words for whoever gives it."""
ROLE_PAIRS = (
    "Nobody approves a text of their own, whatever is ticked: the database refuses it. Author and "
    "Reviewer together approve only what others wrote. Reviewer and Publisher together let one "
    "person alone put live what somebody else wrote."
)

# Accounts with any of these need a second factor: they approve, publish, or make accounts that
# can.
SECOND_FACTOR_ROLES = ("Reviewer", "Publisher", ACCOUNT_MANAGER)
SECOND_FACTOR_PERMISSIONS = (
    "editorial.approve_revision",
    "editorial.publish_revision",
    "editorial.add_reviewer",
    "editorial.change_reviewer",
    "auth.add_user",
    "auth.change_user",
    "auth.change_group",
)
# What they change is live at once, so these need one too. The first days are free: a clinic begins
# without a phone at hand.
LIST_PERMISSIONS = ("clinics.add_pack", "clinics.change_pack", "clinics.change_clinic")
LIST_GRACE = timedelta(days=7)


def decides_for_others(user):
    """Whether this account approves, publishes or manages accounts."""
    return (
        user.is_superuser
        or any(user.has_perm(permission) for permission in SECOND_FACTOR_PERMISSIONS)
        or user.groups.filter(name__in=SECOND_FACTOR_ROLES).exists()
    )


def get_second_factor_due(user):
    """From when on the lists of its clinics ask this account for a second factor, or None."""
    if any(user.has_perm(permission) for permission in LIST_PERMISSIONS):
        return user.date_joined + LIST_GRACE
    return None


def needs_second_factor(user):
    """Whether this account can be used only with a second factor."""
    if decides_for_others(user):
        return True
    due = get_second_factor_due(user)
    return due is not None and due <= timezone.now()


def get_givable_roles(manager):
    """The roles that an account manager may give: those that allow nothing which they may not.

    Clinic editors are invited with their clinic.
    """
    if manager.is_superuser:
        return Group.objects.all()
    beyond = Permission.objects.exclude(pk__in=get_permissions(manager))
    return Group.objects.exclude(permissions__in=beyond).exclude(name=CLINIC_EDITOR)


def may_change_account(manager, user):
    """Whether an account allows nothing that its manager may not. Ended accounts count too.

    What a clinic editor may change depends on their clinics: a superuser looks after those.
    """
    if manager.is_superuser or user.is_superuser:
        return manager.is_superuser
    if user.groups.filter(name=CLINIC_EDITOR).exists():
        return False
    return not get_permissions(user).exclude(pk__in=get_permissions(manager)).exists()


def get_permissions(user):
    """The permissions of an account, by its roles or by itself, whether it is active or not."""
    return Permission.objects.filter(Q(group__user=user) | Q(user=user)).order_by().distinct()


def get_role_names(user):
    """The roles of an account as text: "Author, Reviewer", "Superuser", or ''."""
    names = ["Superuser"] if user.is_superuser else []
    return ", ".join([*names, *sorted(group.name for group in user.groups.all())])


def get_account_managers():
    """Active accounts of staff that may change those of others, by name: whom to ask for a role."""
    return get_accounts_with("auth.change_user").filter(is_staff=True).order_by("username")


def get_accounts_with(permission):
    """Active accounts that have a permission, through a role or as superusers."""
    return get_user_model().objects.with_perm(permission, backend=AUTH_BACKEND)


def record_role_change(user, *, before, by):
    """Record a change of roles, if there was one. `by` is None for a management command."""
    after = get_role_names(user)
    if after != before:
        what = f"{before or 'none'} → {after or 'none'}"[:200]
        AccountEvent.objects.record(AccountEvent.Kind.ROLE, user, what, by=by)


def grant_role_permissions(room, *, apps=installed):
    """Grant each role its permissions in the app `room`. Granted ones stay."""
    try:
        Group = apps.get_model("auth", "Group")
        Permission = apps.get_model("auth", "Permission")
    except LookupError:  # Other apps may be migrated before django.contrib.auth.
        return
    permissions = list(Permission.objects.filter(content_type__app_label=room))
    for group in Group.objects.filter(name__in=ROLE_PERMISSIONS):
        group.permissions.add(
            *(p for p in permissions if role_has_permission(group.name, room, p.codename))
        )


def role_has_permission(role, room, codename):
    return any(fnmatchcase(f"{room}.{codename}", pattern) for pattern in ROLE_PERMISSIONS[role])


def grant_after_migrate(sender, apps=installed, **kwargs):
    grant_role_permissions(sender.label, apps=apps)
