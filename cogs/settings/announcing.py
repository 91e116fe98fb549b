"""The page of the settings about announcements: quiet hours, and from which size on a gift is told."""

from typing import Any, NamedTuple

import discord
from discord import ui

from bot.domain.announcement_settings import AnnouncementSettings
from bot.domain.catalogue import Tier
from bot.domain.channel_refusals import UnwritableChannel
from bot.ui import custom_id, theme
from bot.ui.answers import Mode, answer
from bot.ui.caller import guild_of, services_of
from bot.ui.notices import broken_embed
from bot.ui.parsing import parse_time_of_day, time_of_day
from bot.ui.reader import N_, Reader
from bot.ui.replies import Reply
from bot.ui.views import Control, Form, option, picked_one, text_input

TURN = "settings-page"
"""The action that turns to one of the other pages, by number."""

TIERS = tuple(Tier)

_FROM = {
    Tier.SMALL: N_("Every gift"),
    Tier.MEDIUM: N_("Medium gifts and up"),
    Tier.LARGE: N_("Large gifts and up"),
    Tier.GRAND: N_("Grand gifts and up"),
    Tier.LEGENDARY: N_("Only legendary gifts"),
}


class Nothing(NamedTuple):
    """No ids at all."""


class Announcing(Control[Nothing], action="settings-announcing", ids=Nothing):
    """Turns to the page."""

    command = "settings"

    async def press(self, interaction: discord.Interaction) -> None:
        """Show it."""
        await answer(interaction, lambda: page(interaction), Mode.UPDATE)


class LowestTier(Control[Nothing], action="settings-tier", ids=Nothing):
    """Picks from which size on gifts are announced."""

    command = "settings"

    async def press(self, interaction: discord.Interaction) -> None:
        """Keep the choice."""
        tier = TIERS[picked_one(interaction, "gift") % len(TIERS)]

        async def change() -> Reply:
            await services_of(interaction).announcements.change(guild_of(interaction), lowest_tier=tier)
            return await page(interaction)

        await answer(interaction, change, Mode.UPDATE)


class OpenQuiet(Control[Nothing], action="settings-quiet", ids=Nothing):
    """Opens the form for quiet hours."""

    command = "settings"

    async def press(self, interaction: discord.Interaction) -> None:
        """Show it, filled with what is set now."""
        manners = await services_of(interaction).announcements.manners(guild_of(interaction))
        await interaction.response.send_modal(QuietHours(manners, Reader.of(interaction)))


class QuietHours(Form):
    """Asks when it is quiet."""

    command = "settings"

    def __init__(self, manners: AnnouncementSettings, reader: Reader) -> None:
        super().__init__(reader._("Quiet hours"))
        quiet = manners.is_quiet_at_times
        self.start = text_input(time_of_day(manners.quiet_start) if quiet else "", longest=5, required=False)
        self.end = text_input(time_of_day(manners.quiet_end) if quiet else "", longest=5, required=False)
        start_hint = reader._("Like 22:00, in this server's time zone. Leave both empty for no quiet hours.")
        self.add_item(ui.Label(text=reader._("Quiet from"), description=start_hint, component=self.start))
        end_hint = reader._("When quiet hours end, one message sums up what came in.")
        self.add_item(ui.Label(text=reader._("Quiet until"), description=end_hint, component=self.end))

    async def on_submit(self, interaction: discord.Interaction, /) -> None:
        """Keep what was typed; called by discord.py."""
        start = parse_time_of_day(self.start.value) if self.start.value.strip() else 0
        end = parse_time_of_day(self.end.value) if self.end.value.strip() else 0

        async def change() -> Reply:
            await services_of(interaction).announcements.change(guild_of(interaction), quiet_start=start, quiet_end=end)
            return await page(interaction)

        await answer(interaction, change, Mode.UPDATE)


def button(reader: Reader) -> ui.Button[ui.View]:
    """Return the button that leads here."""
    return Announcing.button(Nothing(), reader._("Announcements"), emoji="📣", row=2)


async def page(interaction: discord.Interaction) -> Reply:
    """Return the page as things are now."""
    telling, guild_id = services_of(interaction).announcements, guild_of(interaction)
    rules = await services_of(interaction).guilds.rules(guild_id)
    broken = await services_of(interaction).channels.resting(guild_id)
    return page_of(await telling.manners(guild_id), rules.time_zone, broken, Reader.of(interaction))


def page_of(manners: AnnouncementSettings, zone: str, broken: list[UnwritableChannel], reader: Reader) -> Reply:
    """Return the page for these choices; `broken` are the channels that take no announcements."""
    quiet = reader._("none")
    if manners.is_quiet_at_times:
        start, end = time_of_day(manners.quiet_start), time_of_day(manners.quiet_end)
        quiet = reader._("{start} to {end}, {zone}", start=start, end=end, zone=zone)
    embed = discord.Embed(
        title="📣 " + reader._("Announcements"),
        description=reader._("Used outside live events. During a live event, every gift is announced."),
        colour=theme.ROSE,
    )
    embed.add_field(name="🌙 " + reader._("Quiet hours"), value=quiet, inline=False)
    tier = f"{theme.TIER_EMOJI[manners.lowest_tier]} {reader._(_FROM[manners.lowest_tier])}"
    embed.add_field(name="🎁 " + reader._("What is announced"), value=tier, inline=False)
    options = [
        option(reader._(_FROM[one]), number, emoji=theme.TIER_EMOJI[one], default=one is manners.lowest_tier)
        for number, one in enumerate(TIERS)
    ]
    items = [
        LowestTier.select(Nothing(), options, reader._("What is announced"), row=0),
        OpenQuiet.button(Nothing(), reader._("Quiet hours"), emoji="🌙", row=1),
        ui.Button[Any](label=reader._("Back"), emoji="◀️", custom_id=custom_id.build(TURN, (0,)), row=1),
    ]
    notices = (broken_embed(broken, reader),) if broken else ()
    return Reply((embed, *notices), tuple(items))
