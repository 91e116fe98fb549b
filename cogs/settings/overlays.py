"""The settings page of overlays: which messages of gifts appear on streams, and whether creators see them first."""

import discord

from bot.domain.catalogue import Tier
from bot.domain.guilds import GuildRules
from bot.domain.overlays import NOTES_FROM
from bot.ui import theme
from bot.ui.kit import custom_id
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part, named
from bot.ui.kit.components import Button, Option
from bot.ui.kit.controls import Control, NoIds, picked_one
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.tiers import TIER_STYLES, tier_numbered
from bot.ui.text.reader import Reader
from cogs.settings.announcing import TURN
from cogs.settings.limits import SwitchIds

COMMAND = "settings"


class OpenOverlays(Control[NoIds], action="settings-overlays", ids=NoIds):
    """Opens the page."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await page(caller)


class PickNotesTier(Control[NoIds], action="settings-overlay-tier", ids=NoIds):
    """Picks the lowest tier of gifts whose messages appear."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        tier = tier_numbered(picked_one(caller, "gift"))
        rules = await caller.services.guilds.change(caller.guild_id, by=caller.member_id, overlay_notes_from=tier.value)
        return page_of(rules, caller.reader)


class HoldNotes(Control[SwitchIds], action="settings-overlay-hold", ids=SwitchIds):
    """Has messages wait for their creator from now on, or no more."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        since_ms = int(caller.interaction.created_at.timestamp() * 1000) if self.ids.on else None
        rules = await caller.services.guilds.change(
            caller.guild_id, by=caller.member_id, overlay_holds_since_ms=since_ms
        )
        return page_of(rules, caller.reader)


def button(reader: Reader) -> Button:
    """Return the button that leads here."""
    return OpenOverlays.button(NoIds(), reader._("Overlays"), emoji="📺")


async def page(caller: Caller) -> Reply:
    """Return the page with what is chosen now."""
    return page_of(await caller.services.guilds.rules(caller.guild_id), caller.reader)


def page_of(rules: GuildRules, reader: Reader) -> Reply:
    """Return the page for these choices."""
    lowest, holds = Tier(rules.overlay_notes_from or NOTES_FROM), rules.overlay_holds_since_ms is not None
    style = TIER_STYLES[lowest]
    options = [
        Option(reader._(each.from_name), tier.number, emoji=each.emoji, default=tier is lowest)
        for tier, each in TIER_STYLES.items()
    ]
    opening = [
        reader._("Creators who stream can show their gifts with an overlay: *Overlay* in `/live status` has the link."),
        reader._("Here you decide about the messages that members write with their gifts."),
    ]
    state = reader._("Messages appear at once.")
    if holds:
        state = reader._("A message appears once the creator has let it through on the control page.")
    label = reader._("Show them at once") if holds else reader._("Let creators see them first")
    style_of = discord.ButtonStyle.secondary if holds else discord.ButtonStyle.success
    hold = HoldNotes.button(SwitchIds(int(not holds)), label, style_of)
    words = reader._("A message with a word from *Words nobody may send* is never sent at all: see *Creators*.")
    parts = (
        Part("\n".join(opening)),
        Part(
            named("💌", reader._("Whose messages are shown"), f"{style.emoji} {reader._(style.from_name)}"),
            menu=PickNotesTier.select(NoIds(), options, reader._("Whose messages are shown")),
        ),
        Part(named("✅", reader._("Approval"), state), button=hold),
        Part(f"-# {words}"),
    )
    # Without its control, which is in a module that imports this one.
    back = Button(reader._("All settings"), custom_id.build(TURN, (0,)), emoji="⚙️")
    return reply(Card(theme.ROSE, parts, title="📺 " + reader._("Overlays")), [back])
