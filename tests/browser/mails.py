"""What a running site mails: Django writes each mail to a file."""

import re
from time import monotonic, sleep

MOST_SECONDS_TO_WAIT = 20


def wait_for_link(site, path, to=""):
    """The path of the first mailed link that begins with `path`, in a mail to this address.

    A thread of the server may still be writing it.
    """
    link = re.compile(rf"{re.escape(path)}\S*")
    until = monotonic() + MOST_SECONDS_TO_WAIT
    while not (found := find_link(site, link, to)):
        assert monotonic() < until, f"no mail with {path}"
        sleep(0.05)
    return found


def find_link(site, link, to):
    mails = [file.read_text() for file in sorted(site.mails.glob("*"))]
    found = [link.search(mail) for mail in mails if f"\nTo: {to}" in mail]
    return next((one[0] for one in found if one), None)
