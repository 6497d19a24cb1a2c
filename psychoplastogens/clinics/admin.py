"""Clinic editors see and change their own clinic alone; superusers see all of them."""

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import capfirst

from psychoplastogens.accounts import second_factor
from psychoplastogens.clinics import contact
from psychoplastogens.clinics.change_messages import describe_changes, describe_parts
from psychoplastogens.clinics.contact_hints import LOCKED, NOT_TAKEN, describe_contact_lock
from psychoplastogens.clinics.first_steps import ReadyListAdminMixin
from psychoplastogens.clinics.forms import ClinicForm, PackForm, PackItemForm
from psychoplastogens.clinics.group_admin import ClinicGroupAdmin, GroupListAdminMixin
from psychoplastogens.clinics.invitation_admin import InvitationAdminMixin
from psychoplastogens.clinics.models import Clinic, Pack, PackItem
from psychoplastogens.clinics.neutral_slugs import find_telling_names
from psychoplastogens.clinics.request_admin import ClinicRequestAdmin
from psychoplastogens.clinics.sharing.pack_admin import PackSharingAdminMixin, find_sharing_obstacle
from psychoplastogens.editorial.admin.autosave import AutosaveAdmin
from psychoplastogens.editorial.admin.forms import ADDRESS_FIELDS
from psychoplastogens.editorial.admin.page_choice import PageChoiceAdmin
from psychoplastogens.editorial.admin.record_pages import get_record_admin_url
from psychoplastogens.short_links.formatting import format_clicks_by_month, format_urls
from psychoplastogens.short_links.models import ShortLink

__all__ = ["ClinicAdmin", "ClinicGroupAdmin", "ClinicRequestAdmin", "PackAdmin"]
EXTRA_ITEM_FORMS = 5


class ClinicScopedAdmin(AutosaveAdmin):
    """Lists, forms, actions and searches hold nothing of a clinic that is not the editor's."""

    save_on_top = True
    formfield_overrides = ADDRESS_FIELDS

    class Media:
        css = {"all": ["editorial/admin.css"]}
        js = ["editorial/admin_inlines.js"]

    def get_queryset(self, request):
        return super().get_queryset(request).editable_by(request.user)

    def construct_change_message(self, request, form, formsets, add=False):
        """With what stood there before, where it is short."""
        if add:
            return f"Added. {describe_parts(formsets)}".strip()
        told = describe_changes(form, formsets)
        return told or super().construct_change_message(request, form, formsets, add)

    def response_add(self, request, obj, post_url_continue=None):
        self.mark_as_saved(request)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        self.mark_as_saved(request)
        return super().response_change(request, obj)


