"""Round faces: a member's avatar, decoded from untrusted bytes, or an initial on a colour of their own."""

import io
import warnings
from functools import lru_cache
from typing import Final

from PIL import Image, ImageOps

from bot.domain.text import clean
from bot.imaging.drawing.canvas import Canvas
from bot.imaging.drawing.lighting import NONE
from bot.imaging.drawing.paints import lit, mixed
from bot.imaging.drawing.shapes import ellipse
from bot.imaging.text.fonts import BOLD
from bot.imaging.text.line import Style, graphemes, line
from bot.imaging.values import Person

MOST_BYTES: Final = 512 * 1024
"""The largest avatar file. Discord's files at 256 pixels are a tenth of it."""
MOST_PIXELS: Final = 2_048 * 2_048
"""The most pixels of an avatar, because a tiny file can decode to an enormous picture."""

_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_COLOURS = (0xE8527A, 0xD9822B, 0xB5892A, 0x4F9D57, 0x2E9C96, 0x3F86C9, 0x6F6BD6, 0xA25BC2, 0xC2517F, 0x7A8796)

# Pillow only warns about a decompression bomb and then reads it. Turn the warning into an error.
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


def face(person: Person, size: int) -> Image.Image:
    """Return the round face of a person, `size` pixels wide. It is cached, so callers must not draw on it."""
    return (_avatar_face(person.avatar, size) if person.avatar else None) or _initial(
        person.name, person.member_id % len(_COLOURS), size
    )


@lru_cache(maxsize=128)
def _avatar_face(avatar: bytes, size: int) -> Image.Image | None:
    """Return the avatar file as a disc, None if it is not a picture or too large."""
    if len(avatar) > MOST_BYTES:
        return None
    try:
        with Image.open(io.BytesIO(avatar), formats=_FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return None
            # A JPEG is decoded at a reduced size, which is faster.
            picture.draft("RGB", (size, size))
            pixels = ImageOps.fit(picture.convert("RGBA"), (size, size))
    except Exception:  # noqa: BLE001 - decoders of hostile bytes raise whatever they like, and there is a fallback
        return None
    disc_face = Image.new("RGBA", (size, size), (43, 34, 54, 255))
    disc_face.alpha_composite(pixels)
    disc_face.putalpha(disc(size))
    return disc_face


@lru_cache(maxsize=128)
def _initial(name: str, colour: int, size: int) -> Image.Image:
    canvas = Canvas(size, oversample=4)
    base = _COLOURS[colour]
    canvas.draw(ellipse(50, 50, 50), lit(mixed(base, 0xFFFFFF, 0.22), mixed(base, 0x1A0F24, 0.18)), NONE)
    picture = canvas.finished()
    letter = next(iter(graphemes(clean(name, 1).upper())), "?")
    letter_line = line(letter, Style(round(size * 0.46), 0xFFFFFF, BOLD))
    # Letters of some scripts hang below the line and others stand high, so measure the ink and centre that.
    ink = Image.new("L", (size * 2, size * 2))
    letter_line.draw(ink, size / 2, size)
    left, top, right, bottom = ink.getbbox() or (0, 0, 0, 0)
    letter_line.draw(picture, size - (left + right) / 2, 1.5 * size - (top + bottom) / 2)
    picture.putalpha(disc(size))
    return picture


@lru_cache(maxsize=32)
def disc(size: int) -> Image.Image:
    """Return the mask of a disc, `size` pixels wide. It is cached, so callers must not draw on it."""
    canvas = Canvas(size, oversample=4)
    canvas.draw(ellipse(50, 50, 50), 0xFFFFFF, NONE)
    return canvas.finished().getchannel("A")
