"""Forms of the admin: a line of a reading list is one page, chosen from those that readers see."""

from django import forms
from django.urls import reverse_lazy

from psychoplastogens.clinics.logo_images import read_logo
from psychoplastogens.clinics.models import Clinic, Pack, PackItem
from psychoplastogens.clinics.models.pack import QUESTION_LIST
from psychoplastogens.clinics.neutral_slugs import propose_slug
from psychoplastogens.editorial.admin.page_choice import PageChoiceField, PagePointerForm
from psychoplastogens.editorial.counted_text import CountedModelForm
from psychoplastogens.editorial.slug_form import SlugForm


class ClinicForm(SlugForm):
    logo_file = forms.FileField(
        label="Logo",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
        help_text="PNG or JPEG, up to 1 MB, on a light ground. It stands on your reading lists, "
        "posters and handouts, beside your name.",
    )
    remove_logo = forms.BooleanField(label="Show no logo", required=False)

    class Meta:
        model = Clinic
        fields = ("name",)  # The admin names the others.

    def clean_logo_file(self):
        file = self.cleaned_data["logo_file"]
        return read_logo(file) if file else None


class PackForm(CountedModelForm):
    """A list whose address is left empty gets one that names no medicine and no illness."""

    class Meta:
        model = Pack
        fields = ("title",)  # The admin names the others.
        help_texts = {
            "title": "For example: Before your first visit. It is the heading that patients read. "
            "The browser’s tab and previews of links say “Before your visit”, whatever it is "
            "called, unless the clinic turns off its neutral previews.",
            "slug": "The last part of the address. Left empty, it is made of the title, without "
            "names of medicines and illnesses. Old addresses keep working when you change it.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            if self.instance.slug:
                self.fields["slug"].help_text = (
                    f"The last part of the address. Left empty, it stays “{self.instance.slug}”. "
                    "Old addresses keep working when you change it."
                )

    def clean_slug(self):
        """Made of the title here, so that the rules for a slug are tried on it too."""
        typed, title = self.cleaned_data["slug"], self.cleaned_data.get("title", "")
        if typed or self.instance.slug:
            return typed or self.instance.slug
        slug, clinic = propose_slug(title), self.cleaned_data.get("clinic")
        return Pack(slug=slug).find_free_slug(clinic) if clinic else slug


class PackItemForm(PagePointerForm):
    page = PageChoiceField(
        reverse_lazy("admin:clinics_pack_pages"),
        help_text="Only what readers can see may be chosen.",
    )

    class Meta(PagePointerForm.Meta):
        model = PackItem
        fields = ("note", "read_first", "order")
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "note": "Optional. Shown as a note from the clinic, just as you type it: no bold "
            "letters, and no links."
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        number = (self.prefix or "").rpartition("-")[2]
        if self.instance._state.adding and number.isdigit():
            self.initial["order"] = int(number) + 1

    @classmethod
    def get_owners(cls, model):
        return model.objects.published()

    @classmethod
    def search_pages(cls, words):
        title = PackItem(question_list=True).title
        is_found = all(word in title.lower() for word in words.lower().split())
        questions = {"text": "For the visit", "children": [{"id": QUESTION_LIST, "text": title}]}
        return [*([questions] if is_found else []), *super().search_pages(words)]

    def find_title(self, value):
        if value == QUESTION_LIST:
            return PackItem(question_list=True).title
        return super().find_title(value)

    def get_chosen_title(self):
        item = self.instance
        if item.question_list:
            return item.title
        hidden = item.page and not item.page.owner.is_published
        return super().get_chosen_title() + (" (not shown to patients now)" if hidden else "")

    def get_page_value(self):
        return QUESTION_LIST if self.instance.question_list else super().get_page_value()

    def choose(self, value):
        item = self.instance
        item.question_list = value == QUESTION_LIST
        if item.question_list:
            item.page_type = item.page_id = None
        else:
            super().choose(value)
