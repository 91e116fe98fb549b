"""`/creator stats`: what a creator was given in a period, as a picture and in words, and as a file."""

from dataclasses import replace
from functools import partial
from typing import Final, NamedTuple

import discord
from discord import ui

from bot.domain.creator_stats import CreatorStats
from bot.domain.periods import PastPeriod, Period
from bot.domain.text import clean
from bot.ui.kit import access
from bot.ui.kit.answers import Mode, pictured
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Document, Picture
from bot.ui.kit.components import Item
from bot.ui.kit.controls import Control, Form, picked_one, text_input
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks import periods
from bot.ui.looks.portraits import NAME
from bot.ui.text.reader import Reader
from cogs.creator import stats_export, stats_picture, stats_render
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
        hint = reader._("Write a month like 2026-10, or a day like 2026-10-31.")
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
    picture = await pictured(caller, partial(_picture, caller, statistics)) if statistics.total.pieces else None
    card = stats_render.card(statistics, reader, picture, is_own=creator_id == caller.member_id)
    ids = StatsIds(caller.member_id, creator_id, periods.number_of(period))
    return reply(card, await _controls(caller, ids, statistics))


async def _visible(caller: Caller, creator_id: int, period: Period | PastPeriod) -> CreatorStats:
    """Return the statistics without fans who have left."""
    if creator_id != caller.member_id:
        await access.require(caller, OF_OTHERS)
    everyone = await caller.services.creator_stats.stats(caller.guild_id, creator_id, period)
    # 0 stands for members whose data was erased: they are counted, and not shown.
    fans = [fan for fan in everyone.fans if fan.subject_id]
    present = await caller.membership.members_among(caller.guild_id, [fan.subject_id for fan in fans])
    present_fans = [fan for fan in fans if fan.subject_id in present]
    return replace(everyone, fans=tuple(replace(fan, place=place) for place, fan in enumerate(present_fans, start=1)))


async def _controls(caller: Caller, ids: StatsIds, statistics: CreatorStats) -> list[Item]:
    reader = caller.reader
    past = await caller.services.leaderboards.past_periods(caller.guild_id)
    options = periods.options(statistics.period, past, reader)
    menu = PickStatsPeriod.select(ids, options, reader._("Period"), row=0)
    if not statistics.total.pieces:
        return [menu]
    return [menu, ExportStats.button(ids, reader._("Download as CSV"), emoji="📄", row=1)]


async def _picture(caller: Caller, statistics: CreatorStats) -> Picture | None:
    reader = caller.reader
    profiles = await caller.membership.profiles(caller.guild_id, [statistics.creator_id])
    name = clean(profiles[statistics.creator_id].name, NAME)
    values = stats_picture.card(statistics, name, reader)
    png = await caller.services.pictures.stats(values)
    return Picture("stats.png", png, stats_picture.alt_text(values, reader)) if png else None
