"""Single sign-on in a browser: the policy of our pages and the cookies of staff let it through."""

import pytest
from playwright.sync_api import expect

from tests import server_process
from tests.accounts.oidc_provider import CLIENT_ID, CLIENT_SECRET, EMAIL, PASSWORD, USERNAME
from tests.accounts.provider_process import run_provider

MAKE_AUTHOR = f"""
from django.contrib.auth.models import Group, User
Group.objects.get(name="Author").user_set.add(
    User.objects.create_user("newcomer", "{EMAIL}", is_staff=True))
print(1)
"""


@pytest.fixture
def connected_site(started_before, monkeypatch):
    """A site at 127.0.0.1 with a provider at localhost: to a browser these are two sites."""
    port = server_process.find_free_port()
    origin = f"http://127.0.0.1:{port}"
    with run_provider(origin) as issuer:
        settings = {"OIDC_ISSUER": issuer, "SITE_ORIGIN": origin, "OIDC_NAME": "Clinic login"}
        settings |= {"OIDC_CLIENT_ID": CLIENT_ID, "OIDC_CLIENT_SECRET": CLIENT_SECRET}
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        with server_process.run_site(started_before, port=port) as site:
            server_process.run_script(MAKE_AUTHOR, data=site.data)
            yield site


def test_an_author_goes_to_the_provider_and_comes_back_signed_in(connected_site, new_context, axe):
    page = new_context().new_page()
    page.goto(f"{connected_site.url}/admin/content/faq/")
    axe(page)
    page.get_by_role("link", name="Log in with Clinic login").press("Enter")
    expect(page).to_have_title("Provider")
    page.get_by_label("Name").fill(USERNAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{connected_site.url}/admin/content/faq/")
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    assert CLIENT_SECRET not in connected_site.printed()
    assert "code=" not in connected_site.printed()
