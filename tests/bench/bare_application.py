"""What the server costs without this site: the smallest answer, or one that is read from a file.

With BARE_ANSWER, a file of the headers as JSON and the body on the lines after it, every request
gets these. So the cost of sending a page is told from that of finding it.
"""

import json
import os
from pathlib import Path

HEADERS, BODY = [("content-type", "text/plain")], b"ok"

if answer := os.environ.get("BARE_ANSWER"):
    head, _, BODY = Path(answer).read_bytes().partition(b"\n")
    HEADERS = [(name, value) for name, value in json.loads(head)]


async def application(scope, protocol):
    protocol.response_bytes(200, HEADERS, BODY)
