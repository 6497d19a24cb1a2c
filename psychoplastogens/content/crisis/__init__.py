"""Detect suicide, self-harm, overdose and emergencies, and what to show then.

The only module that decides this: for text (`detect_concern`), for codes of record systems
(`get_concern_for_code`), and for the panel (`get_crisis_panel`). The crisis lines of each country
are in psychoplastogens.delivery.crisis_lines.
"""

from psychoplastogens.content.crisis.codes import get_concern_for_code
from psychoplastogens.content.crisis.concerns import Concern, ConcernGroup
from psychoplastogens.content.crisis.detection import detect_concern, mentions_suicide
from psychoplastogens.content.crisis.panel import CrisisPanel, get_crisis_panel

__all__ = [
    "Concern",
    "ConcernGroup",
    "CrisisPanel",
    "detect_concern",
    "get_concern_for_code",
    "mentions_suicide",
    "get_crisis_panel",
]
