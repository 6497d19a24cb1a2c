"""What a phone shows first of a medicine, a condition and two medicines side by side."""

import pytest
from playwright.sync_api import expect

PHONE = {"width": 375, "height": 812}


@pytest.fixture
def phone(new_page):
    return new_page(viewport=PHONE)


@pytest.mark.parametrize("slug", ["ketamine", "esketamine", "psilocybin", "noribogaine"])
def test_the_five_lines_of_a_medicine_stand_in_the_first_screen(phone, slug):
    phone.goto(f"/compounds/{slug}/")
    lines = phone.locator(".five").bounding_box()
    assert lines["y"] + lines["height"] <= PHONE["height"]


def test_benefit_and_harm_stand_side_by_side_in_the_second_screen(phone):
    phone.goto("/compounds/esketamine/")
    benefit, harm = (phone.locator(".people").nth(n).bounding_box() for n in (0, 1))
    assert benefit["y"] == harm["y"] < 2 * PHONE["height"]
    assert benefit["x"] < harm["x"]
    expect(phone.get_by_text("The trial did not meet its main goal.")).to_be_visible()


def test_a_link_to_a_folded_part_opens_it(phone):
    phone.goto("/compounds/ketamine/#not-known")
    expect(phone.get_by_text("How safe repeat dosing is over years").last).to_be_visible()


@pytest.mark.parametrize(
    ("address", "first"),
    [
        ("/conditions/treatment-resistant-depression/", ".option h3"),
        ("/compounds/compare/", ".vs tbody td"),
    ],
)
def test_the_first_option_and_the_first_row_are_in_the_first_screen(phone, address, first):
    phone.goto(address)
    assert phone.locator(first).first.bounding_box()["y"] < PHONE["height"]


def test_a_third_medicine_is_scrolled_to_and_the_page_stays(phone):
    phone.goto("/compounds/compare/?c=ketamine&c=esketamine&c=psilocybin")
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    third = phone.get_by_role("columnheader").last
    third.scroll_into_view_if_needed()
    expect(third).to_be_in_viewport()
