"""`/creator stats`: what a creator was given in a period, as a picture and in words, and as a file."""

from dataclasses import replace
from functools import partial
from typing import Final, NamedTuple

import discord
from discord import ui

from bot.domain.creator_stats import CreatorStats
from bot.domain.periods import PastPeriod, Period
from bot.domain.text import clean
from bot.services.visible_leaderboard import visible_fans
from bot.ui.kit import access
from bot.ui.kit.answers import Mode, pictured
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller, Client, client_of
from bot.ui.kit.cards import Document, Picture
from bot.ui.kit.components import Item
from bot.ui.kit.controls import Control, Form, picked_one, text_input
from bot.ui.kit.cross_links import overlay_button, week_button
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks import periods, stats_picture
from bot.ui.looks.portraits import NAME
from bot.ui.text.reader import Reader
from cogs.creator import stats_export, stats_render
from cogs.creator.earnings import OF_OTHERS

DEFAULT: Final = Period.LAST_30_DAYS


class StatsIds(NamedTuple):
    """What a creator was given in a period, by its number, on the panel of `owner`."""

    owner: int
    creator: int
    period: int


class PickStatsPeriod(Control[StatsIds], action="stats-period", ids=StatsIds):
    """The menu of periods, which also leads to the form for any month or day."""

    async def press(self, interaction: discord.Interaction, /) -> None:
        is_other = picked_one(Caller(interaction), "leaderboard") == periods.OTHER
        await (self._open_form(interaction) if is_other else self._pick(interaction))

    @opens
    async def _open_form(self, caller: Caller) -> Form:
        return StatsPeriodForm(self.ids, caller.reader)

    @replies(Mode.UPDATE)
    async def _pick(self, caller: Caller) -> Reply:
        return await stats(caller, self.ids.creator, periods.numbered(picked_one(caller, "leaderboard")))


class StatsPeriodForm(Form):
    """Asks for a month or a day."""

    def __init__(self, ids: StatsIds, reader: Reader) -> None:
        super().__init__(reader._("Your stats"))
        self.ids = ids
        self.period = text_input("", longest=periods.LONGEST)
        hint = reader._("Write a month like 2026\u201110, or a day like 2026\u201110\u201131.")
        self.add_item(ui.Label(text=reader._("Month or day"), description=hint, component=self.period))

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        return await stats(caller, self.ids.creator, periods.typed(self.period.value, caller.reader))


class ExportStats(Control[StatsIds], action="stats-file", ids=StatsIds):
    """Sends the statistics as a file."""

    @replies()
    async def press(self, caller: Caller) -> Reply:
        statistics = await _visible(caller, self.ids.creator, periods.numbered(self.ids.period))
        profiles = await caller.membership.profiles(caller.guild_id, [fan.subject_id for fan in statistics.fans])
        names = {member_id: clean(profile.name, NAME) for member_id, profile in profiles.items()}
        file = Document(stats_export.filename(statistics), stats_export.table(statistics, names, caller.reader))
        return reply(replace(stats_render.export(statistics, caller.reader), documents=(file,)))


async def stats(caller: Caller, creator_id: int, period: Period | PastPeriod) -> Reply:
    """Return what a creator was given in a period, for themselves or for staff."""
    statistics, reader = await _visible(caller, creator_id, period), caller.reader
    draw = partial(picture_of, client_of(caller.interaction), caller.guild_id, statistics, reader)
    picture = await pictured(caller, draw) if statistics.total.pieces else None
    is_own = creator_id == caller.member_id
    card = stats_render.card(statistics, reader, picture, is_own=is_own)
    if is_own and not await caller.services.creators.is_creator(caller.guild_id, creator_id):
        card = replace(card, parts=(*card.parts, stats_render.way_in(reader)))
    ids = StatsIds(caller.member_id, creator_id, periods.number_of(period))
    return reply(card, await _controls(caller, ids, statistics))


async def _visible(caller: Caller, creator_id: int, period: Period | PastPeriod) -> CreatorStats:
    """Return the statistics without fans who have left."""
    if creator_id != caller.member_id:
        await access.require(caller, OF_OTHERS)
    everyone = await caller.services.creator_stats.stats(caller.guild_id, creator_id, period)
    return replace(everyone, fans=await visible_fans(caller.shown_members, caller.guild_id, everyone.fans))


async def _controls(caller: Caller, ids: StatsIds, statistics: CreatorStats) -> list[Item]:
    reader = caller.reader
    past = await caller.services.leaderboards.past_periods(caller.guild_id)
    options = periods.options(statistics.period, past, reader)
    menu = PickStatsPeriod.select(ids, options, reader._("Period"), row=0)
    is_creator = await caller.services.creators.is_creator(caller.guild_id, ids.creator)
    own = [replace(week_button(reader), row=1), overlay_button(ids.owner, reader, row=1)]
    beside = own if ids.creator == ids.owner and is_creator else []
    if not statistics.total.pieces:
        return [menu, *beside]
    return [menu, ExportStats.button(ids, reader._("Download as CSV"), emoji="📄", row=1), *beside]


async def picture_of(client: Client, guild_id: int, statistics: CreatorStats, reader: Reader) -> Picture | None:
    """Return the picture of statistics, None if it cannot be drawn now."""
    profiles = await client.membership.profiles(guild_id, [statistics.creator_id])
    name = clean(profiles[statistics.creator_id].name, NAME)
    values = stats_picture.card(statistics, name, reader)
    png = await client.services.pictures.stats(values)
    return Picture("stats.png", png, stats_picture.alt_text(values, reader)) if png else None
