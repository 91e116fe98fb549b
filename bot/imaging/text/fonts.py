"""The fonts: which one has a character, and in which weight and size to set it.

The files are Google's Noto fonts, which share one design across scripts. Those of the packages contain all weights;
those of a system, which take their place where a package is missing, may have a file for each.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont
from PIL import ImageFont

from bot.imaging.packages import FONTS, FontFiles

REGULAR, SEMIBOLD, BOLD, BLACK = 500, 650, 750, 850
"""Weights. Light text on a dark background looks thinner than it is, so the lightest here is a medium."""


files = FontFiles()
"""Where the fonts are. The process that draws is told so at its start."""


class NoFontsError(Exception):
    """There is not even a font for Latin letters, so nothing can be written."""


@dataclass(frozen=True, slots=True)
class Face:
    """A family of fonts in a package, and the index of the font in its file."""

    package: str
    family: str
    index: int = 0

    def path(self, weight: int) -> Path | None:
        """Return the path of the font file, None if there is none."""
        return files.path(self.package, self.family, weight)


def _noto(script: str) -> Face:
    return Face(FONTS[0], f"NotoSans{script}")


def _cjk(index: int) -> Face:
    return Face(FONTS[1], "NotoSansCJK", index)


_TRIAL_SIZE = 32
"""The size in pixels for trial drawings. Whether a grapheme can be drawn does not depend on it."""

FAILURES = (OSError, RuntimeError, ValueError)
"""What FreeType, raqm and Pillow raise for text that they cannot set or draw."""

LATIN = _noto("")
"""Latin, Greek and Cyrillic."""
JAPANESE, KOREAN, CHINESE = _cjk(0), _cjk(1), _cjk(2)
SYMBOLS = _noto("Symbols")
EMBLEMS = Face(FONTS[0], "NotoEmoji")
"""Emoji as outlines, in one colour."""

_SCRIPTS = (
    "Arabic", "Hebrew", "Devanagari", "Thai", "Bengali", "Tamil", "Telugu", "Gujarati", "Gurmukhi", "Kannada",
    "Malayalam", "Sinhala", "Oriya", "Khmer", "Lao", "Myanmar", "Ethiopic", "Georgian", "Armenian",
)  # fmt: skip
FACES = (LATIN, *map(_noto, _SCRIPTS), CHINESE, SYMBOLS, EMBLEMS)
"""Every font, in the order in which they are searched for a character."""


@lru_cache(maxsize=256)
def font(face: Face, size: int, weight: int = REGULAR) -> ImageFont.FreeTypeFont:
    """Return a font ready to draw, `size` in pixels. Raises NoFontsError if there is none."""
    path = face.path(weight)
    if path is None:
        raise NoFontsError(f"There is no font {face.family}. For what to do, run: python -m bot doctor")
    ready_font = ImageFont.truetype(path, size, index=face.index, layout_engine=ImageFont.Layout.RAQM)
    try:
        axes = ready_font.get_variation_axes()
    except OSError:
        return ready_font  # it has one weight
    ready_font.set_variation_by_axes(
        [weight if axis.get("name") == b"Weight" else axis["default"] or 0 for axis in axes]
    )
    return ready_font


@lru_cache(maxsize=16_384)
def draws(face: Face, grapheme: str) -> bool:
    """Tell whether the face's outline for a grapheme can be drawn.

    FreeType gives up on outlines that are too intricate, such as that of U+FDFD, and the whole picture would fail.
    """
    try:
        font(face, _TRIAL_SIZE).getmask(grapheme)
    except FAILURES:
        return False
    return True


@lru_cache(maxsize=64)
def _path(face: Face) -> Path | None:
    return face.path(REGULAR)


@lru_cache(maxsize=64)
def _ranges(path: Path) -> tuple[list[int], list[int]]:
    """Return the first and last code points of each range that a file covers. All of its fonts cover the same ones."""
    with TTFont(path, fontNumber=0, lazy=True) as file_font:
        points = sorted(file_font.getBestCmap() or ())
    starts = [point for before, point in zip([-2, *points], points, strict=False) if point != before + 1]
    ends = [point for point, after in zip(points, [*points[1:], -2], strict=True) if after != point + 1]
    return starts, ends


def covers(face: Face, characters: Iterable[str]) -> bool:
    """Tell whether the face is there and has a glyph for each of the characters."""
    path = _path(face)
    if path is None:
        return False
    starts, ends = _ranges(path)
    for character in characters:
        point = ord(character)
        place = bisect_right(starts, point) - 1
        if place < 0 or point > ends[place]:
            return False
    return True
