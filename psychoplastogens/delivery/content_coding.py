"""Content codings of HTTP: which a client accepts, and how to compress (RFC 9110, 8.4)."""

import gzip
from functools import partial

import brotli

BEST_COMPRESSORS = {"br": brotli.compress, "gzip": partial(gzip.compress, mtime=0)}
FAST_COMPRESSORS = {
    "br": partial(brotli.compress, quality=3),
    "gzip": partial(gzip.compress, compresslevel=4, mtime=0),
}
MIN_BYTES_TO_COMPRESS = 400
COMPRESSED_CONTENT_TYPES = ("application/pdf", "image/png")


def parse_accept_encoding(header):
    """The codings in an Accept-Encoding header, without those of weight 0 (RFC 9110, 12.5.3)."""
    items = (item.partition(";q=") for item in header.replace(" ", "").lower().split(","))
    return {name for name, _, weight in items if not weight or weight.strip("0.")}
