"""Emoji that staff enter, before they are stored: Discord must have a picture of each."""

from bot.domain import text
from bot.domain.errors import InvalidText
from bot.imaging.text.emoji_names import is_standard


def check_emoji(typed: str) -> str:
    """Return `typed` as one emoji; raise InvalidText unless Discord has a picture of it, or it looks like a guild's
    own."""
    emoji = text.emoji(typed)
    if emoji is None or not (emoji.startswith("<") or is_standard(emoji)):
        raise InvalidText("emoji", 1)
    return emoji


def emoji_key(emoji: str) -> str:
    """Return what identifies an emoji: the id of a guild's own, because it can be renamed."""
    return emoji.rpartition(":")[2]
