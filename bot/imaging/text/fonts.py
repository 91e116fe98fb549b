"""The fonts, from packages: which one has a character, and in which weight and size to set it.

The files are Google's Noto fonts, which share one design across scripts; each file contains all weights.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont
from PIL import ImageFont

from bot.imaging.packages import folder

REGULAR, SEMIBOLD, BOLD, BLACK = 500, 650, 750, 850
"""Weights. Light text on a dark background looks thinner than it is, so the lightest here is a medium."""


@dataclass(frozen=True, slots=True)
class Face:
    """A font file, and the index of the font in it."""

    package: str
    file: str
    index: int = 0

    @property
    def path(self) -> Path:
        """The path of the font file."""
        return folder(self.package) / self.file


def _noto(script: str) -> Face:
    return Face("manimgx_fonts", f"NotoSans{script}[wght].ttf")


def _cjk(index: int) -> Face:
    return Face("manimgx_fonts_cjk", "NotoSansCJK-VF.otf.ttc", index)


_TRIAL_SIZE = 32
"""The size in pixels for trial drawings. Whether a grapheme can be drawn does not depend on it."""

FAILURES = (OSError, RuntimeError, ValueError)
"""What FreeType, raqm and Pillow raise for text that they cannot set or draw."""

LATIN = _noto("")
"""Latin, Greek and Cyrillic."""
JAPANESE, KOREAN, CHINESE = _cjk(0), _cjk(1), _cjk(2)
SYMBOLS = _noto("Symbols")
EMBLEMS = Face("manimgx_fonts", "NotoEmoji[wght].ttf")
"""Emoji as outlines, in one colour."""

_SCRIPTS = (
    "Arabic", "Hebrew", "Devanagari", "Thai", "Bengali", "Tamil", "Telugu", "Gujarati", "Gurmukhi", "Kannada",
    "Malayalam", "Sinhala", "Oriya", "Khmer", "Lao", "Myanmar", "Ethiopic", "Georgian", "Armenian",
)  # fmt: skip
FACES = (LATIN, *map(_noto, _SCRIPTS), CHINESE, SYMBOLS, EMBLEMS)
"""Every font, in the order in which they are searched for a character."""


@lru_cache(maxsize=256)
def font(face: Face, size: int, weight: int = REGULAR) -> ImageFont.FreeTypeFont:
    """Return a font ready to draw, `size` in pixels."""
    ready_font = ImageFont.truetype(face.path, size, index=face.index, layout_engine=ImageFont.Layout.RAQM)
    ready_font.set_variation_by_axes([weight])
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
def _ranges(package: str, file: str) -> tuple[list[int], list[int]]:
    """Return the first and last code points of each range that a file covers. All of its fonts cover the same ones."""
    with TTFont(folder(package) / file, fontNumber=0, lazy=True) as file_font:
        points = sorted(file_font.getBestCmap() or ())
    starts = [point for before, point in zip([-2, *points], points, strict=False) if point != before + 1]
    ends = [point for point, after in zip(points, [*points[1:], -2], strict=True) if after != point + 1]
    return starts, ends


def covers(face: Face, characters: Iterable[str]) -> bool:
    """Tell whether the face has a glyph for each of the characters."""
    starts, ends = _ranges(face.package, face.file)
    for character in characters:
        point = ord(character)
        place = bisect_right(starts, point) - 1
        if place < 0 or point > ends[place]:
            return False
    return True
