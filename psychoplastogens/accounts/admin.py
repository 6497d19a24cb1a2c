from datetime import datetime, time, timedelta

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django_otp.plugins.otp_totp.models import TOTPDevice

from psychoplastogens.accounts import (
    audit,
    login,
    roles,
    second_factor,
    sessions,
    single_sign_on,
)
from psychoplastogens.accounts.invitation_admin import (
    InvitationAdminMixin,
    NewAccountForm,
    join_names,
)
from psychoplastogens.accounts.listed_errors import ListedErrorsAdmin
from psychoplastogens.accounts.models import AccountEvent, FirstPassword
from psychoplastogens.accounts.own_pages import OwnPage
from psychoplastogens.accounts.read_only import ReadOnlyAdmin
from psychoplastogens.accounts.session_admin import SessionAdminMixin, record_ended_sessions

# Their form shows the keys of other people.
admin.site.unregister([TOTPDevice, User])
SUPERUSER_FIELDS = ("is_superuser", "user_permissions")
NAMING_FIELDS = ("username", "email")
"""By these a password is mailed and single sign-on finds its account."""


class RolesField(forms.ModelMultipleChoiceField):
    """Each role with what it may do."""

    def label_from_instance(self, group):
        words = roles.ROLE_DESCRIPTIONS.get(group.name, "")
        return format_html("<span><strong>{}</strong> {}</span>", group.name, words)


