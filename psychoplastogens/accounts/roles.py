"""What each role may do: one table. `manage.py migrate` grants what it names and takes nothing."""

from fnmatch import fnmatchcase

from django.apps import apps as installed

from psychoplastogens.accounts.models import AccountEvent

# The rooms that hold nothing but what readers read, and its parts.
WRITTEN = ("evidence", "content", "walkthrough")
# Who did what to a page, which clinicians there are, what readers search for in vain: for all who
# work on pages.
SEEN_BY_ALL = ("editorial.view_reviewer", "editorial.view_act", "search.view_missedsearch")
# Parts that are taken away in the form of their page. A step has a form of its own, so not a step.
PARTS = (
    "content.delete_section",
    "content.delete_compoundstatus",
    "content.delete_conditionoption",
    "content.delete_conditionevidence",
    "walkthrough.delete_check",
)


def on_pages(*verbs):
    return [f"{room}.{verb}_*" for room in WRITTEN for verb in verbs]


CODES = [f"infobutton.{verb}_code" for verb in ("view", "add", "change")]
WRITING = [*on_pages("view", "add", "change"), *PARTS, *CODES, *SEEN_BY_ALL]
# Permissions as "room.codename"; a star stands for every kind of record. A name may be of a room
# or a model that is not there yet: it is granted by the migration that brings it.
ROLES = {
    "Author": WRITING,
    "Reviewer": [
        *on_pages("view"),
        *CODES[:1],
        *SEEN_BY_ALL,
        "editorial.approve_revision",
    ],
    "Publisher": [
        *WRITING,
        *on_pages("delete"),
        "infobutton.delete_code",
        "editorial.add_reviewer",
        "editorial.change_reviewer",
        "editorial.publish_revision",
    ],
    "Clinic editor": [
        *(
            f"clinics.{verb}_{kind}"
            for verb in ("view", "add", "change")
            for kind in ("clinic", "pack", "packitem")
        ),
        "short_links.view_shortlink",
        "short_links.view_dailycount",
    ],
}

# Who may do any of this signs in with a second factor: speak for the clinicians, put words before
# readers, or make accounts that can.
GUARDED_ROLES = ("Reviewer", "Publisher")
GUARDED = (
    "editorial.approve_revision",
    "editorial.publish_revision",
    "editorial.add_reviewer",
    "editorial.change_reviewer",
    "auth.add_user",
    "auth.change_user",
    "auth.change_group",
)


def needs_second_factor(user):
    """Whether this account may be used with a second factor only."""
    return (
        user.is_superuser
        or any(user.has_perm(permission) for permission in GUARDED)
        or user.groups.filter(name__in=GUARDED_ROLES).exists()
    )


def of(user):
    """The account's roles in words: "Author, Reviewer", "Superuser", or nothing."""
    names = ["Superuser"] if user.is_superuser else []
    return ", ".join([*names, *sorted(group.name for group in user.groups.all())])


def record_change(user, *, before, by):
    """Write down that `by`, or a command, gave the account other roles than `before`."""
    after = of(user)
    if after != before:
        what = f"{before or 'none'} → {after or 'none'}"[:200]
        AccountEvent.objects.record(AccountEvent.Kind.ROLE, user, what, by=by)


def grant(room, *, apps=installed):
    """Give each role what the table names in `room`. What is granted already stays as it is."""
    try:
        Group = apps.get_model("auth", "Group")
        Permission = apps.get_model("auth", "Permission")
    except LookupError:  # A migration of other rooms alone, before there are accounts.
        return
    permissions = list(Permission.objects.filter(content_type__app_label=room))
    for group in Group.objects.filter(name__in=ROLES):
        group.permissions.add(*(p for p in permissions if names(group.name, room, p.codename)))


def names(role, room, codename):
    return any(fnmatchcase(f"{room}.{codename}", pattern) for pattern in ROLES[role])


def grant_after_migrate(sender, apps=installed, **kwargs):
    grant(sender.label, apps=apps)
