"""Attending live events: members hop on, which continues their streaks and their places in fan clubs."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from bot.domain.attendance import AttendedShow, HopOn, HopOnOutcome, press_at
from bot.domain.deadlines import board_of, standing_of
from bot.domain.errors import NotFound, UnknownGuild
from bot.domain.ids import HIGHEST
from bot.domain.periods import Period, period_key_of
from bot.services import live_rules
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.stores import attendance, clubs, deadlines, guilds, live, standing

MOST_LISTED = 25
"""The most live events that can be chosen from: as many as Discord lists."""


class Attendance:
    """The use-cases of attendance."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def hop_on(self, guild_id: int, event_id: int, member_id: int) -> HopOn:
        """Have a member attend a live event for the next ten minutes. Raises NotLive once it is over.

        While an earlier press counts, nothing changes.
        """
        return await self._database.writer.perform(_hop_on, guild_id, event_id, member_id, self._clock())

    async def shows(self, guild_id: int) -> list[AttendedShow]:
        """Return the live events that somebody attended last, latest first."""
        return await self._database.read(_shows, guild_id)

    async def attendees(self, guild_id: int, event_id: int) -> list[int]:
        """Return the members who attended a live event. Raises NotFound for an unknown one."""
        return await self._database.read(_attendees, guild_id, event_id)


def _shows(c: Connection, guild_id: int) -> list[AttendedShow]:
    counts = attendance.latest_events(c, guild_id, MOST_LISTED)
    events = {event.event_id: event for event in live.events_of(c, guild_id, counts)}
    return [AttendedShow(events[event_id], members) for event_id, members in counts.items()]


def _attendees(c: Connection, guild_id: int, event_id: int) -> list[int]:
    if event_id > HIGHEST or live.event(c, guild_id, event_id) is None:
        raise NotFound("live event")
    members = holders.member_ids(c, guild_id, attendance.attendees(c, guild_id, event_id))
    return sorted(member_id for member_id in members.values() if member_id)


def _hop_on(c: Connection, guild_id: int, event_id: int, member_id: int, now_ms: int) -> HopOn:
    guilds.lock(c, guild_id)
    rules = guilds.rules(c, guild_id)
    if rules is None:
        raise UnknownGuild
    live_rules.running_event(c, guild_id, event_id, now_ms)
    creator_ids = live.creators_of(c, guild_id, event_id)
    if member_id in creator_ids:
        return HopOn(HopOnOutcome.ON_STAGE)
    attendee = holders.ensure(c, guild_id, member_id)
    latest = attendance.latest(c, guild_id, event_id, attendee)
    press = press_at(now_ms, latest)
    if press is not None:
        # The press must name the creator, even if nobody has sent them a gift yet.
        for creator_id in creator_ids:
            holders.ensure(c, guild_id, creator_id)
        week = period_key_of(Period.WEEK, now_ms, ZoneInfo(rules.time_zone))
        attendance.add(c, guild_id, event_id, attendee, press, week)
        # The board says how many came, and that changes with the first press of each.
        deadlines.put(c, board_of(guild_id, event_id) if latest is None else None)
        _resume_clubs(c, guild_id, attendee, now_ms)
    valid = press or latest
    assert valid is not None
    outcome = HopOnOutcome.ALREADY if press is None else HopOnOutcome.ABOARD
    return HopOn(outcome, valid.until_ms, attendance.minutes_in(c, guild_id, event_id, attendee))


def _resume_clubs(c: Connection, guild_id: int, attendee: int, now_ms: int) -> None:
    """Resume paused memberships in the clubs of this live event's creators."""
    if any(paused_ms is not None for paused_ms in clubs.memberships(c, guild_id, attendee).values()):
        standing.note_change(c, guild_id, attendee, now_ms)
        deadlines.put(c, standing_of(guild_id))
