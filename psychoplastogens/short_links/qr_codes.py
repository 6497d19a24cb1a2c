"""QR codes (ISO/IEC 18004) with the address printed beneath, as SVG and PNG.

Made here, so that nobody else learns which clinic hands out what. Error level M, a quiet zone of
four modules, no logo. An address in capitals is stored in alphanumeric mode: fewer, larger modules.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable

import segno
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from psychoplastogens.short_links.bitmap_font import HEIGHT, WIDTH, render_text_row

QUIET_ZONE_MODULES = 4
MODULE_PIXELS = 16
"""Pixels of a module in the PNG: about 5 cm wide at 300 dots an inch, sharp at half that size."""
CAPTION_LINE_LENGTH, MAX_CAPTION_LINES = 24, 3
LETTER_WIDTH_RATIO = 0.58
"""Of the height of the line, in the widest of the fonts named below."""


def render_svg(address: str, *, printed: bool = True) -> SafeString:
    """The code of `address` as an SVG document of its own; its title is read aloud.

    The address stands beneath, unless it is not to be `printed` because it stands nearby.
    """
    rows = build_module_rows(address)
    words = wrap_caption(address.lower()) if printed else []
    side, size = len(rows), 0.0
    if words:
        size = round(
            (side - 2 * QUIET_ZONE_MODULES) / (max(map(len, words)) * LETTER_WIDTH_RATIO), 2
        )
    lines = (
        (side / 2, round(side - QUIET_ZONE_MODULES + size * (1.25 * n + 2), 2), line)
        for n, line in enumerate(words)
    )
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" role="img">'
        '<title>{2}</title><path fill="#fff" d="M0 0h{0}v{1}H0z"/><path d="{3}"/>'
        '<g font-family="Arial, Helvetica, sans-serif" font-size="{4}" text-anchor="middle">{5}'
        "</g></svg>",
        side,
        round(side + size * (1.25 * len(words) + 1 if words else 0), 2),
        address,
        mark_safe(build_svg_path(rows)),  # noqa: S308 - digits and the letters of a path
        size,
        format_html_join("", '<text x="{}" y="{}">{}</text>', lines),
    )


def render_png(address: str) -> bytes:
    """The code of `address` as a PNG picture in black and white."""
    rows = [
        scale_row(row, MODULE_PIXELS)
        for row in build_module_rows(address)
        for _ in range(MODULE_PIXELS)
    ]
    width, words = len(rows[0]), wrap_caption(address)
    dot = max(1, (width - 2 * QUIET_ZONE_MODULES * MODULE_PIXELS) // (max(map(len, words)) * WIDTH))
    for line in words:
        for y in range(HEIGHT):
            rows += [scale_row(render_text_row(line, y), dot).center(width, "0")] * dot
        rows += ["0" * width] * (3 * dot)
    return encode_png(rows)


def build_module_rows(address: str) -> list[str]:
    """Rows of the code with its quiet zone: "1" is dark, "0" light."""
    made = segno.make(address, error="m", micro=False, boost_error=False)
    return ["".join(map(str, row)) for row in made.matrix_iter(border=QUIET_ZONE_MODULES)]


def wrap_caption(address: str) -> list[str]:
    """The address without its scheme, in lines that break after a slash where they can."""
    parts = re.findall(r"[^/]+/?|/", re.sub(r"(?i)^https?://|/$", "", address))
    longest = max(CAPTION_LINE_LENGTH, *(-(-len(part) // MAX_CAPTION_LINES) for part in parts))
    lines = [""]
    for piece in (piece for part in parts for piece in split_text(part, longest)):
        if len(lines[-1] + piece) > longest:
            lines.append("")
        lines[-1] += piece
    return [line for line in lines if line]


def split_text(text: str, length: int) -> list[str]:
    return [text[at : at + length] for at in range(0, len(text), length)]


def build_svg_path(rows: Iterable[str]) -> str:
    """The dark modules as an SVG path: a bar for each run in a row."""
    return "".join(
        f"M{run.start()} {y}h{len(run[0])}v1h-{len(run[0])}z"
        for y, row in enumerate(rows)
        for run in re.finditer("1+", row)
    )


def scale_row(row: str, times: int) -> str:
    return "".join(dot * times for dot in row)


def encode_png(rows: list[str]) -> bytes:
    """A PNG (ISO/IEC 15948) of one bit a pixel from rows of "1" (dark) and "0" (light)."""
    width = len(rows[0])
    flipped = str.maketrans("01", "10")  # In greyscale 1 is white.
    packed = b"".join(
        b"\0"
        + int(row.translate(flipped).ljust(-(-width // 8) * 8, "0"), 2).to_bytes(-(-width // 8))
        for row in rows
    )
    header = struct.pack(">IIBBBBB", width, len(rows), 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(packed, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
