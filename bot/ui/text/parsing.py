"""Reading what people type where Discord has no option type for it: dates, ids, whole numbers in a form."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import discord

from bot.domain.errors import InvalidAmount, NotFound
from bot.domain.ids import HIGHEST, id_in
from bot.domain.money import MAX_AMOUNT
from bot.ui.text.refusals import ForeignEmoji, InvalidMoment, InvalidTimeOfDay

HYPHEN = "\u2011"
"""The hyphen of our examples, at which no line breaks. It is accepted because people copy examples."""

_FORMS = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d")
_LONGEST_NUMBER = 19
LONGEST_EMOJI = 60
"""Characters of an emoji as it is typed: a server's own has a name of 32 and an id."""
_PRICE_DIGITS = len(str(MAX_AMOUNT))
_ID_DIGITS = len(str(HIGHEST))


def parse_moment(text: str, time_zone: str) -> int:
    """Return "2030-12-24", midnight, or "2030-12-24 18:00" in milliseconds UTC; raise InvalidMoment.

    The time of day is the guild's. An hour that a clock change repeats is read as its first occurrence.
    """
    words = " ".join(text.split()).replace(HYPHEN, "-")
    for form in _FORMS:
        try:
            local = datetime.strptime(words, form).replace(tzinfo=ZoneInfo(time_zone))
            return int(local.timestamp() * 1000)
        except (ValueError, OverflowError):
            continue
    raise InvalidMoment(text[:40])


def parse_time_of_day(text: str) -> int:
    """Return "22:00", or "22", as minutes after midnight; raise InvalidTimeOfDay."""
    hour, _, minute = text.strip().partition(":")
    parts = (hour, minute or "0")
    if not all(part.isascii() and part.isdigit() and len(part) <= 2 for part in parts):
        raise InvalidTimeOfDay(text[:40])
    hours, minutes = map(int, parts)
    if hours > 23 or minutes > 59:
        raise InvalidTimeOfDay(text[:40])
    return hours * 60 + minutes


def time_of_day(minutes: int) -> str:
    """Return minutes after midnight as `parse_time_of_day` reads them."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def parse_emoji(text: str, guild: discord.Guild | None) -> str:
    """Return an emoji as it is written today, or anything else as it was typed; raise ForeignEmoji for a custom one
    that is none of the guild's, or that the bot may not use."""
    emoji_id = discord.PartialEmoji.from_str(text.strip()).id
    if emoji_id is None:
        return text
    emoji = discord.utils.get(guild.emojis, id=emoji_id) if guild is not None else None
    if emoji is None or not emoji.available or not emoji.is_usable():
        raise ForeignEmoji
    return str(emoji)


def parse_id(text: str, noun: str) -> int:
    """Return an id that autocomplete offered; raise NotFound(`noun`) for anything else that was typed."""
    parsed_id = id_in(text)
    if parsed_id is None:
        raise NotFound(noun)
    return parsed_id


def priced(thing_id: int, price: int) -> str:
    """Return the value of a choice that shows a price: the price travels with the id.

    Digits alone, as no name may be, and more of them than an id has: whatever else is typed reads as before.
    """
    return f"{price:0{_PRICE_DIGITS}}{thing_id:0{_ID_DIGITS}}"


def parse_priced(text: str) -> tuple[str, int | None]:
    """Return what `text` names, an id or a name, and the price that its choice showed, None if it was typed."""
    is_choice = text.isascii() and text.isdigit() and len(text) == _PRICE_DIGITS + _ID_DIGITS
    return (str(int(text[_PRICE_DIGITS:])), int(text[:_PRICE_DIGITS])) if is_choice else (text, None)


def parse_whole(text: str, highest: int) -> int:
    """Return a number from 0 to `highest` as typed into a form; raise InvalidAmount."""
    digits = text.strip().rstrip("%").rstrip()
    plain = digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER
    if not plain or int(digits) > highest:
        raise InvalidAmount(text[:40], 0, highest)
    return int(digits)


def given(**options: object) -> dict[str, Any]:
    """Return the options that were given: those that are not None."""
    return {name: value for name, value in options.items() if value is not None}


def moment_text(at_ms: int, time_zone: str) -> str:
    """Return a moment as `parse_moment` reads it."""
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(ZoneInfo(time_zone)):{_FORMS[0]}}"
