"""A copy that is still good keeps its headers: caches take those of a 304 (RFC 9111, 4.3.4)."""

import pytest

from tests.sample_urls import map_views_to_urls

pytestmark = [pytest.mark.usefixtures("content"), pytest.mark.django_db]
OF_THE_BODY = {"Content-Encoding", "Content-Length"}


@pytest.mark.parametrize("address", map_views_to_urls().values())
def test_not_modified_has_every_header_of_the_whole_answer(client, address):
    whole = client.get(address, headers={"accept-encoding": "br"})
    if whole.status_code != 200 or "no-store" in whole["Cache-Control"]:
        return
    held = {"accept-encoding": "br", "if-none-match": whole["ETag"]}
    again = client.get(address, headers=held)
    assert (again.status_code, again.content) == (304, b"")
    kept = {name: value for name, value in whole.items() if name not in OF_THE_BODY}
    assert dict(again.items()) == kept
    assert dict(client.head(address, headers=held).items()) == kept
