"""The smallest answer of the server: the floor below any answer that Python gives."""

HEADERS = [("content-type", "text/plain")]


async def application(scope, protocol):
    protocol.response_bytes(200, HEADERS, b"ok")
