"""Which emoji there are, by the names of Twemoji's files. The catalogue asks, too, so Pillow is not loaded here.

Without the package of pictures, emoji are drawn as outlines, and whatever has the form of an emoji is taken for one.
"""

from functools import lru_cache
from pathlib import Path

from bot.domain import text as texts
from bot.imaging.packages import EMOJI, folder


def is_standard(text: str, pictures: frozenset[str] | None = None) -> bool:
    """Tell whether Discord knows `text` as one emoji, with or without a variation selector.

    `pictures` are the names of Twemoji's files without the suffix, those that are installed by default.
    """
    names = file_names() if pictures is None else pictures
    if not names:
        return not text.startswith("<") and texts.emoji(text) == text
    return bool({file_name(text), file_name(text.replace("\ufe0f", ""))} & names)


@lru_cache(maxsize=1)
def emoji_folder() -> Path | None:
    """Return the folder with a picture of each emoji, None if the package is not installed."""
    package = folder(EMOJI)
    return package / "assets" / "72x72" if package else None


@lru_cache(maxsize=1)
def file_names() -> frozenset[str]:
    """Return the names of the pictures, without the suffix."""
    pictures = emoji_folder()
    return frozenset(file.stem for file in pictures.glob("*.png")) if pictures else frozenset()


def file_name(text: str) -> str:
    """Return the name that the picture of an emoji would have, such as `1f98a`."""
    return "-".join(f"{ord(character):x}" for character in text)
