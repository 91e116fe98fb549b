"""Round faces: a member's avatar from bytes that nobody has checked, or an initial on a colour of their own."""

import io
import warnings
from dataclasses import dataclass
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

MOST_BYTES: Final = 512 * 1024
"""Of an avatar file; Discord's at 256 pixels are a tenth of it."""
MOST_PIXELS: Final = 2_048 * 2_048
"""Of an avatar; a tiny file can claim to be enormous."""

_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
_COLOURS = (0xE8527A, 0xD9822B, 0xB5892A, 0x4F9D57, 0x2E9C96, 0x3F86C9, 0x6F6BD6, 0xA25BC2, 0xC2517F, 0x7A8796)

# Pillow warns of a picture that is far too large, and then goes on to read it.
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on a picture. `avatar` is a PNG, JPEG, WebP or GIF file as it was fetched, None to draw an initial."""

    name: str
    member_id: int
    avatar: bytes | None = None


def face(person: Person, size: int) -> Image.Image:
    """Return the round face of a person, `size` pixels wide. Not to be drawn on: it is kept."""
    return (_decoded(person.avatar, size) if person.avatar else None) or _initial(
        person.name, person.member_id % len(_COLOURS), size
    )


@lru_cache(maxsize=128)
def _decoded(data: bytes, size: int) -> Image.Image | None:
    """Return the file as a disc, None if it is not a picture that may be read."""
    if len(data) > MOST_BYTES:
        return None
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                return None
            opened.draft("RGB", (size, size))
            pixels = ImageOps.fit(opened.convert("RGBA"), (size, size))
    except Exception:  # noqa: BLE001 - decoders of hostile bytes raise whatever they like, and there is a fallback
        return None
    ground = Image.new("RGBA", (size, size), (43, 34, 54, 255))
    ground.alpha_composite(pixels)
    ground.putalpha(disc(size))
    return ground


@lru_cache(maxsize=128)
def _initial(name: str, colour: int, size: int) -> Image.Image:
    canvas = Canvas(size, oversample=4)
    base = _COLOURS[colour]
    canvas.draw(ellipse(50, 50, 50), lit(mixed(base, 0xFFFFFF, 0.22), mixed(base, 0x1A0F24, 0.18)), NONE)
    found = canvas.finished()
    letter = next(iter(graphemes(clean(name, 1).upper())), "?")
    drawn = line(letter, Style(round(size * 0.46), 0xFFFFFF, BOLD))
    # Letters of some scripts hang below the line, and others stand high: it is the ink that is centred.
    ink = Image.new("L", (size * 2, size * 2))
    drawn.draw(ink, size / 2, size)
    left, top, right, bottom = ink.getbbox() or (0, 0, 0, 0)
    drawn.draw(found, size - (left + right) / 2, 1.5 * size - (top + bottom) / 2)
    found.putalpha(disc(size))
    return found


@lru_cache(maxsize=32)
def disc(size: int) -> Image.Image:
    """Return the mask of a disc."""
    canvas = Canvas(size, oversample=4)
    canvas.draw(ellipse(50, 50, 50), 0xFFFFFF, NONE)
    return canvas.finished().getchannel("A")
