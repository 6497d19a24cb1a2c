"""Load fixtures/short_links.yaml: the codes of short links to our pages.

The codes stand in a file, so that links on paper still work after the database was built anew. A
code is assigned once. A page that staff renamed or removed before that is skipped.
"""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ValidationError
from django.db.models import Model

from psychoplastogens.editorial.content_loader import (
    InvalidFixture,
    read_extra_fixture,
    register_loader,
)
from psychoplastogens.short_links.models import ShortLink

SHORT_LINKS = "short_links.yaml"


@register_loader
def load_short_links(folder: Path) -> None:
    """Load the file, if there is one. Raises InvalidFixture, which names file and record."""
    codes = read_extra_fixture(folder / SHORT_LINKS, dict)
    unassigned = codes.keys() - set(ShortLink.objects.values_list("pk", flat=True))
    records = map_records_by_address() if unassigned else {}
    for code, address in codes.items():
        if code in unassigned and address in records:
            assign_code(code, records[address])


def map_records_by_address() -> dict[str, Model]:
    """Every page that clinics hand out or frame, published or not: a fixture may name these."""
    return {
        page.get_absolute_url(): page
        for model in ShortLink.get_target_models()
        for page in model.objects.select_related(*filter(None, [model.url_parent]))
    }


def assign_code(code: str, record: Model) -> None:
    """Make the link `code` to `record`, unless the record has one."""
    if ShortLink.objects.find_for(record):
        return
    link = ShortLink(code=str(code), page=record)
    try:
        link.full_clean()
    except ValidationError as error:
        raise InvalidFixture(f"{SHORT_LINKS}, code {code}: {'; '.join(error.messages)}") from error
    link.save(force_insert=True)
