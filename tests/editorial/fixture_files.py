"""A small folder of fixtures, sound until a test breaks it."""

import yaml

SOURCE = {
    "slug": "li-2010",
    "kind": "article",
    "title": "mTOR and synapses",
    "authors": "Li N, Lee B",
    "publisher": "Science",
    "year": 2010,
    "supports": "New spines in rats within a day.",
}
TERM = {"slug": "synapse", "term": "Synapse", "meaning": "Where two cells meet.[^li-2010]"}
TOPIC = {"slug": "safety", "name": "Safety"}
FAQ = {
    "slug": "driving",
    "question": "May I drive?",
    "answer": "No.\nA [[synapse]] needs rest.[^li-2010:people]",
    "topic": "safety",
}
FINDING = {
    "slug": "halved",
    "name": "Depression halved",
    "happened": "had their depression at least halved",
    "when": "After 4 weeks",
    "timeframe": "4 weeks",
    "kind": "benefit",
    "population": "Adults",
    "treatment": "on the spray",
    "treatment_total": 100,
    "treatment_per100": 69,
    "comparator": "on another spray",
    "comparator_total": 100,
    "comparator_per100": 52,
    "certainty": "low",
    "certainty_reason": "One trial.",
    "source": "li-2010",
}
EXPLAINER = {
    "slug": "guide",
    "title": "The guide",
    "summary": "For everybody.",
    "key_points": "- Rest.",
    "sections": [
        {"slug": "before", "title": "Before", "plain": "Eat little."},
        {"slug": "after", "title": "After", "plain": "Sleep."},
    ],
}
CLAIM = {
    "slug": "fast",
    "text": "It is fast.",
    "verdict": "nuance",
    "why": "For some.",
    "sources": ["li-2010"],
}
VALID_FIXTURES = {
    "sources.yaml": [SOURCE],
    "findings.yaml": [FINDING],
    "claims.yaml": [CLAIM],
    "glossary.yaml": [TERM],
    "topics.yaml": [TOPIC],
    "faqs/safety.yaml": [FAQ],
    "explainers/guide.yaml": [EXPLAINER],
}


def write_fixtures(folder, **changes):
    """The sound fixtures in `folder`; `faqs=[...]` puts other records in the place of those."""
    for name, records in VALID_FIXTURES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        kind = name.removesuffix(".yaml").partition("/")[0]
        path.write_text(yaml.safe_dump(changes.get(kind, records), allow_unicode=True))
    return folder
