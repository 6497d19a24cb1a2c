"""Shortcuts of public views: fetch a published record or part by its slug."""

from contextlib import suppress

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from django.shortcuts import get_object_or_404

from psychoplastogens.delivery.exceptions import PageGone, PageMoved
from psychoplastogens.editorial.models import OldAddress, Replacement, Status, current_language
from psychoplastogens.editorial.version_cache import cache_for_version


def get_published_or_gone(get_records, slug):
    """The published record with this slug, which nobody changes: other threads show it, too.

    `get_records` is a method of a manager of publishables, such as `Faq.objects.with_topic`.
    Raises PageMoved where the slug was an earlier one of a published record, PageGone where the
    record was withdrawn, Http404 where readers never saw such a record.
    """
    with suppress(ObjectDoesNotExist):
        return _get_published(get_records, slug)
    model, language = get_records().model, current_language()
    were_here = [old.record for old in OldAddress.objects.with_slug(model, slug)]
    were_here = [record for record in were_here if record and record.language == language]
    for record in were_here:
        if record.is_published:
            raise PageMoved(slug=record.slug)
    for record in (*model.objects.filter(slug=slug, language=language), *were_here):
        if record.status == Status.WITHDRAWN:
            raise build_gone(record)
    raise Http404(f"There is no {model._meta.verbose_name} at this address.")


@cache_for_version(maxsize=512)
def _get_published(get_records, slug):
    """Kept, since a page, its fragments, parts and frame show the same record."""
    return get_records().published().get(slug=slug)


def find_published(get_records, slugs):
    """{slug: published record} of those with these slugs, in at most one query.

    `get_records` is as in `get_published_or_gone`, and so are the records.
    """
    known = _get_known(get_records)
    missing = [slug for slug in slugs if slug not in known]
    if missing:
        found = get_records().published().with_slugs(missing).order_by()
        known |= dict.fromkeys(missing) | {record.slug: record for record in found}
    return {slug: known[slug] for slug in slugs if known[slug]}


@cache_for_version(maxsize=16)
def _get_known(get_records):
    """What was found for this version: {slug: record, or None where there is none}."""
    return {}


def build_gone(record):
    """Return the exception for a withdrawn record: the reason and the replacement."""
    return PageGone(record.withdrawn_because, Replacement.objects.get_published_for(record))


def deduplicate_gone(reasons):
    """Return these exceptions in order, without duplicates."""
    return list({(one.reason, one.instead): one for one in reasons}.values())


def get_part_or_404(parts, slug, name="section"):
    """The one of these parts with this slug; PageMoved where it was an earlier slug of one of them.

    `parts` is a list of a published record's parts, `name` what their URL calls the slug. Raises
    Http404 where there is none.
    """
    for part in parts:
        if part.slug == slug:
            return part
    by_id = {part.pk: part for part in parts}
    if parts:
        for old in OldAddress.objects.with_slug(type(parts[0]), slug):
            if old.object_id in by_id:
                raise PageMoved(**{name: by_id[old.object_id].slug})
    raise Http404("There is no such part.")


def get_published_page(model, slug, **part_slug):
    """The page of `model`, a Page, at these URL arguments, with all that it shows.

    Raises PageMoved, PageGone and Http404, as `get_published_or_gone` and `get_part_or_404` do.
    """
    record = get_published_or_gone(model.get_owner_model().objects.with_page_data, slug)
    if not model.url_parent:
        return record
    [(name, slug)] = part_slug.items()
    parts = record.part_pages
    return model.find_numbered_part(parts, slug) or get_part_or_404(parts, slug, name)


def reload_published_page(page):
    """`page` once more, with all that it shows. Raises Http404 where readers may not open it."""
    records = page.get_owner_model().objects.published().with_page_data()
    record = get_object_or_404(records, pk=page.owner.pk)
    if not page.url_parent:
        return record
    return next(part for part in record.part_pages if part.pk == page.pk)
