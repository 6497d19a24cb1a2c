"""What people read: GlossaryTerm, Topic and Faq, Compound, Condition, Explainer and Section,
Decision, and the Translation of a page.

The order of the imports is the order in which starter content is loaded.
"""

from psychoplastogens.content.models.glossary import GlossaryTerm  # noqa: I001
from psychoplastogens.content.models.compound import (
    STATUS_UNAVAILABLE,
    Compound,
    CompoundStatus,
    Standing,
)
from psychoplastogens.content.models.condition import (
    Condition,
    ConditionEvidence,
    ConditionOption,
    Strength,
)
from psychoplastogens.content.models.explainer import Explainer, Section, VisitMoment
from psychoplastogens.content.models.decision import Decision, DecisionOption
from psychoplastogens.content.models.faq import Faq, Topic
from psychoplastogens.content.models.translation import Translation

__all__ = [
    "STATUS_UNAVAILABLE",
    "Compound",
    "CompoundStatus",
    "Condition",
    "ConditionEvidence",
    "ConditionOption",
    "Decision",
    "DecisionOption",
    "Explainer",
    "Faq",
    "GlossaryTerm",
    "Section",
    "Standing",
    "Strength",
    "Topic",
    "Translation",
    "VisitMoment",
]