@admin.register(Clinic)
class ClinicAdmin(InvitationAdminMixin, ClinicScopedAdmin):
    form = ClinicForm
    list_display = ("name", "phone", "discreet_previews")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    filter_horizontal = ("editors",)
    fieldsets = (
        (
            "What patients see",
            {
                "description": "All of it is shown as the clinic’s own words, just as you type it.",
                "fields": ("name", "slug", "phone", "hours", "out_of_hours", "emergency"),
            },
        ),
        ("Changes of how patients reach it", {"fields": ("contact_changes",)}),
        ("Reading lists", {"fields": ("greeting", "color", "discreet_previews")}),
    )
    logo_fieldset = ("Logo", {"fields": ("logo_shown", "logo_file", "remove_logo")})
    for_superusers = (("Who may change it", {"fields": ("editors", "group")}),)

    def get_urls(self):
        view = self.admin_site.admin_view(self.undo_contact)
        address = path(
            "<uuid:key>/undo-contact/<int:number>/", view, name="clinics_clinic_undo_contact"
        )
        return [address, *super().get_urls()]

    def get_fieldsets(self, request, obj=None):
        words, changes, *others = self.fieldsets
        if hint := describe_contact_lock(request.user, obj):
            words = (words[0], words[1] | {"description": hint})
        shown = (words, changes, *others) if obj else (words, *others)
        if obj and second_factor.is_trusted_for(request.user):
            shown = (*shown, self.logo_fieldset)
        return (*shown, *(self.for_superusers if request.user.is_superuser else ()))

    def get_readonly_fields(self, request, obj=None):
        """Who has only the password of an editor sends no patient to another number.

        A picture can hold a number too: only a trusted second factor changes the logo.
        """
        locked = obj and not contact.may_change_contact(request.user, obj)
        return ("contact_changes", "logo_shown", *(contact.CONTACT_FIELDS if locked else ()))

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def response_add(self, request, obj, post_url_continue=None):
        response = super().response_add(request, obj, post_url_continue)
        return self.lead_on(request, obj) or response

    def response_change(self, request, obj):
        response = super().response_change(request, obj)
        return self.lead_on(request, obj) or response

    def lead_on(self, request, clinic):
        """A clinic without a list goes on to its first one, where its editor is offered some."""
        is_saved = "_save" in request.POST and IS_POPUP_VAR not in request.POST
        if not is_saved or request.user.is_superuser or clinic.packs.exists():
            return None
        return redirect(reverse("admin:index") + "#first-steps")

    def save_model(self, request, obj, form, change):
        if not change:
            return super().save_model(request, obj, form, change)
        self.tell_of_lock(request, obj)
        return contact.save_clinic(obj, by=request.user)

    def tell_of_lock(self, request, clinic):
        """Say what was not taken from a form that was opened before its fields were locked."""
        sent = request.POST.keys() & set(contact.CONTACT_FIELDS)
        if sent and not contact.may_change_contact(request.user, clinic):
            self.message_user(request, f"{NOT_TAKEN} {LOCKED}", messages.WARNING)

    def log_contact(self, request, change):
        """In the audit list, with what stood there before."""
        for name, before, after in change.lines if change else ():
            said = f"{capfirst(name)}: “{before}” → “{after}”"
            self.log_change(request, change.clinic, said)

    def change_logo(self, request, clinic, form):
        """A picture can hold a number to call, so it changes as the phone does."""
        image, remove = form.cleaned_data.get("logo_file"), form.cleaned_data.get("remove_logo")
        if not image and not (remove and clinic.logo_id):
            return
        if not second_factor.is_trusted_for(request.user):
            raise PermissionDenied
        clinic.set_logo(image)

    @admin.display(description="now")
    def logo_shown(self, clinic):
        if not clinic.logo_id:
            return "None"
        return format_html('<img src="{}" alt="{}" height="48">', clinic.logo_address, clinic.name)

    def undo_contact(self, request, key, number):
        clinic = self.get_object(request, str(key))
        change = clinic and clinic.contact_changes.filter(pk=number).first()
        if change is None:
            raise Http404("There is no such change of a clinic of yours.")
        if request.method != "POST" or not self.has_change_permission(request, clinic):
            raise PermissionDenied
        try:
            self.log_contact(request, contact.undo_contact_change(change, by=request.user))
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        else:
            said = f"Undone: patients of {clinic} are shown what stood there before."
            self.message_user(request, said, messages.SUCCESS)
        return redirect(get_record_admin_url(clinic))

    @admin.display(description="the latest")
    def contact_changes(self, clinic):
        return render_to_string(
            "admin/clinics/_contact_history.html", {"changes": clinic.contact_changes.all()[:20]}
        )

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "editors":
            kwargs["queryset"] = get_user_model().objects.filter(is_staff=True)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if change:
            self.change_logo(request, form.instance, form)
        if not change and not request.user.is_superuser:
            form.instance.editors.add(request.user)  # Who makes a clinic keeps it in sight.


