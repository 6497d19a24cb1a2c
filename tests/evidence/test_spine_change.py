"""A count of spines that cannot be is refused."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from psychoplastogens.editorial.drafts.serialization import save_from_dict, to_dict
from psychoplastogens.evidence.models import SpineChange
from tests.admin_forms import address_of
from tests.factories import make_source, make_spine_change

pytestmark = pytest.mark.django_db
WRONG = {
    "before before": {"hours": -1},
    "more than all lost": {"percent": -101, "direction": "fewer"},
    "below its range": {"percent_low": 11},
    "above its range": {"percent_high": 9},
    "a range upside down": {"percent": None, "percent_low": 5, "percent_high": 4},
    "fewer, and yet more": {"direction": "fewer"},
    "more, and yet fewer": {"percent": -5},
    "no such direction": {"direction": "up"},
}
SOUND = {
    "a direction alone": {"percent": None},
    "with its range": {"percent_low": -3, "percent_high": 23},
    "half a range": {"percent_low": 5},
    "the same": {"percent": 0, "direction": "same"},
    "restored": {"percent": -5, "direction": "restored"},
    "before": {"hours": 0, "percent": None},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_an_impossible_count_is_refused_by_forms_and_by_the_database(wrong):
    change = make_spine_change()
    for name, value in wrong.items():
        setattr(change, name, value)
    with pytest.raises(ValidationError):
        change.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        change.save()


@pytest.mark.parametrize("sound", SOUND.values(), ids=SOUND)
def test_what_a_paper_may_say_can_be_kept(sound):
    make_spine_change(**sound).full_clean()


def test_a_fixture_gives_the_record_that_the_database_gives_back():
    make_source(slug="li-2010")
    data = {"slug": "a", "study": "Li", "animal": "rat", "brain_area": "front", "dose": "one"}
    data |= {"hours": 24, "direction": "more", "compared_with": "rats", "source": "li-2010"}
    saved = save_from_dict(SpineChange, data)
    assert to_dict(saved) == to_dict(SpineChange.objects.get())
    assert repr(saved.hours) == repr(SpineChange.objects.get().hours)


def test_the_admin_lists_and_opens_it(admin_client):
    change = make_spine_change()
    assert admin_client.get("/admin/evidence/spinechange/").status_code == 200
    assert admin_client.get(address_of(change)).status_code == 200
