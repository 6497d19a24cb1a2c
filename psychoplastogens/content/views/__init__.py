"""The pages, one module for each kind of record."""

from psychoplastogens.content.views.compounds import (
    compound_compare,
    compound_detail,
    compound_list,
    compound_numbers,
)
from psychoplastogens.content.views.conditions import (
    condition_detail,
    condition_list,
    condition_numbers,
)
from psychoplastogens.content.views.decisions import decision_detail
from psychoplastogens.content.views.evidence import (
    claim_list,
    claim_results,
    source_detail,
    source_list,
)
from psychoplastogens.content.views.explainers import (
    explainer_all,
    explainer_detail,
    explainer_list,
    section_detail,
)
from psychoplastogens.content.views.faqs import ask, faq_detail, faq_list, faq_results
from psychoplastogens.content.views.glossary import (
    glossary_detail,
    glossary_fragment,
    glossary_list,
)
from psychoplastogens.content.views.site_pages import (
    about,
    about_review,
    accessibility,
    change_list,
    help_now,
    home,
    privacy,
)
from psychoplastogens.content.views.translations import translation_detail

__all__ = [
    "about",
    "about_review",
    "accessibility",
    "ask",
    "change_list",
    "claim_list",
    "claim_results",
    "compound_compare",
    "compound_detail",
    "compound_list",
    "compound_numbers",
    "condition_detail",
    "condition_list",
    "condition_numbers",
    "decision_detail",
    "explainer_all",
    "explainer_detail",
    "explainer_list",
    "faq_detail",
    "faq_list",
    "faq_results",
    "glossary_detail",
    "glossary_fragment",
    "glossary_list",
    "help_now",
    "home",
    "privacy",
    "section_detail",
    "source_detail",
    "source_list",
    "translation_detail",
]
