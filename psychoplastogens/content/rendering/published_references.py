"""What prose names and the public may read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from django.utils import translation

from psychoplastogens.content.models import CompoundStatus, GlossaryTerm
from psychoplastogens.content.rendering import markdown
from psychoplastogens.editorial.shortcuts import find_published
from psychoplastogens.editorial.version_cache import cache_for_version
from psychoplastogens.evidence.models import Finding, Source

SOURCE_LANGUAGE = "en"
"""A source is recorded once, in this language, and cited from every one."""


class PublishedReferences:
    """The published records that some texts name, by slug; every output shows only these.

    Sources, findings, terms and statuses take at most one query each. Sources are in one language,
    whatever that of the texts. `findings` are those drawn
    outside of the texts and any others at hand, and `also` the slugs of sources cited elsewhere.
    All are in reading order: `sources` is in the order of `numbers`, which count from 1.
    """

    def __init__(
        self, texts: Iterable[str], findings: Iterable[Finding] = (), also: Iterable[str] = ()
    ):
        findings = list(findings)
        self._named = [
            reference for text in texts if text for reference in markdown.find_references(text)
        ]
        self.findings = {finding.slug: finding for finding in findings}
        missing = self._get_slugs("finding") - self.findings.keys()
        self.findings |= find_published(Finding.objects.with_source, missing)
        compounds = self._get_slugs("status")
        self.statuses = _map_statuses(frozenset(compounds)) if compounds else {}
        cited = dict.fromkeys([*self._iter_cited_slugs(findings), *also])
        with translation.override(SOURCE_LANGUAGE):
            self.sources = find_published(Source.objects.for_citing, cited)
        self.numbers = {slug: number for number, slug in enumerate(self.sources, start=1)}

    @cached_property
    def terms(self) -> dict[str, GlossaryTerm]:
        return find_published(GlossaryTerm.objects.for_links, self._get_slugs("term"))

    def _get_slugs(self, kind: str) -> set[str]:
        return {reference.slug for reference in self._named if reference.kind == kind}

    def _iter_cited_slugs(self, findings: Iterable[Finding]) -> Iterator[str]:
        for reference in self._named:
            if reference.kind == "source":
                yield reference.slug
            elif reference.kind == "finding" and reference.slug in self.findings:
                yield self.findings[reference.slug].source.slug
            elif reference.kind == "status" and reference.slug in self.statuses:
                yield self.statuses[reference.slug].source.slug
        yield from (finding.source.slug for finding in findings)


@cache_for_version(maxsize=64)
def _map_statuses(compounds: frozenset[str]) -> dict[str, CompoundStatus]:
    return CompoundStatus.objects.quotable(compounds)
