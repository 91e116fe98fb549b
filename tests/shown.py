"""What a channel shows of its gifts: sums in announcements and on boards, read as members read them."""

import re
from collections.abc import Collection

from sandbox.discord.limits.components import CONTAINER
from sandbox.discord.model import Message
from tests import books
from tests.rig import Rig

# They are searched for in all the text of a message: beside a picture, the last line is part of a section.
_SUM = re.compile(r"^-# 🪙\xa0([\d,]+) coins?\b", re.MULTILINE)
_MENTION = re.compile(r"<[^<>]*>")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_BOARD = re.compile(r"^-# ([\d,]+) gifts? · 🪙\xa0([\d,]+) coins?\b", re.MULTILINE)


def numbers(text: str) -> set[str]:
    """Return the numbers that a member reads in a text. Those inside mentions are ids, and no one sees them."""
    return set(_NUMBER.findall(_MENTION.sub(" ", text)))


def announced_coins(rig: Rig, channel_id: int, colours: Collection[int] = ()) -> int:
    """Return the sum of the coins in the last lines of announcements in a channel, of certain `colours` if any."""
    sums = (
        _SUM.search(message.text)
        for message in rig.world.messages(channel_id)
        if message.author.bot and (not colours or _colours(message) & {*colours})
    )
    return sum(_number(match[1]) for match in sums if match)


def board_totals(rig: Rig, channel_id: int) -> tuple[int, int]:
    """Return the numbers of gifts and coins on the newest board in a channel, zeros if there is none with gifts."""
    for message in reversed(rig.world.messages(channel_id)):
        if message.author.bot and (match := _BOARD.search(message.text)):
            return _number(match[1]), _number(match[2])
    return 0, 0


def wrong_coins(rig: Rig, guild_id: int, channel_id: int) -> dict[str, int]:
    """Return by how many coins what is shown of a live event in `channel_id` differs from the journal, by place.

    All gifts of the guild belong to this event. Places that are right are left out.
    """
    database = rig.database
    query = "SELECT event_id FROM live_events WHERE guild_id = ? AND channel_id = ?"
    event_id = books.only_value(database, query, guild_id, channel_id)
    given = books.gift_coins(database, guild_id)
    left = given - books.reversed_coins(database, guild_id)
    announced = announced_coins(rig, channel_id)
    shown = {"board": board_totals(rig, channel_id)[1]} | {
        f"{board}, event {event}": books.leaderboard_coins(database, guild_id, board, event)
        for board in ("gifters", "creators", "gifts")
        for event in (0, event_id)
    }
    # A gift that was announced before it was taken back may stay in its message.
    shown["announcements"] = left if left <= announced <= given else announced
    wrong = {place: coins - left for place, coins in shown.items() if coins != left}
    if posts := books.unshown_posts(database, guild_id):
        wrong["announcements that wait"] = posts
    return wrong


def _colours(message: Message) -> set[int]:
    return {part["accent_color"] for part in message.components if part["type"] == CONTAINER}


def _number(text: str) -> int:
    return int(text.replace(",", ""))