@admin.register(User)
class AccountAdmin(InvitationAdminMixin, SessionAdminMixin, UserAdmin, ListedErrorsAdmin):
    """People who sign in: with what role, and whether with a second factor."""

    class Media:
        css = {"all": ["accounts.css"]}

    add_form = NewAccountForm
    list_display = (
        *("username", "role", "has_second_factor", "last_login", "invitation", "name", "is_active"),
    )
    list_filter = ()  # A few people: the whole width is for the columns.
    filter_horizontal = ("user_permissions",)
    actions = (
        *("invite_again", "withdraw_invitation", "reset_second_factor", "end_sessions"),
        *("end_lock_out", "unlink_single_sign_on"),
    )
    readonly_fields = ("password_state", "signed_in", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password_state", "signed_in")}),
        ("The person", {"fields": ("first_name", "last_name", "email")}),
        (
            "What they may do",
            {
                "description": f"{roles.ROLE_PAIRS} An account is not deleted, because the history "
                "names it: take the tick from “Active”, and its owner is signed out for good.",
                "fields": ("is_active", "groups", "is_superuser"),
            },
        ),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", ("first_name", "last_name"), "email")}),
        ("What they may do", {"description": roles.ROLE_PAIRS, "fields": ("groups",)}),
    )
    add_form_template = "admin/accounts/invite.html"

    def get_queryset(self, request):
        apps = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        people = (
            super().get_queryset(request).prefetch_related("groups").select_related("invitation")
        )
        return people.annotate(has_app=Exists(apps))

    @admin.display(description="name")
    def name(self, user):
        return user.get_full_name()

    @admin.display(description="role", empty_value="None")
    def role(self, user):
        return roles.get_role_names(user) or None

    @admin.display(description="second factor", boolean=True, ordering="has_app")
    def has_second_factor(self, user):
        return user.has_app

    @admin.display(description="password")
    def password_state(self, user):
        if not user.has_usable_password():
            return "Not chosen yet"
        if not user.password_set_by.is_superuser:
            return "Set"
        said = "Set. Whoever sets another one knows it, so its owner then chooses one anew."
        return format_html('{} <a class="button" href="../password/">Set another one</a>', said)

    def get_fieldsets(self, request, obj=None):
        """Permissions besides the roles are shown only where an account has some."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj and obj.user_permissions.exists():
            extra = {"fields": ("user_permissions",), "description": "Roles are enough: see above."}
            return (*fieldsets, ("Permissions besides the roles", extra))
        return fieldsets

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        if db_field.name == "groups":
            kwargs |= {"label": "Roles", "help_text": ""}
            kwargs |= {"widget": forms.CheckboxSelectMultiple, "form_class": RolesField}
            kwargs |= {"queryset": roles.get_givable_roles(request.user)}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "groups":
            field.widget.can_add_related = False  # The roles are those of roles.py.
        return field

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        """Nobody changes an account that may do more than they may."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or roles.may_change_account(request.user, obj))

    def get_readonly_fields(self, request, obj=None):
        """Nobody makes more of themselves, or has the password of somebody else mailed to them."""
        if request.user.is_superuser:
            return self.readonly_fields
        own = ("groups", "is_active") if obj == request.user else ()
        in_use = NAMING_FIELDS if obj and not hasattr(obj, "invitation") else ()
        return (*self.readonly_fields, *SUPERUSER_FIELDS, *own, *in_use)

    def get_object(self, request, object_id, from_field=None):
        user = super().get_object(request, object_id, from_field)
        if user:
            user.password_set_by = request.user
        return user

    def save_model(self, request, obj, form, change):
        if not change:
            obj.is_staff = True
            obj.set_unusable_password()
        obj.role_before = roles.get_role_names(User.objects.get(pk=obj.pk)) if change else ""
        super().save_model(request, obj, form, change)

    def user_change_password(self, request, id, form_url=""):
        """Who set another's password knows it: its owner chooses a new one at the next sign-in."""
        if not request.user.is_superuser:
            raise PermissionDenied
        response = super().user_change_password(request, id, form_url)
        was_set = request.method == "POST" and response.status_code == 302
        if was_set and str(request.user.pk) != id:
            FirstPassword.objects.get_or_create(user=User.objects.get(pk=id))
        return response

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        user, before = User.objects.get(pk=form.instance.pk), form.instance.role_before
        roles.record_role_change(user, before=before, by=request.user)
        if change and (after := roles.get_role_names(user)) != before:
            said = f"Roles of {user} now: {after or 'none'}. Before: {before or 'none'}."
            self.message_user(request, said, messages.SUCCESS)

    def get_own_pages(self, request):
        """For the search of the admin."""
        if not self.has_add_permission(request):
            return []
        words = "invite a colleague somebody new account invitation"
        return [OwnPage("Invite a colleague", reverse("admin:auth_user_add"), words)]

    def has_superuser_permission(self, request):
        return request.user.is_superuser

    def get_people(self, request, queryset):
        """Those of the chosen accounts whose sessions and second factor the user may end."""
        if not request.user.is_superuser:
            queryset = queryset.filter(is_superuser=False).exclude(pk=request.user.pk)
        if not (people := list(queryset)):
            said = "Nothing was done: a superuser is asked for superusers, and for yourself."
            self.message_user(request, said, messages.WARNING)
        return people

    @admin.action(description="Reset the second factor", permissions=["change"])
    def reset_second_factor(self, request, queryset):
        people = self.get_people(request, queryset)
        if people and "sure" not in request.POST:
            return self.confirm_reset(request, people)
        with transaction.atomic():
            for user in people:
                second_factor.reset_second_factor(user, by=request.user)
        if people:
            message = f"Reset: {join_names(people)}. The next sign-in sets up a new second factor."
            self.message_user(request, message, messages.SUCCESS)
        return None

    @admin.action(description="Sign out everywhere", permissions=["change"])
    def end_sessions(self, request, queryset):
        people = self.get_people(request, queryset)
        for user in people:
            ended = sessions.end_all_sessions(user, but=request.session.session_key)
            record_ended_sessions(user, ended, by=request.user)
        if people:
            said = f"Signed out everywhere: {join_names(people)}."
            self.message_user(request, said, messages.SUCCESS)

    def confirm_reset(self, request, people):
        context = {
            **self.admin_site.each_context(request),
            "title": "Reset the second factor",
            "opts": self.opts,
            "people": people,
            "checkbox": helpers.ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/accounts/reset_second_factor.html", context)

    @admin.action(description="End the lock-out", permissions=["change"])
    def end_lock_out(self, request, queryset):
        for user in queryset:
            login.unlock_account(user, by=request.user)
        self.message_user(request, "They can try to sign in again.", messages.SUCCESS)

    def get_actions(self, request):
        actions = super().get_actions(request)
        if not single_sign_on.is_set_up():
            actions.pop("unlink_single_sign_on", None)
        return actions

    @admin.action(description="Unlink from single sign-on", permissions=["superuser"])
    def unlink_single_sign_on(self, request, queryset):
        for user in queryset:
            single_sign_on.unlink(user, by=request.user)
        message = "Unlinked. The next single sign-on links the account by its mail address."
        self.message_user(request, message, messages.SUCCESS)


YESTERDAY = 1


class AuditForm(forms.Form):
    """What of the audit list to show. `days` is how many days ago it begins."""

    kind = forms.ChoiceField(
        required=False, choices=[("", "Everything"), *audit.ENTRY_KINDS.items()], label="What"
    )
    name = forms.CharField(required=False, max_length=150, label="Who (user name)")
    days = forms.TypedChoiceField(
        required=False,
        label="When",
        coerce=int,
        empty_value=None,
        choices=[
            ("", "Any time"),
            (0, "Today"),
            (YESTERDAY, "Yesterday"),
            (7, "Past week"),
            (90, "Past 3 months"),
        ],
    )


def get_first_moment(days: int | None) -> datetime | None:
    """When the day began that was so many days ago, in the time zone of the site."""
    if days is None:
        return None
    day = timezone.localdate() - timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time.min))


@admin.register(AccountEvent)
class AuditAdmin(ReadOnlyAdmin):
    """One list, to be read. What stands in it is never changed here and never deleted."""

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = AuditForm(request.GET)
        asked = form.cleaned_data if form.is_valid() else {}
        days = asked.get("days")
        rows = audit.get_audit_rows(
            category=asked.get("kind"),
            name=asked.get("name"),
            since=get_first_moment(days),
            until=get_first_moment(0) if days == YESTERDAY else None,
        )
        page = Paginator(rows, 50).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": "Audit list",
            "opts": self.opts,
            "form": form,
            "page": page,
            "entries": [audit.AuditEntry(**row) for row in page],
        }
        return TemplateResponse(request, "admin/accounts/audit_list.html", context)
