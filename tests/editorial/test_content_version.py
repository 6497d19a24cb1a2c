"""One integer moves whenever something that readers can see has changed."""

import pytest

from psychoplastogens.editorial.models import ContentVersion, Status
from tests.factories import (
    make_claim,
    make_compound,
    make_explainer,
    make_faq,
    make_finding,
    make_reviewer,
    make_source,
    make_user,
)

pytestmark = pytest.mark.django_db


def moved(change):
    before = ContentVersion.objects.get_current()
    change()
    return ContentVersion.objects.get_current() > before


def test_it_is_nought_before_anything_was_written():
    assert ContentVersion.objects.get_current() == 0


@pytest.mark.parametrize("make", [make_faq, make_source, make_finding, make_compound])
def test_a_new_changed_or_deleted_record_moves_it(make):
    assert moved(make)
    record = make()
    assert moved(record.save)
    assert moved(record.delete)


def test_publishing_and_withdrawing_move_it():
    faq = make_faq(status=Status.DRAFT)
    assert moved(lambda: faq.publish(by=make_user()))
    assert moved(lambda: faq.withdraw(by=make_user(), reason="Old."))


def test_a_part_moves_it():
    section = make_explainer({}).sections.get()
    assert moved(section.save)
    assert moved(section.delete)


def test_related_records_move_it_from_either_side():
    claim, source = make_claim(), make_source()
    assert moved(lambda: claim.sources.add(source))
    assert moved(lambda: source.claims.remove(claim))


def test_the_name_of_a_reviewer_is_seen_by_readers_only_where_it_was_signed():
    assert not moved(make_reviewer)


def test_staff_accounts_do_not_move_it():
    assert not moved(lambda: make_user("new"))
    assert not moved(lambda: make_user("new").groups.clear())


def test_a_failed_change_does_not_move_it():
    from django.db import transaction

    def fail():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            make_faq()
            raise ZeroDivisionError

    assert not moved(fail)
