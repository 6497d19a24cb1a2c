"""Forms of the admin: a line of a reading list is one page, chosen from those that readers see."""

from django import forms

from psychoplastogens.clinics.models import PackItem
from psychoplastogens.clinics.models.pack import PAGE_RELATIONS, QUESTION_LIST
from psychoplastogens.content.models import Compound, Condition, Explainer, Faq
from psychoplastogens.walkthrough.models import Walkthrough


def get_page_choices():
    """Every published page that a reading list may hold, in groups: (group, [(value, title)])."""
    guides = list(Explainer.objects.published().with_sections())
    parts = [
        (f"section:{section.pk}", f"{guide.title}: {section.title}")
        for guide in guides
        for section in guide.sections.all()
    ]
    return [
        ("For the visit", [(QUESTION_LIST, str(PackItem(question_list=True)))]),
        ("Step by step", _build_choices("walkthrough", Walkthrough.objects.published())),
        ("Guides, whole", _build_choices("explainer", guides)),
        ("Parts of guides", parts),
        ("Medicines", _build_choices("compound", Compound.objects.published())),
        ("Conditions", _build_choices("condition", Condition.objects.published())),
        ("Questions people ask", _build_choices("faq", Faq.objects.published().with_topic())),
    ]


def _build_choices(kind, records):
    return [(f"{kind}:{record.pk}", str(record)) for record in records]


class PackItemForm(forms.ModelForm):
    """`pages` is set by the admin, once for all lines of a form."""

    pages = ()

    page = forms.ChoiceField(help_text="Only what readers can see may be chosen.")

    class Meta:
        model = PackItem
        fields = ("note", "order")
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("", "Choose a page"), *self.pages]
        number = (self.prefix or "").rpartition("-")[2]
        if self.instance._state.adding:
            if number.isdigit():
                self.initial["order"] = int(number) + 1
        else:
            chosen = self.initial["page"] = self.instance.form_value
            if all(chosen != value for _, group in self.pages for value, _ in group):
                choices.append(("Not shown to patients now", [(chosen, str(self.instance))]))
        self.fields["page"].choices = choices

    def clean_page(self):
        kind, _, key = self.cleaned_data["page"].partition(":")
        for name in PAGE_RELATIONS:
            setattr(self.instance, f"{name}_id", key if name == kind else None)
        self.instance.question_list = kind == QUESTION_LIST
        return self.cleaned_data["page"]
