"""What a clinic may type, and what a line of its list may be: the rules and their lowest level."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import ProtectedError

from psychoplastogens.clinics.fields import build_tel_url
from psychoplastogens.clinics.models import Clinic, Pack, PackItem
from psychoplastogens.editorial.models import ContentVersion, Status
from tests.factories import (
    make_clinic,
    make_compound,
    make_explainer,
    make_faq,
    make_pack,
    make_user,
    make_walkthrough,
)

pytestmark = pytest.mark.django_db


def wrong_with(**fields):
    """What is said to a clinic with these fields, field by field."""
    standard = {"slug": "moss", "name": "Moss Clinic", "phone": "503-555-0100"}
    try:
        Clinic(**standard | fields).full_clean()
    except ValidationError as error:
        return error.message_dict
    return {}


@pytest.mark.parametrize(
    ("typed", "called"),
    [
        ("503-555-0100", "tel:+15035550100"),
        ("503.555.0100", "tel:+15035550100"),
        ("1 503 555 0100", "tel:+15035550100"),
        ("+1 (503) 555-0100", "tel:+15035550100"),
        ("503\u2011555\u20130100", "tel:+15035550100"),
        ("503\u00a0555\u00a00100", "tel:+15035550100"),
        ("1-800-KETAMIN", "tel:+18005382646"),
        ("+44 (0)20 7946 0958", "tel:+442079460958"),
        ("+353 1 234 5678", "tel:+35312345678"),
        ("(503) 555.0100 ext. 12", "tel:+15035550100,12"),
        ("503 555 0100 x7", "tel:+15035550100,7"),
        ("503-555-0100 extension 12", "tel:+15035550100,12"),
        ("503-555-0100, ext 12", "tel:+15035550100,12"),
        ("503-555-0100 #12", "tel:+15035550100,12"),
    ],
)
def test_a_phone_number_is_written_as_people_dial_it(typed, called):
    assert wrong_with(phone=typed) == {}
    assert build_tel_url(typed) == called


@pytest.mark.parametrize(
    ("country", "typed", "called"),
    [
        ("GB", "020 7946 0958", "tel:+442079460958"),
        ("GB", "0800 123 4567", "tel:+448001234567"),
        ("IE", "01 234 5678", "tel:+35312345678"),
        ("AU", "(02) 9876 5432", "tel:+61298765432"),
        ("AU", "13 11 14", "tel:131114"),
        ("GB", "116 123", "tel:116123"),
        ("GB", "+1 503 555 0100", "tel:+15035550100"),
    ],
)
def test_a_number_is_read_as_in_the_country_of_the_site(settings, country, typed, called):
    settings.CRISIS_COUNTRY = country
    assert build_tel_url(typed) == called


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("555-0100", "Add the area code"),
        ("503-555-01", "too few digits"),
        ("503-555-0100-0100", "too many digits"),
        ("+999 503 555 0100", "Write it as people dial it"),
        ("503-555-0100 or 0101", "too many digits"),
        ("555 01", "too few digits"),
        ("555012", "too few digits"),
        ("911", "too few digits"),
        ("988", "too few digits"),
        ("", "cannot be blank"),
        ("call us", "Write it as people dial it"),
        ("5" * 16, "too many digits"),
    ],
)
def test_a_number_that_nobody_can_have_is_refused_with_a_reason(typed, said):
    assert said in wrong_with(phone=typed)["phone"][0]


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "503-555-0100;ext=1",
        "503-555-0100,,1234#",
        "503-555-0100\n503-555-0101",
        "٥٠٣٥٥٥٠١٠٠",
        "tel:5035550100",
        '503-555-0100"><b>',
        "503-555-0100 or else",
        "503-555-0100 (press 2)",
        "503-555-0100 / 0101",
    ],
)
def test_what_is_no_phone_number_is_refused(typed):
    assert "phone" in wrong_with(phone=typed)
    assert build_tel_url(typed) == ""


@pytest.mark.parametrize("field", ["name", "hours", "out_of_hours", "emergency", "greeting"])
@pytest.mark.parametrize("letter", ["\x00", "\x07", "\x1b", "\x85", "\u202e", "\u2066", "\u2028"])
def test_characters_that_cannot_be_seen_are_refused(field, letter):
    assert field in wrong_with(**{field: f"Call{letter}us"})


def test_words_of_other_scripts_and_emoji_are_let_in():
    assert wrong_with(name="Клиника «Дуб» 👩‍⚕️", greeting="Xin chào\nمرحبا") == {}


@pytest.mark.parametrize(
    ("field", "most"), [("name", 80), ("hours", 200), ("emergency", 300), ("greeting", 600)]
)
def test_its_texts_are_bounded(field, most):
    assert wrong_with(**{field: "a" * most}) == {}
    assert field in wrong_with(**{field: "a" * (most + 1)})


def test_a_name_stays_on_one_line_and_a_greeting_may_have_several():
    assert "name" in wrong_with(name="Oak\nside")
    assert wrong_with(greeting="One.\r\nTwo.") == {}


def test_a_clinic_cannot_take_the_name_of_the_site_or_of_another_clinic():
    assert "name" in wrong_with(name="UNDERSTORY review board")
    make_clinic(name="Oakside Clinic")
    assert wrong_with(name="oakside clinic")
    with pytest.raises(IntegrityError):
        make_clinic(name="OAKSIDE CLINIC")


def test_nobody_takes_over_an_address_that_led_to_another_clinic():
    clinic = make_clinic(slug="oakside")
    clinic.slug = "oakside-health"
    clinic.save()
    assert "slug" in wrong_with(slug="oakside")
    clinic.slug = "oakside"
    clinic.full_clean()


def test_a_line_opens_exactly_one_page():
    pack, faq = make_pack(), make_faq()
    for fields in ({}, {"page": faq, "question_list": True}):
        with pytest.raises(ValidationError, match="Choose one page"):
            PackItem(pack=pack, **fields).full_clean()
    for fields in ({"page": faq}, {"question_list": True}):
        PackItem(pack=pack, **fields).full_clean()


@pytest.mark.parametrize(
    "left_out",
    [("page_type", "page_id", "question_list"), ("page_type",), ("page_id",), ()],
)
def test_the_database_refuses_a_line_without_exactly_one_page(left_out):
    faq, pack = make_faq(), make_pack()
    kind = ContentType.objects.get_for_model(faq)
    fields = {"page_type": kind, "page_id": faq.pk, "question_list": left_out == ()}
    for name in left_out:
        del fields[name]
    with pytest.raises(IntegrityError, match="clinics_packitem_exactly_one"):
        PackItem.objects.create(pack=pack, **fields)


def test_the_database_keeps_that_a_list_was_once_open():
    pack = make_pack(is_live=False)
    assert not pack.was_live
    with pytest.raises(IntegrityError):
        Pack.objects.filter(pk=pack.pk).update(is_live=True)


def test_lists_hold_a_clinic_and_a_page_takes_its_lines_along():
    faq = make_faq()
    pack = make_pack(faq, make_compound())
    with pytest.raises(ProtectedError):
        pack.clinic.delete()
    faq.delete()
    assert pack.items.count() == 1


def test_only_what_is_published_is_shown_and_numbers_have_no_hole():
    draft, faq = make_faq(status=Status.DRAFT), make_faq(question="Can I drive?")
    guide = make_explainer(("Rest", "Lie down."), title="After")
    hidden = make_explainer(("Rest", "Lie down."), status=Status.DRAFT).sections.get()
    walk = make_walkthrough({"plain": "A cell."}, title="How")
    pack = make_pack(draft, faq, hidden, None, guide, walk, guide.sections.get())
    shown = [(item.number, item.title, item.minutes) for item in pack.get_visible_items()]
    assert shown == [
        (1, "Can I drive?", 1),
        (2, "My questions for the visit", 0),
        (3, "After", 1),
        (4, "How", 1),
        (5, "Rest", 1),
    ]
    faq.withdraw(by=make_user(), reason="Old.")
    assert [item.number for item in pack.get_visible_items()] == [1, 2, 3, 4]


def test_what_a_clinic_changes_is_a_new_version_of_the_lists_and_of_no_page():
    pack = make_pack(make_faq())
    for record in (pack, pack.clinic, pack.items.get()):
        before = ContentVersion.objects.read_numbers()
        record.save()
        after = ContentVersion.objects.read_numbers()
        assert after["lists"] > before["lists"]
        assert after["content"] == before["content"]
