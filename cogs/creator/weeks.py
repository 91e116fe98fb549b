"""The weekly recap: shown in `/creator stats`, and switched off and on there or below the direct message."""

from dataclasses import replace
from functools import partial
from typing import NamedTuple

import discord

from bot.domain.creator_weeks import CreatorWeek
from bot.services.visible_leaderboard import visible_fans, visible_week
from bot.ui import theme
from bot.ui.kit.answers import Mode, answer, pictured
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller, Client, client_of
from bot.ui.kit.cards import Card, Part, Picture
from bot.ui.kit.controls import Control, NoIds
from bot.ui.kit.cross_links import CHOOSE_WEEKS, DIRECT_STATS, OPEN_WEEK, recap_choice_button
from bot.ui.kit.readers import reader_in
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.creator_weeks import week_card, week_picture
from bot.ui.text.reader import Reader
from cogs.creator import stats, stats_render


class ChoiceIds(NamedTuple):
    """The creator who gets the recaps, the guild, and 1 if they are wanted."""

    owner: int
    guild: int
    wanted: int


class DirectIds(NamedTuple):
    """A creator and the guild, for a direct message, which belongs to none."""

    owner: int
    guild: int


class OpenWeek(Control[NoIds], action=OPEN_WEEK, ids=NoIds):
    """Shows the caller's recap of last week."""

    command = "creator stats"

    @replies()
    async def press(self, caller: Caller) -> Reply:
        return await panel(caller)


class ChooseWeeks(Control[ChoiceIds], action=CHOOSE_WEEKS, ids=ChoiceIds):
    """Switches recaps off, or on again. The guild is a mere claim, but only the presser's own choice is changed."""

    async def press(self, interaction: discord.Interaction, /) -> None:
        client, message = client_of(interaction), interaction.message
        is_wanted = self.ids.wanted > 0

        async def choose() -> Reply:
            reader = _reader(client, interaction, self.ids.guild)
            await client.services.creator_weeks.choose(self.ids.guild, self.ids.owner, is_wanted=is_wanted)
            return choice(self.ids, reader)

        # A recap that came as a direct message stays as it is. Each answer of this button replaces the one before.
        is_answer = message is not None and message.flags.ephemeral
        await answer(interaction, choose, Mode.UPDATE if is_answer else Mode.PRIVATE)


class DirectStats(Control[DirectIds], action=DIRECT_STATS, ids=DirectIds):
    """Shows a creator's statistics of the last 30 days below a recap that came as a direct message."""

    async def press(self, interaction: discord.Interaction, /) -> None:
        client = client_of(interaction)
        await answer(interaction, partial(_direct_stats, client, interaction, self.ids))


async def panel(caller: Caller) -> Reply:
    """Return the caller's recap of last week, with the button that switches recaps off or on."""
    weeks, guild_id, reader = caller.services.creator_weeks, caller.guild_id, caller.reader
    last = await weeks.last(guild_id, caller.member_id)
    recap = await visible_week(caller.shown_members, guild_id, last)
    picture = await pictured(caller, partial(_picture, caller, recap))
    is_wanted = await weeks.is_wanted(guild_id, caller.member_id)
    card = week_card(recap, caller.guild.name if caller.guild is not None else "", reader, picture)
    return panel_of(card, caller.member_id, guild_id, reader, is_wanted=is_wanted)


def panel_of(card: Card, creator_id: int, guild_id: int, reader: Reader, *, is_wanted: bool) -> Reply:
    """Return the recap `card` with that button below."""
    text = reader._("I send you this as a direct message at the start of each week.")
    if not is_wanted:
        text = reader._("You don't get this as a direct message.")
    with_choice = replace(card, parts=(*card.parts, Part(f"-# {text}")))
    return reply(with_choice, [recap_choice_button(creator_id, guild_id, reader, is_wanted=not is_wanted)])


def choice(ids: ChoiceIds, reader: Reader) -> Reply:
    """Return the new choice, with a button that takes it back."""
    text = reader._("I won't send you weekly recaps of this server any more. `/creator stats` still shows them.")
    if ids.wanted:
        text = reader._("You'll get a recap as a direct message at the start of each week.")
    undo = recap_choice_button(ids.owner, ids.guild, reader, is_wanted=not ids.wanted)
    return reply(Card.of(f"🗓️ {text}", theme.GREEN), [undo])


async def _picture(caller: Caller, recap: CreatorWeek) -> Picture | None:
    profiles = await caller.membership.profiles(caller.guild_id, [caller.member_id])
    return await week_picture(recap, profiles[caller.member_id].name, caller.services.pictures, caller.reader)


async def _direct_stats(client: Client, interaction: discord.Interaction, ids: DirectIds) -> Reply:
    reader = _reader(client, interaction, ids.guild)
    statistics = await client.services.creator_stats.stats(ids.guild, ids.owner, stats.DEFAULT)
    fans = await visible_fans(client.shown_members, ids.guild, statistics.fans)
    statistics = replace(statistics, fans=fans)
    picture = await stats.picture_of(client, ids.guild, statistics, reader) if statistics.total.pieces else None
    return reply(stats_render.card(statistics, reader, picture, is_own=True))


def _reader(client: Client, interaction: discord.Interaction, guild_id: int) -> Reader:
    return reader_in(client, guild_id, str(interaction.locale.value))
