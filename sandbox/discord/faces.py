"""Generated avatars: each account gets a flower, which is the same in every run."""

import hashlib
import io
from functools import lru_cache
from math import cos, pi, sin, tau
from random import Random
from typing import Final

from PIL import Image, ImageColor, ImageDraw, ImageOps

ORIGINAL: Final = 128
"""Width in pixels of an avatar as it was "uploaded". The CDN scales it down, but never up."""
SMALLEST: Final = 16
FORMATS: Final = {"png": "PNG", "webp": "WEBP", "jpg": "JPEG", "jpeg": "JPEG"}
"""Pillow's format names for the file endings that the CDN serves."""
_FINE: Final = 4
"""How many times larger a flower is painted. Scaling it down smooths its edges."""


def face_hash(user_id: int) -> str:
    """Return the avatar hash of an account that uses its flower."""
    return hashlib.md5(b"flower %d" % user_id, usedforsecurity=False).hexdigest()


@lru_cache(maxsize=1_024)
def face(seed: int, size: int, ending: str = "png") -> bytes:
    """Return the avatar of a seed as an image file, `size` pixels wide (at most ORIGINAL), in a format of `FORMATS`."""
    size = min(max(size, SMALLEST), ORIGINAL)
    picture = _resized(_flower(seed), size)
    file = io.BytesIO()
    picture.save(file, FORMATS[ending], quality=88) if ending != "png" else picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def _flower(seed: int) -> Image.Image:
    random = Random(f"flower {seed}")
    # Skip green hues: green petals look like leaves.
    hue, width = random.randrange(175, 430) % 360, ORIGINAL * _FINE
    picture = _sky(random, (hue + random.choice((150, 180, 205, 330))) % 360, width)
    draw, middle = ImageDraw.Draw(picture), (width / 2, width / 2)
    petals, tilt = random.randint(5, 10), random.uniform(0, tau)
    reach, plump = width * random.uniform(0.37, 0.43), random.uniform(0.85, 1.25)
    for ring in range(random.randint(2, 3)):
        tone = _tone(hue + 14 * ring, 72, 46 + 11 * ring)
        size = reach * (1 - 0.27 * ring)
        for number in range(petals):
            angle = tilt + (number + ring / 2) * tau / petals
            draw.polygon(_petal(middle, angle, size, plump * size * 1.7 / petals), fill=tone)
    _heart(draw, middle, width * random.uniform(0.085, 0.12), random.choice((44, 38, 50, 344)))
    return picture


def _sky(random: Random, hue: int, width: int) -> Image.Image:
    gradient = _resized(Image.linear_gradient("L"), width)
    light = random.choice((22, 28, 84))
    picture = ImageOps.colorize(gradient, _tone(hue, 45, light), _tone(hue + 30, 55, light - 10))
    return picture.rotate(random.choice((0, 90)))


def _petal(middle: tuple[float, float], angle: float, length: float, width: float) -> list[tuple[float, float]]:
    """Return the outline of a petal, which is thin in the middle of the flower and ends in a round tip."""
    points: list[tuple[float, float]] = []
    for step in range(33):
        turn = pi * step / 32
        along = length * (1 - cos(turn)) / 2
        aside = width * 0.5 * sin(turn) ** 0.8 * (0.35 + 0.65 * along / length) * 1.6
        points.append((along, aside))
    outline = points + [(along, -aside) for along, aside in reversed(points)]
    x, y = middle
    return [
        (x + along * cos(angle) - aside * sin(angle), y + along * sin(angle) + aside * cos(angle))
        for along, aside in outline
    ]


def _heart(draw: ImageDraw.ImageDraw, middle: tuple[float, float], radius: float, hue: int) -> None:
    x, y = middle
    for share, light in ((1.0, 48), (0.72, 62)):
        edge = radius * share
        draw.ellipse((x - edge, y - edge, x + edge, y + edge), fill=_tone(hue, 85, light))


def _tone(hue: int, saturation: int, light: int) -> tuple[int, ...]:
    return ImageColor.getrgb(f"hsl({hue % 360}, {saturation}%, {light}%)")


def _resized(picture: Image.Image, width: int) -> Image.Image:
    # Pillow's annotation refers to NumPy arrays, and NumPy is not installed.
    return picture.resize((width, width), Image.Resampling.LANCZOS)  # pyright: ignore[reportUnknownMemberType]
