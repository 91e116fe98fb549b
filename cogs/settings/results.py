"""The settings page of results: whether those of each week and each month are posted."""

from typing import NamedTuple

import discord

from bot.domain.guilds import GuildRules
from bot.domain.periods import Period
from bot.domain.results import PERIODS, Results
from bot.ui import theme
from bot.ui.kit import custom_id
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part, named
from bot.ui.kit.components import Button
from bot.ui.kit.controls import Control, NoIds
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import Reader
from bot.ui.text.refusals import Unreadable
from cogs.settings.announcing import TURN


class SwitchIds(NamedTuple):
    """Results of weeks (0) or months (1), and 1 to have them posted."""

    period: int
    on: int


class OpenResults(Control[NoIds], action="settings-results", ids=NoIds):
    """Opens the page."""

    command = "settings"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await page(caller)


class SwitchResults(Control[SwitchIds], action="settings-results-switch", ids=SwitchIds):
    """Has results posted from now on, or no longer."""

    command = "settings"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        if self.ids.period >= len(PERIODS):
            raise Unreadable
        period, is_on = PERIODS[self.ids.period], self.ids.on > 0
        await caller.services.results.switch(caller.guild_id, period, is_on=is_on, by=caller.member_id)
        return await page(caller)


def button(reader: Reader) -> Button:
    """Return the button that leads here."""
    return OpenResults.button(NoIds(), reader._("Results"), emoji="🏆")


async def page(caller: Caller) -> Reply:
    """Return what is posted now, with a switch for each."""
    rules = await caller.services.guilds.rules(caller.guild_id)
    return page_of(await caller.services.results.of_guild(caller.guild_id), rules, caller.reader)


def page_of(both: tuple[Results, ...], rules: GuildRules, reader: Reader) -> Reply:
    """Return the page."""
    opening = [
        reader._("Just before a week or a month ends, I can post its top gifters and top creators."),
        reader._("Gifts until the end still count. Then I make the post final."),
        _channel_line(rules, reader),
    ]
    parts = [Part("\n".join(opening)), *(_switch(each, reader) for each in both)]
    # Without its control, which is in a module that imports this one.
    back = Button(reader._("All settings"), custom_id.build(TURN, (0,)), emoji="⚙️")
    return reply(Card(theme.ROSE, tuple(parts), title="🏆 " + reader._("Results")), [back])


def _channel_line(rules: GuildRules, reader: Reader) -> str:
    if not rules.gift_channel_id:
        return "⚠️ " + reader._("They need a gift channel. Choose one in all settings.")
    return reader._("They're posted in {channel}.", channel=f"<#{rules.gift_channel_id}>")


def _switch(results: Results, reader: Reader) -> Part:
    name = reader._("Results of each week") if results.period is Period.WEEK else reader._("Results of each month")
    state = reader._("Posted five minutes before the end") if results.is_on else reader._("Not posted")
    label = reader._("Switch off") if results.is_on else reader._("Switch on")
    style = discord.ButtonStyle.secondary if results.is_on else discord.ButtonStyle.success
    ids = SwitchIds(PERIODS.index(results.period), int(not results.is_on))
    return Part(named("🗓️", name, state), button=SwitchResults.button(ids, label, style))
