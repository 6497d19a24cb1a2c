"""Who pays for the site is told where it counts, in the words of who runs it."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories import make_decision

pytestmark = pytest.mark.django_db
UNNAMED = "Who pays to run this site is not named yet."


@pytest.mark.parametrize("address", ["/about/review/", "/decide/d/"])
def test_readers_are_told_who_pays_or_that_nobody_is_named(client, settings, address):
    make_decision(slug="d")
    assertContains(client.get(address), UNNAMED)
    settings.SITE_FUNDING = "Grove & <b>Hill</b> Clinic pays for this site."
    response = client.get(address)
    assertContains(response, "Grove &amp; &lt;b&gt;Hill&lt;/b&gt; Clinic pays for this site.")
    assertNotContains(response, UNNAMED)
