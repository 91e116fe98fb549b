"""The fonts, from packages: which one has a character, and how heavy and how large it is set.

The files are Google's Noto fonts, which share one design across scripts; each has every weight in it.
"""

import importlib.util
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont
from PIL import ImageFont

REGULAR, SEMIBOLD, BOLD, BLACK = 500, 650, 750, 850
"""Weights. Light text on a dark ground looks thinner than it is: the lightest here is a medium."""


@dataclass(frozen=True, slots=True)
class Face:
    """A font file, and which of its fonts where it holds several."""

    package: str
    file: str
    index: int = 0

    @property
    def path(self) -> Path:
        """Where the file is."""
        return folder(self.package) / self.file


def _noto(script: str) -> Face:
    return Face("manimgx_fonts", f"NotoSans{script}[wght].ttf")


def _cjk(index: int) -> Face:
    return Face("manimgx_fonts_cjk", "NotoSansCJK-VF.otf.ttc", index)


_TRIED = 32
"""Pixels at which a grapheme is tried; whether it can be drawn does not depend on them."""

FAILURES = (OSError, RuntimeError, ValueError)
"""What FreeType, raqm and Pillow raise of text that they cannot set or draw."""

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
"""Every font, in the order in which they are asked for a character."""


def folder(package: str) -> Path:
    """Return where a package lies, without running it: only its files are wanted."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(package)
    return Path(spec.submodule_search_locations[0])


@lru_cache(maxsize=256)
def font(face: Face, size: int, weight: int = REGULAR) -> ImageFont.FreeTypeFont:
    """Return a font ready to draw, `size` in pixels."""
    loaded = ImageFont.truetype(face.path, size, index=face.index, layout_engine=ImageFont.Layout.RAQM)
    loaded.set_variation_by_axes([weight])
    return loaded


@lru_cache(maxsize=16_384)
def draws(face: Face, grapheme: str) -> bool:
    """Tell whether what the face has for a grapheme can be drawn: FreeType gives up on outlines that are too intricate,
    such as that of U+FDFD, and then nothing of the whole picture would be."""
    try:
        font(face, _TRIED).getmask(grapheme)
    except FAILURES:
        return False
    return True


@lru_cache(maxsize=64)
def _ranges(package: str, file: str) -> tuple[list[int], list[int]]:
    """Return the first and the last code points of each stretch that a file covers, which all of its fonts do."""
    with TTFont(folder(package) / file, fontNumber=0, lazy=True) as opened:
        points = sorted(opened.getBestCmap() or ())
    starts = [point for before, point in zip([-2, *points], points, strict=False) if point != before + 1]
    ends = [point for point, after in zip(points, [*points[1:], -2], strict=True) if after != point + 1]
    return starts, ends


def covers(face: Face, characters: Iterable[str]) -> bool:
    """Tell whether the face has all the characters."""
    starts, ends = _ranges(face.package, face.file)
    for character in characters:
        point = ord(character)
        place = bisect_right(starts, point) - 1
        if place < 0 or point > ends[place]:
            return False
    return True
