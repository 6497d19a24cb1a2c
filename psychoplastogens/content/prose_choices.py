"""What editors can put into prose: the lists from which they choose while they type.

Each function takes the request of somebody who writes and the words that they typed. It answers
with at most MAX_CHOICES choices, the best first, after a query for each kind of record. It raises
PermissionDenied for who may not see such records.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Q, QuerySet, When

from psychoplastogens.content.models import Compound, GlossaryTerm
from psychoplastogens.content.rendering import markdown
from psychoplastogens.editorial.admin.page_choice import get_choice_group
from psychoplastogens.editorial.admin.record_pages import FROM_TEXT, get_add_url
from psychoplastogens.editorial.models import Page, Publishable, get_page_models
from psychoplastogens.evidence.models import Finding, Source

MAX_CHOICES = 20
UNPUBLISHED = "not published"


@dataclass(frozen=True)
class ProseChoice:
    """One of a list. `text` is the Markdown that it puts into the prose.

    `text_within` stands for it within a sentence, where the two differ.
    An editor knows it by `label` and `detail`. A block stands on lines of its own. One with an
    `address` puts nothing in: it opens the form of a new record there, in a tab of its own.
    """

    text: str
    label: str
    detail: str = ""
    is_block: bool = False
    address: str = ""
    text_within: str = ""


# A term with a capital at the start of a sentence alone: no “SSRI”, “TrkB” or “Schedule I”.
_COMMON_WORD = re.compile(r"[A-Z][a-z]+(?:[ -][a-z0-9]+)*")

# An address of a website, with or without its scheme.
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>]+$|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/[^\s<>]*)?$", re.IGNORECASE
)
_KEPT_IN_ADDRESS = "%/:?#@!$&'+,;=~-._"


def find_sources(request, words: str) -> Iterable[ProseChoice]:
    """Sources by title, author, publisher, year or slug. A citation says its strength."""
    found = _search(request, Source, words, "authors", "title").filter(is_retracted=False)
    shown = ("slug", "title", "authors", "publisher", "year", "kind", "subject", "status")
    for source in found.only(*shown)[:MAX_CHOICES]:
        if source.has_subject:
            strength, seen = f":{source.subject}", source.get_subject_display()
        else:
            strength, seen = "", source.get_kind_display()
        yield ProseChoice(
            f"[^{source.slug}{strength}]", source.title, _join(source.short, seen, _tell(source))
        )


def find_terms(request, words: str) -> Iterable[ProseChoice]:
    """Terms by name or synonym; a synonym that was typed stays the word that readers see."""
    named = Q(term__iexact=words) | Q(synonyms__icontains=f'"{words}"')
    found = _search(request, GlossaryTerm, words, "term", best=named)
    brands = set(Compound.objects.exclude(brand="").values_list("brand", flat=True))
    for term in found.only("slug", "term", "synonyms", "status")[:MAX_CHOICES]:
        name = term.term if markdown.slugify_term(term.term) == term.slug else term.slug
        is_synonym = words.casefold() in (synonym.casefold() for synonym in term.synonyms)
        text = f"[[{name}|{words}]]" if is_synonym else f"[[{name}]]"
        within = ""
        if text == f"[[{term.term}]]" and term.term not in brands:
            within = _write_within_sentence(term.term)
        detail = _join(*term.synonyms[:4], _tell(term))
        yield ProseChoice(text, term.term, detail, text_within=within)


def _write_within_sentence(term: str) -> str:
    """The mark of a term in small letters; '' for a name or an abbreviation."""
    is_common = _COMMON_WORD.fullmatch(term)
    return f"[[{term[0].lower()}{term[1:]}]]" if is_common else ""


def find_numbers(request, words: str) -> Iterable[ProseChoice]:
    """Findings in each form that prose can give them, and the legal status of compounds."""
    findings = _search(request, Finding, words, "name").select_related("source")
    for finding in findings[: MAX_CHOICES // 5]:
        start = markdown.draw_finding(finding.slug).removesuffix("}}")
        name = f"{finding.name}, {finding.treatment}"
        drawn = f"{finding.treated}, compared with {finding.comparator_per100}"
        yield ProseChoice(
            start + "}}", name, _join("Picture", drawn, _tell(finding)), is_block=True
        )
        for form in ("sentence", "treated", "compared"):
            group = finding.comparator if form == "compared" else ""
            yield ProseChoice(f"{start}|{form}}}}}", name, _join(getattr(finding, form), group))
    compounds = _search(request, Compound, words, "name")
    for compound in compounds.only("slug", "name", "status", "standing")[: MAX_CHOICES // 5]:
        detail = _join("Legal status", compound.get_standing_display(), _tell(compound))
        yield ProseChoice(f"{{{{status:{compound.slug}}}}}", compound.name, detail)


def find_pages(request, words: str) -> Iterable[ProseChoice]:
    """Links to published pages, by words of their titles; or to the address that was typed."""
    if link := _link_to_address(request, words):
        return [link]
    models = [model for model in get_page_models() if model.is_shareable and model.has_own_page]
    models.sort(key=lambda model: get_choice_group(model).order)
    choices: list[ProseChoice] = []
    for model in models:
        owner: Any = model.get_owner_model()
        if len(choices) < MAX_CHOICES and _may_view(request, owner):
            pages = model.search_titles(model.list_pages(owner.objects.published()), words)
            group = get_choice_group(model).label
            choices += [_link_to(page, group) for page in pages[: MAX_CHOICES - len(choices)]]
    return choices


def find_callouts(request, words: str) -> Iterable[ProseChoice]:
    """The kinds of boxes. The words of a box go between its two lines."""
    for name, title in markdown.CALLOUTS.items():
        label = title or name.capitalize()
        if words.casefold() in f"{name} {label}".casefold():
            yield ProseChoice(f":::{name} {title}".rstrip() + "\n\n:::", label, name, is_block=True)


CHOICE_FINDERS: dict[str, Callable[[Any, str], Iterable[ProseChoice]]] = {
    "source": find_sources,
    "term": find_terms,
    "number": find_numbers,
    "page": find_pages,
    "callout": find_callouts,
}


# The lists whose records are added where one is missing, each with the field of its title.
ADDED: dict[str, tuple[Any, str]] = {
    "source": (Source, "title"),
    "term": (GlossaryTerm, "term"),
    "number": (Finding, "name"),
}


def find_choices(request, kind: str, words: str) -> list[ProseChoice]:
    """The choices of a list of CHOICE_FINDERS; where none is found, to add what was typed."""
    found = list(CHOICE_FINDERS[kind](request, words))
    if found or not words or kind not in ADDED:
        return found
    model, title = ADDED[kind]
    if not admin.site.get_model_admin(model).has_add_permission(request):
        return []
    label = f"Add “{words}” as a new {kind}"
    detail = "Nothing is called so yet. Its form opens in a new tab; your text stays here."
    address = f"{get_add_url(model._meta)}?{urlencode({title: words, FROM_TEXT: 1})}"
    return [ProseChoice("", label, detail, address=address)]


def _search(
    request, model: type[Publishable], words: str, *leading: str, best: Q | None = None
) -> QuerySet[Any]:
    """The records of `model` that the list of the admin finds by `words`.

    The `best` come first, then those with the words at the start of a `leading` field, then those
    with them in it.
    """
    if not _may_view(request, model):
        raise PermissionDenied
    rows = model.objects.choosable()
    model_admin = admin.site.get_model_admin(model)
    found, has_duplicates = model_admin.get_search_results(request, rows, words)
    starts = (When(**{f"{field}__istartswith": words}, then=0) for field in leading)
    holds = (When(**{f"{field}__icontains": words}, then=1) for field in leading)
    found = found.distinct() if has_duplicates else found
    first = [When(best, then=-1)] if best else []
    place = Case(*first, *starts, *holds, default=2)
    return found.order_by(place, *(model._meta.ordering or ()))


def _may_view(request, model: type[Publishable]) -> bool:
    return admin.site.get_model_admin(model).has_view_permission(request)


def _link_to(page: Page, group: str) -> ProseChoice:
    return ProseChoice(f"[{page}]({page.get_absolute_url()})", page.choice_title, group)


def _link_to_address(request, words: str) -> ProseChoice | None:
    """A link to a web address, with https; None where the words are none.

    An address of this site becomes a path, as in links to its pages.
    """
    if not _ADDRESS.match(words):
        return None
    rest = re.sub(r"^https?://", "", words, flags=re.IGNORECASE)
    address = quote(f"https://{rest}", safe=_KEPT_IN_ADDRESS)
    own = f"https://{request.get_host()}/"
    if address.startswith(own):
        path = address.removeprefix(own.removesuffix("/"))
        return ProseChoice(f"[{path}]({path})", path, "A page of this site")
    host = _get_host(address)
    if "." not in host.strip("."):
        return None
    detail = "Another website. For where a fact was read, choose Source instead."
    return ProseChoice(f"[{host}]({address})", address, detail)


def _get_host(address: str) -> str:
    """The name of the site of an address; '' where the address is broken."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _tell(record: Publishable) -> str:
    """What an editor must know of its status."""
    return "" if record.is_published else UNPUBLISHED


def _join(*details: str) -> str:
    return " · ".join(filter(None, details))
