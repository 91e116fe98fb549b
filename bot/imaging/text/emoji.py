"""Emoji in colour: Twemoji's pictures, which Discord uses too."""

from functools import lru_cache

import regex
from PIL import Image

from bot.imaging.drawing.pixels import resized
from bot.imaging.text.emoji_names import emoji_folder, file_name, file_names

# Characters that are pictures by default, or by a selector or joiner. ❤ and ☎ are text without a variation selector.
_PICTURED = regex.compile(r"\p{Emoji_Presentation}|.*[\ufe0f\u20e3\u200d]")
_TONE = regex.compile(r"\p{Emoji_Modifier}")


def is_emoji(cluster: str) -> bool:
    """Tell whether a grapheme is drawn as a picture that exists here."""
    return bool(_PICTURED.match(cluster)) and not cluster.endswith("\ufe0e") and _file_of(cluster) is not None


@lru_cache(maxsize=256)
def emoji_image(cluster: str, size: int) -> Image.Image:
    """Return the picture of an emoji, `size` pixels wide. `is_emoji` must be true for it."""
    folder = emoji_folder()
    assert folder is not None
    with Image.open(folder / f"{_file_of(cluster)}.png") as picture:
        return resized(picture.convert("RGBA"), (size, size))


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
    return next((name for name in map(file_name, candidates) if name in file_names()), None)
