"""A short link leads to its record for ever, whoever opens it and however it is typed."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from pytest_django.asserts import assertContains, assertNotContains

from psychoplastogens.short_links import models as links
from psychoplastogens.short_links.models import DailyCount, ShortLink
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


def link_to(record):
    return ShortLink.objects.get_or_create_for(record)


def leads_to(client, code):
    response = client.get(f"/s/{code}/")
    assert response.status_code == 303
    return response["Location"]


def test_it_leads_to_a_page_of_every_kind(client):
    guide = make_explainer({"slug": "bring"}, slug="day")
    walk = make_walkthrough({"slug": "gate"}, slug="how")
    clinic = make_clinic(slug="oakside")
    pack = make_pack(clinic=clinic, slug="before")
    for record, address in (
        (guide, "/explainers/day/"),
        (guide.sections.get(), "/explainers/day/bring/"),
        (make_compound(slug="ketamine"), "/compounds/ketamine/"),
        (make_faq(slug="driving"), "/questions/driving/"),
        (walk, "/how/"),
        (walk.steps.get(), "/how/gate/"),
        (clinic, "/c/oakside/"),
        (pack, "/c/oakside/before/"),
    ):
        assert leads_to(client, link_to(record).code) == address


def test_a_record_has_one_link_and_two_records_have_two():
    faq = make_faq()
    assert link_to(faq) == link_to(faq) != link_to(make_faq())


def test_a_code_has_five_letters_that_cannot_be_mistaken():
    for _ in range(300):
        code = links.generate_code()
        assert len(code) == 5
        assert not set(code) & set("0o1il5s2z8b9qaeu")


@pytest.mark.parametrize("address", ["/s/{}/", "/s/{}", "/S/{}", "/S/{}/", "/s/{}/?utm_source=x"])
def test_it_opens_in_one_hop_however_it_is_written(client, address):
    code = link_to(make_faq(slug="driving")).code
    for typed in (code, code.upper(), code.title()):
        response = client.get(address.format(typed))
        assert (response.status_code, response["Location"]) == (303, "/questions/driving/")


@pytest.mark.parametrize("typed", ["{}.", "{})", "({}),", "{}%E2%80%9D", "%20{}!", "{}./", "{}>."])
@pytest.mark.parametrize("unseen", ["", "%E2%80%8B", "%C2%AD", "%EF%BB%BF"])
def test_punctuation_that_a_message_program_linked_is_forgiven(client, typed, unseen):
    code = link_to(make_faq(slug="driving")).code
    response = client.get(f"/s/{typed.format(code)}{unseen}")
    if response.status_code == 302:
        response = client.get(response["Location"])
    assert (response.status_code, response["Location"]) == (303, "/questions/driving/")


def test_punctuation_inside_a_code_is_not(client):
    code = link_to(make_faq()).code
    assert client.get(f"/s/{code[:2]}.{code[2:]}/").status_code == 404


def test_head_is_get_and_a_post_is_refused(client):
    address = link_to(make_faq()).get_absolute_url()
    got, head = client.get(address), client.head(address)
    assert (head.status_code, dict(head.headers)) == (303, dict(got.headers))
    assert client.post(address).status_code == 405


def test_no_cache_answers_in_its_place(client):
    assert "no-store" in client.get(link_to(make_faq()).get_absolute_url())["Cache-Control"]


def test_a_wrong_code_is_a_page_that_helps(client):
    for address in ("/s/wrong/", "/s/wxcdf/", "/s/%F0%9F%8C%B1/", "/s/'--", "/s/" + 300 * "c"):
        response = client.get(address)
        assertContains(response, "No link has this code", status_code=404)
        assertContains(response, "tel:988", status_code=404)
    assertNotContains(client.get("/s/call-555-0199/"), "0199", status_code=404)


def test_a_code_may_be_typed_again(client):
    code = link_to(make_faq()).code
    assert client.get(f"/s/?code=+{code.upper()}+")["Location"] == f"/s/{code}/"
    for typed in (f"{code}/", f"{code[:2]} {code[2:]}", f"https://a.example/s/{code}/?utm=x#y"):
        assert client.get("/s/", {"code": typed})["Location"] == f"/s/{code}/"
    assertContains(client.get("/s/?code=oakside"), "No link has this code")
    assertContains(client.get("/s/", {"code": "/" * 500 + code}), "No link has this code")
    assertContains(client.get("/s/"), "Type the code of your link")


def test_it_follows_its_record_through_renames(client, clicks):
    faq = make_faq(slug="driving")
    code = link_to(faq).code
    assert leads_to(client, code) == "/questions/driving/"
    faq.slug = "can-i-drive"
    faq.save()
    clicks.click_writer.step()
    assert leads_to(client, code) == "/questions/can-i-drive/"


def test_it_leads_to_the_page_that_says_why_a_record_was_withdrawn(client):
    faq = make_faq()
    faq.withdraw(by=make_user(), reason="Out of date.")
    address = leads_to(client, link_to(faq).code)
    assertContains(client.get(address), "Out of date.", status_code=410)


def test_it_says_so_when_its_record_was_deleted(client, clicks):
    faq = make_faq()
    code = link_to(faq).code
    leads_to(client, code)
    faq.delete()
    for _ in range(2):
        clicks.click_writer.step()
        assertContains(client.get(f"/s/{code}/"), "was deleted", status_code=410)
        clicks.reset_process_state()


def test_it_cannot_be_deleted(client):
    link = link_to(make_faq())
    with pytest.raises(ValidationError):
        link.delete()
    with pytest.raises(ValidationError):
        ShortLink.objects.filter(pk=link.pk).delete()
    assert ShortLink.objects.get() == link


def test_a_code_that_is_taken_is_not_used_again(monkeypatch):
    first = link_to(make_faq())
    codes = iter([first.code, first.code, "cdfgh"])
    monkeypatch.setattr(links, "generate_code", lambda: next(codes))
    assert link_to(make_faq()).code == "cdfgh"


def test_when_codes_run_out_it_says_so(monkeypatch):
    first = link_to(make_faq())
    monkeypatch.setattr(links, "generate_code", lambda: first.code)
    with pytest.raises(links.NoFreeCodeError):
        link_to(make_faq())


def test_two_links_to_one_record_are_refused_by_the_database():
    link = link_to(make_faq())
    with pytest.raises(IntegrityError):
        ShortLink.objects.create(code="cdfgh", page=link.page)


def test_what_has_no_address_gets_no_link():
    with pytest.raises(TypeError, match="cannot lead to a user"):
        link_to(make_user())


def test_a_walkthrough_cannot_take_the_addresses_of_links_and_clinics():
    for slug in ("s", "c"):
        with pytest.raises(ValidationError, match="Another page of the site"):
            make_walkthrough(slug=slug).clean()


def test_numbers_below_ten_are_not_told():
    assert [links.format_click_count(n) for n in (0, 9, 10)] == [
        "fewer than 10",
        "fewer than 10",
        "10",
    ]
    assert "fewer than 10" in str(DailyCount(link_id="cdfgh", number=3))
