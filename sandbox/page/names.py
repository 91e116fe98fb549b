"""Draws names in scripts for which a browser has no font, with the fonts that are installed as packages."""

import asyncio
import importlib.util
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from aiohttp import web
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

LONGEST: Final = 64
_SIZE: Final = 48
_HEIGHT: Final = 72
_BASELINE: Final = 52
"""Pixels. The page shows a picture 1.5 em high, so the letters are as large as the text around them."""
_WEIGHT: Final = 560
_KEEP: Final = "public, max-age=31536000, immutable"
_KANA: Final = range(0x3040, 0x3100)
_HANGUL: Final = range(0xAC00, 0xD7B0)


@dataclass(frozen=True, slots=True)
class Face:
    """A font file, and the index of the font in it."""

    path: Path
    index: int = 0


class NotDrawable(Exception):  # noqa: N818 - it says what the name is
    """No font has all characters of a name."""


def routes(app: web.Application) -> None:
    """Mount the pictures on an app."""
    app.router.add_get("/name.png", _serve)


async def _serve(request: web.Request) -> web.Response:
    name = request.query.get("of", "")
    if not 0 < len(name) <= LONGEST:
        raise web.HTTPBadRequest(text=f"A name has 1 to {LONGEST} characters.")
    try:
        picture = await asyncio.to_thread(draw, name)
    except NotDrawable:
        raise web.HTTPNotFound(text="No font has this name.") from None
    return web.Response(body=picture, content_type="image/png", headers={"Cache-Control": _KEEP})


@lru_cache(maxsize=1_024)
def draw(name: str) -> bytes:
    """Return a name as a PNG whose letters are opaque and all else is not; raises NotDrawable."""
    runs = [(run, _font(face)) for face, run in _runs(name)]
    widths = [font.getlength(run) for run, font in runs]
    picture = Image.new("LA", (max(1, round(sum(widths))), _HEIGHT))
    pen, x = ImageDraw.Draw(picture), 0.0
    for (run, font), width in zip(runs, widths, strict=True):
        pen.text((x, _BASELINE), run, fill=(0, 255), font=font, anchor="ls")
        x += width
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def _face_of(character: str) -> Face:
    if unicodedata.east_asian_width(character) in "WF":
        # Reading what this font has takes a second, and it has all there is.
        point = ord(character)
        index = 0 if point in _KANA else 1 if point in _HANGUL else 2
        return Face(_folder("manimgx_fonts_cjk") / "NotoSansCJK-VF.otf.ttc", index)
    for face, points in _alphabets():
        if ord(character) in points:
            return face
    raise NotDrawable


def _runs(name: str) -> Iterator[tuple[Face, str]]:
    """Yield the parts of a name with the font of each. A space stays in the run that it stands in."""
    face, start = _face_of(name[0]), 0
    for place, character in enumerate(name):
        if not character.isspace() and (next_face := _face_of(character)) != face:
            yield face, name[start:place]
            face, start = next_face, place
    yield face, name[start:]


@lru_cache(maxsize=1)
def _alphabets() -> list[tuple[Face, frozenset[int]]]:
    """Return the fonts of all other scripts, each with the code points that it has."""
    alphabets: list[tuple[Face, frozenset[int]]] = []
    for path in sorted(_folder("manimgx_fonts").glob("NotoSans*.ttf")):
        if "Italic" not in path.name:
            with TTFont(path, lazy=True) as font:
                alphabets.append((Face(path), frozenset(font.getBestCmap() or ())))
    return alphabets


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(package)
    return Path(spec.submodule_search_locations[0])


@lru_cache(maxsize=64)
def _font(face: Face) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(face.path, _SIZE, index=face.index, layout_engine=ImageFont.Layout.RAQM)
    font.set_variation_by_axes([_WEIGHT])
    return font