class PackItemInline(admin.TabularInline):
    """The pages of a list. Whoever may change the list may change them."""

    model = PackItem
    form = PackItemForm
    fields = ("page", "note", "read_first", "order")
    ordering = ("order",)
    view_on_site = False

    def get_queryset(self, request):
        return super().get_queryset(request).with_page()

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj else EXTRA_ITEM_FORMS

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("clinics.view_pack") or self.may_change(request)

    def may_change(self, request, obj=None):
        if obj and obj.source_id:
            return False
        return request.user.has_perm("clinics.change_pack") or (
            obj is None and request.user.has_perm("clinics.add_pack")
        )

    has_add_permission = has_change_permission = has_delete_permission = may_change


@admin.register(Pack)
class PackAdmin(
    GroupListAdminMixin,
    ReadyListAdminMixin,
    PackSharingAdminMixin,
    PageChoiceAdmin,
    ClinicScopedAdmin,
):
    form = PackForm
    page_form = PackItemForm
    list_display = ("title", "whose", "is_live", "opened")
    list_filter = ("is_live",)
    list_select_related = ("clinic", "group", "source__group")
    search_fields = ("title", "slug", "clinic__name")
    autocomplete_fields = ("clinic",)
    readonly_fields = ("links", "openings")
    inlines = (PackItemInline,)
    fieldsets = (
        (
            "What patients see",
            {
                "description": "The slug is a part of the address, which shows in messages and on "
                "locked phones: leave the treatment and the illness out of it.",
                "fields": ("clinic", "group", "title", "slug", "greeting", "is_live"),
            },
        ),
        ("Its links", {"classes": ("after-parts",), "fields": ("links", "openings")}),
    )

    def response_add(self, request, obj, post_url_continue=None):
        """On to what is handed out."""
        response = super().response_add(request, obj, post_url_continue)
        if "_save" in request.POST and obj.clinic_id and IS_POPUP_VAR not in request.POST:
            return redirect("admin:clinics_pack_hand_out", obj.pk)
        return response

    def response_change(self, request, obj):
        """On to what is handed out; to the form where there is nothing to hand out."""
        response = super().response_change(request, obj)
        if "_save" not in request.POST or IS_POPUP_VAR in request.POST:
            return response
        page = "change" if find_sharing_obstacle(obj) else "hand_out"
        return redirect(f"admin:clinics_pack_{page}", obj.pk)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        is_new = obj.slug != form.initial.get("slug")
        if is_new and (named := find_telling_names(obj.slug)):
            said = (
                f"The address of this list names “{named[0]}”, and others may see it on a locked "
                "phone. You can change the slug: links that you gave out keep working."
            )
            self.message_user(request, said, messages.WARNING)

    def get_readonly_fields(self, request, obj=None):
        # Its address is in old emails, below the address of its clinic.
        return (*self.readonly_fields, *(("clinic", "group") if obj else ()))

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "clinic":
            clinics = kwargs["queryset"] = Clinic.objects.editable_by(request.user)
            if clinics.count() == 1 and not self.may_choose_group(request):
                kwargs["initial"] = clinics.first().pk
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request, obj=None):
        """A list that patients could once open is closed instead: links to it are in emails."""
        return super().has_delete_permission(request, obj) and not (obj and obj.was_live)

    def get_view_on_site_url(self, obj=None):
        return (obj.get_absolute_url() or None) if obj and obj.is_live else None

    @admin.display(description="links")
    def links(self, pack):
        if pack._state.adding:
            return "Save the list first."
        if not pack.clinic_id:
            return "Each clinic of the group has its own: see its copy of this list."
        lines = [("In full", pack), ("Short", ShortLink.objects.get_or_create_for(pack))]
        return format_urls(lines)

    @admin.display(description="openings")
    def openings(self, pack):
        return (
            None
            if pack._state.adding or not pack.clinic_id
            else format_clicks_by_month(ShortLink.objects.get_or_create_for(pack))
        )

    @admin.display(description="opened this month")
    def opened(self, pack):
        if not pack.clinic_id:
            return None
        return ShortLink.objects.get_or_create_for(pack).get_clicks_this_month()
