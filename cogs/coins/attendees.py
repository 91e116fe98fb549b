"""Grants to everyone who attended a live event: the same preview, one button and one undo as for a file."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from discord import app_commands

from bot.domain.attendance import AttendedShow
from bot.domain.grant_errors import UnclearReceivers
from bot.domain.grant_files import Entry, GrantFile, Reading
from bot.domain.grant_plans import plan
from bot.domain.matching import matching
from bot.ui import theme
from bot.ui.kit import discord_limits
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.member_search import members_among
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.parsing import parse_id
from bot.ui.text.reader import Reader
from cogs.coins import batch_render, batches


async def prepare(caller: Caller, live: str, reading: Reading, reason: str, *, has_file: bool) -> Reply:
    """Return the preview of a grant to each attendee. `reading` has the amount, and nothing else that is for files.

    Raise UnclearReceivers, and what grants raise.
    """
    amount = reading.amount
    if has_file or not live or amount is None:
        raise UnclearReceivers("both" if has_file else "amount" if live else "neither")
    if reading != Reading(amount=amount):
        raise UnclearReceivers("options")
    guild, reader = caller.guild, caller.reader
    assert guild is not None, caller.guild_id
    event_id = parse_id(live, "live event")
    member_ids = await caller.services.attendance.attendees(caller.guild_id, event_id)
    show = (await caller.services.live.of_event(caller.guild_id, event_id)).event
    rows = GrantFile(tuple(Entry(line, member_id, amount) for line, member_id in enumerate(member_ids, 1)), ())
    outcome = plan(rows, await members_among(guild, member_ids), {}, giver_id=caller.member_id)
    if not outcome.shares:
        return reply(nobody(reader))
    reason = reason or caller.guild_reader._("For attending a live event")
    return await batches.preview(
        caller, outcome, reason, lambda batch: batch_render.preview_of_show(batch, show, outcome, reader)
    )


async def choices(caller: Caller, query: str) -> list[app_commands.Choice[str]]:
    """Return the live events that match `query` and whose attendees can get coins, for the list that opens."""
    shows = await caller.services.attendance.shows(caller.guild_id)
    zone = ZoneInfo((await caller.services.guilds.rules(caller.guild_id)).time_zone)
    lines = [(choice(show, zone, caller.reader), str(show.event.event_id)) for show in shows]
    matches = matching(lines, query, lambda entry: entry[:1])
    return [app_commands.Choice(name=line, value=value) for line, value in matches]


def choice(show: AttendedShow, zone: ZoneInfo, reader: Reader) -> str:
    """Return a live event as a line to choose."""
    day = datetime.fromtimestamp(show.event.started_ms / 1_000, UTC).astimezone(zone).date()
    attendees = reader.n_("{n} member attended", "{n} members attended", show.attendees)
    return discord_limits.cut(
        " · ".join((show.event.title or reader._("Live"), reader.day(day), attendees)), discord_limits.CHOICE_NAME
    )


def nobody(reader: Reader) -> Card:
    """Return why a live event grants nothing."""
    text = reader._("Nobody who attended this live event can get coins. Those who left, bots and you yourself can't.")
    return Card(theme.AMBER, (Part(text),), title="🎁 " + reader._("Nobody to grant coins to"))
