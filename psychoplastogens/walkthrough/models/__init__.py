from psychoplastogens.walkthrough.models.chain import ChainLink, Experiment
from psychoplastogens.walkthrough.models.guess import Guess
from psychoplastogens.walkthrough.models.picture_state import OpeningState, SceneState
from psychoplastogens.walkthrough.models.walkthrough import Check, Step, Walkthrough

__all__ = [
    "ChainLink",
    "Check",
    "Experiment",
    "Guess",
    "OpeningState",
    "SceneState",
    "Step",
    "Walkthrough",
]
