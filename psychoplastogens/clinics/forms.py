"""Forms of the admin: a line of a reading list is one page, chosen from those that readers see."""

from django import forms

from psychoplastogens.clinics.models import PackItem
from psychoplastogens.clinics.models.pack import QUESTION_LIST
from psychoplastogens.editorial.admin.page_choice import PagePointerForm, get_page_choices


def get_listable_choices():
    """Every published page that a reading list may hold, in groups: (group, [(value, title)])."""
    questions = [(QUESTION_LIST, str(PackItem(question_list=True)))]
    published = get_page_choices(
        PackItem.get_target_models(),
        get_owners=lambda model: model.objects.published(),
        get_title=lambda page: page.choice_title,
    )
    return [("For the visit", questions), *published]


class PackItemForm(PagePointerForm):
    """`page_choices` is set by the admin, once for all lines of a form."""

    page = forms.ChoiceField(help_text="Only what readers can see may be chosen.")

    class Meta(PagePointerForm.Meta):
        model = PackItem
        fields = ("note", "order")
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        number = (self.prefix or "").rpartition("-")[2]
        if self.instance._state.adding and number.isdigit():
            self.initial["order"] = int(number) + 1

    def get_page_choices(self):
        """The choices, with the page of this line where readers may not open it now."""
        chosen = self.get_page_value()
        offered = {value for _, group in self.page_choices for value, _ in group}
        if not chosen or chosen in offered:
            return self.page_choices
        hidden = ("Not shown to patients now", [(chosen, str(self.instance))])
        return [*self.page_choices, hidden]

    def get_page_value(self):
        return QUESTION_LIST if self.instance.question_list else super().get_page_value()

    def clean_page(self):
        self.instance.question_list = self.cleaned_data["page"] == QUESTION_LIST
        return super().clean_page()
