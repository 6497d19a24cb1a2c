"""Who may be in danger: the one place that knows what speaks of suicide, self-harm, an overdose or
an emergency, in words (`concern_in`) and in the codes of records (`concern_of_code`), and what is
shown then (`panel_for`).

Who to call is elsewhere: psychoplastogens.delivery.crisis has the lines of each country.
"""

from psychoplastogens.content.crisis.codes import concern_of_code
from psychoplastogens.content.crisis.concerns import Concern, Group
from psychoplastogens.content.crisis.panel import Panel, panel_for
from psychoplastogens.content.crisis.words import concern_in, names_suicide

__all__ = [
    "Concern",
    "Group",
    "Panel",
    "concern_in",
    "concern_of_code",
    "names_suicide",
    "panel_for",
]
