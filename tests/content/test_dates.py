"""Dates are kept by day and language."""

from datetime import date

from django.utils.translation import override

from psychoplastogens.content.rendering.dates import format_date, format_month


def test_a_date_kept_in_one_language_is_not_shown_in_another():
    day = date(2026, 5, 3)
    assert (format_date(day), format_month(day)) == ("3 May 2026", "May 2026")
    with override("es"):
        assert (format_date(day), format_month(day)) == ("3 de mayo de 2026", "mayo de 2026")
    assert (format_date(day), format_month(day)) == ("3 May 2026", "May 2026")
