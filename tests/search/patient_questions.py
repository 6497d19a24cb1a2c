"""Questions in patients' words, and how many of them a search answers."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

TUNING = Path(__file__).with_name("questions_tuning.yaml")
HELD_BACK = Path(__file__).with_name("questions_held_back.yaml")
FRESH = Path(__file__).with_name("questions_fresh.yaml")
_RESULT = re.compile(r'<h3>\s*<a\s+href="([^"]+)"')


@dataclass
class Figures:
    """Shares of questions, in percent; `missed` are those whose answer is not among three."""

    first: float
    first_three: float
    none: float
    missed: list[tuple[str, list[str]]] = field(default_factory=list)
    second: list[tuple[str, list[str]]] = field(default_factory=list)

    def __str__(self):
        return (
            f"first right {self.first:.0f} %, in the first three {self.first_three:.0f} %, "
            f"nothing found {self.none:.0f} %"
        )


def load_questions(path):
    return yaml.safe_load(path.read_text())


def list_results(html):
    """The addresses that a page of results shows, in their order; "help" for who to call."""
    panel = '<section class="help-panel"' in html
    found = [address.partition("#")[0] for address in _RESULT.findall(html)]
    return list(dict.fromkeys(["help", *found] if panel else found))


def measure(client, path):
    questions, ranks = load_questions(path), []
    figures = Figures(0, 0, 0)
    for one in questions:
        found = list_results(
            client.get("/search/fragment/", {"q": one["question"]}).content.decode()
        )
        right = ["help"] if one.get("crisis") else one["answers"]
        rank = next((n for n, address in enumerate(found, 1) if address in right), None)
        ranks.append(rank)
        figures.none += not found
        if rank != 1:
            (figures.second if rank and rank <= 3 else figures.missed).append(
                (one["question"], found[:3])
            )
    share = 100 / len(questions)
    figures.first = share * ranks.count(1)
    figures.first_three = share * sum(rank is not None and rank <= 3 for rank in ranks)
    figures.none *= share
    return figures
