"""Framing is allowed where it is meant and nowhere else: every public address, real content."""

import re

import pytest

from psychoplastogens.walkthrough.models import Walkthrough
from tests.html_outline import find_faults
from tests.test_every_page import EVERYTHING

pytestmark = [pytest.mark.usefixtures("content"), pytest.mark.django_db]
PAGE = re.compile(r"<loc>http://[^/]+(/(?:explainers/[^/]+/[^/]+|how-ketamine-works(?:/[^/]+)?)/)<")


@pytest.mark.parametrize(
    "address",
    [
        *EVERYTHING,
        "/explainers/the-day-of-your-treatment/the-morning/",
        "/explainers/the-day-of-your-treatment/all/",
        "/how-ketamine-works/new-spines/",
        "/questions/antidepressants/",
        "/questions/antidepressants/handout.pdf",
        "/c/oakside/",
        "/c/oakside/before/",
        "/c/oakside/before/1/",
        "/s/",
        "/s/7kr4h/",
        "/oembed/",
        "/embed/nothing/",
        "/embed/explainers/nothing/here/",
        "/nothing/",
        "/admin/login/",
    ],
)
def test_nothing_else_can_be_framed(client, address):
    response = client.get(address)
    assert response["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


def test_every_section_and_step_has_a_frame_that_brings_all_it_needs(client):
    walkthroughs = Walkthrough.objects.with_other_views()
    views = {address for one in walkthroughs for address, _ in one.get_other_views()}
    pages = PAGE.findall(client.get("/sitemap.xml").content.decode())
    assert len(pages) > 50
    assert views < set(pages)
    for page in [page for page in pages if page not in views]:
        response = client.get(f"/embed{page}")
        html = response.content.decode()
        assert response.status_code == 200, page
        assert "frame-ancestors *" in response["Content-Security-Policy"], page
        assert find_faults(html) == [], page
        names = set(re.findall(r'<use [^>]*href="#([^"]+)"', html))
        assert names <= set(re.findall(r'id="([^"]+)"', html)), page
        assert not re.search(r'(?:href|src)="[^"]*\.svg#', html), page
