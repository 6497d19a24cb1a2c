"""May the public read this, who said so, until when."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from psychoplastogens.content.models import Faq
from psychoplastogens.editorial.models import Status
from psychoplastogens.evidence.models import Source
from tests.factories import make_explainer, make_faq, make_reviewer, make_source, make_user

pytestmark = pytest.mark.django_db


def test_the_database_refuses_a_publication_without_a_name():
    source = make_source(status=Status.DRAFT)
    with pytest.raises(IntegrityError, match="published_by_somebody"):
        Source.objects.filter(pk=source.pk).update(status=Status.PUBLISHED)


@pytest.mark.parametrize("half", ["published_at", "published_by"])
def test_the_database_wants_both_the_time_and_the_name_of_a_publication(half):
    source = make_source(status=Status.DRAFT)
    value = timezone.now() if half == "published_at" else make_user()
    with pytest.raises(IntegrityError, match="published_at_and_by"):
        Source.objects.filter(pk=source.pk).update(**{half: value})


@pytest.mark.parametrize("half", ["reviewed_at", "reviewed_by"])
def test_the_database_wants_both_the_date_and_the_name_of_a_review(half):
    source = make_source()
    value = date(2026, 1, 2) if half == "reviewed_at" else make_reviewer()
    with pytest.raises(IntegrityError, match="reviewed_at_and_by"):
        Source.objects.filter(pk=source.pk).update(**{half: value})


def test_a_form_says_that_half_a_review_is_missing():
    faq = make_faq()
    faq.reviewed_at = date(2026, 1, 2)
    with pytest.raises(ValidationError, match="Fill in both reviewed_at and reviewed_by"):
        faq.full_clean()


def test_a_reviewer_who_is_named_cannot_be_deleted():
    make_faq(reviewed_at=date(2026, 1, 2), reviewed_by=make_reviewer())
    with pytest.raises(IntegrityError):
        make_reviewer().delete()


def test_an_address_is_used_once_in_a_language():
    make_faq(slug="driving")
    with pytest.raises(IntegrityError):
        make_faq(slug="driving")


@pytest.mark.parametrize("slug", ["Driving", "driving_home", "", "a b", "é"])
def test_an_address_that_prose_could_not_name_is_refused(slug):
    for record in (make_faq(), make_source(), make_explainer({}).sections.get()):
        record.slug = slug
        with pytest.raises(ValidationError) as caught:
            record.full_clean()
        assert "slug" in caught.value.message_dict


def test_another_language_may_use_the_same_address():
    make_faq(slug="driving")
    make_faq(slug="driving", language="es")
    assert Faq.objects.count() == 2


@pytest.mark.parametrize("status", [s for s in Status if s != Status.PUBLISHED])
def test_published_hides_every_other_status(status):
    shown = make_faq()
    make_faq(status=status)
    assert list(Faq.objects.published()) == [shown]


def test_published_hides_other_languages():
    make_faq(language="es")
    assert not Faq.objects.published().exists()


def test_publishing_names_the_time_and_the_person():
    faq = make_faq(status=Status.DRAFT)
    faq.publish(by=make_user("ada"))
    faq.refresh_from_db()
    assert faq.is_published
    assert faq.published_by.username == "ada"
    assert timezone.now() - faq.published_at < timedelta(minutes=1)


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_withdrawing_needs_a_reason(reason):
    faq = make_faq()
    with pytest.raises(ValidationError, match="Say why"):
        faq.withdraw(by=make_user(), reason=reason)
    faq.refresh_from_db()
    assert faq.is_published


def test_withdrawing_hides_the_record_and_publishing_again_forgets_the_reason():
    faq = make_faq()
    faq.withdraw(by=make_user(), reason="The trial was retracted.")
    assert not Faq.objects.published().exists()
    faq.publish(by=make_user())
    faq.refresh_from_db()
    assert (faq.status, faq.withdrawn_because) == (Status.PUBLISHED, "")


def test_it_is_due_on_the_day_and_overdue_the_day_after():
    today = timezone.localdate()
    due = make_faq(review_due=today)
    late = make_faq(review_due=today - timedelta(days=1))
    make_faq(review_due=today + timedelta(days=1))
    make_faq(review_due=today, status=Status.DRAFT)
    assert set(Faq.objects.due_for_review(today)) == {due, late}
    assert (due.is_overdue, late.is_overdue, make_faq().is_overdue) == (False, True, False)


def test_the_date_of_a_change_is_the_update_or_else_the_writing():
    old = make_faq(written_on=date(2026, 1, 1), updated_on=date(2026, 5, 1))
    new = make_faq(written_on=date(2026, 4, 1))
    assert (old.changed_on, new.changed_on) == (date(2026, 5, 1), date(2026, 4, 1))
    assert list(Faq.objects.recent_changes(2)) == [old, new]
