"""How a public view gets a record by its slug: published, moved, withdrawn, or never there."""

from django.http import Http404

from psychoplastogens.delivery.exceptions import PageGone, PageMoved
from psychoplastogens.editorial.models import OldAddress, Replacement, Status, current_language


def find(records, slug):
    """The published record with this slug, from a queryset of publishables.

    Raises Moved where the slug was an earlier one of a published record, Gone where the record
    was withdrawn, Http404 where readers never saw such a record.
    """
    record = records.published().filter(slug=slug).first()
    if record:
        return record
    language = current_language()
    were_here = [old.record for old in OldAddress.objects.led_to(records.model, slug)]
    were_here = [record for record in were_here if record and record.language == language]
    for record in were_here:
        if record.is_published:
            raise PageMoved(slug=record.slug)
    for record in (*records.model.objects.filter(slug=slug, language=language), *were_here):
        if record.status == Status.WITHDRAWN:
            raise gone(record)
    raise Http404(f"There is no {records.model._meta.verbose_name} at this address.")


def gone(record):
    """What is said of a withdrawn record: why, and what to read instead."""
    return PageGone(record.withdrawn_because, Replacement.objects.instead_of(record))


def each_once(reasons):
    """These Gone, in their order, without those that say what another one says."""
    return list({(one.reason, one.instead): one for one in reasons}.values())


def find_part(parts, slug, name="section"):
    """The one of these parts with this slug; Moved where it was an earlier slug of one of them.

    `parts` is a list of a published record's parts, `name` what their URL calls the slug. Raises
    Http404 where there is none.
    """
    for part in parts:
        if part.slug == slug:
            return part
    by_id = {part.pk: part for part in parts}
    if parts:
        for old in OldAddress.objects.led_to(type(parts[0]), slug):
            if old.object_id in by_id:
                raise PageMoved(**{name: by_id[old.object_id].slug})
    raise Http404("There is no such part.")
