"""A clinic's logo as it is kept: a small PNG, drawn anew from the pixels of what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from django.core.exceptions import ValidationError
from PIL import Image, ImageOps

FORMATS = ("PNG", "JPEG")
"""Read by their content; the name of a file and what a browser says of it count for nothing."""
MAX_FILE_BYTES = 1_000_000
MAX_SIDE = 3_000
"""Pixels: a larger picture is refused before it is unpacked."""
TOO_LARGE = ValidationError(f"A logo may be {MAX_SIDE} pixels wide and high at most.")
MAX_WIDTH, MAX_HEIGHT = 480, 160
"""Pixels of what is kept: enough for 60 mm on paper."""
MIN_SIDE = 16
MAX_KEPT_BYTES = 100_000


@dataclass(frozen=True)
class LogoImage:
    """The bytes of a PNG without metadata, and its size in pixels."""

    png: bytes
    width: int
    height: int


def read_logo(file: BinaryIO) -> LogoImage:
    """What is kept of the picture in `file`: on white, in the sizes above.

    Raises ValidationError, which says what is wrong with it and what to send.
    """
    sent = file.read(MAX_FILE_BYTES + 1)
    if len(sent) > MAX_FILE_BYTES:
        raise ValidationError("This file is larger than 1 MB. Save the logo in a smaller size.")
    try:
        with Image.open(BytesIO(sent), formats=FORMATS) as picture:
            _check_size(picture.width, picture.height)
            drawn = _draw_anew(picture)
    except ValidationError:
        raise
    except Image.DecompressionBombError:
        raise TOO_LARGE from None
    except Exception as error:  # Pillow raises errors of many kinds for files that are not whole.
        raise ValidationError("This is no PNG or JPEG that can be read.") from error
    return _encode(drawn)


def _check_size(width: int, height: int) -> None:
    if max(width, height) > MAX_SIDE:
        raise TOO_LARGE
    if min(width, height) < MIN_SIDE:
        raise ValidationError(f"A logo is {MIN_SIDE} pixels wide and high at least.")


def _draw_anew(picture: Image.Image) -> Image.Image:
    """The first frame, turned as its camera held it, on white: there is no other paper."""
    turned = ImageOps.exif_transpose(picture).convert("RGBA")
    turned.thumbnail((MAX_WIDTH, MAX_HEIGHT))
    drawn = Image.new("RGB", turned.size, "white")
    drawn.paste(turned, mask=turned)
    return drawn


def _encode(drawn: Image.Image) -> LogoImage:
    for picture in (drawn, drawn.quantize(256), drawn.quantize(32)):
        out = BytesIO()
        picture.save(out, "PNG", optimize=True)
        if len(png := out.getvalue()) <= MAX_KEPT_BYTES:
            return LogoImage(png, *drawn.size)
    raise ValidationError("This picture has too much detail for a logo.")
