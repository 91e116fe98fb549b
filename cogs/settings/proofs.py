"""The settings page of the monthly proof: the latest proof, and the channel in which it is posted."""

import discord

from bot.domain.proofs import MonthlyProof
from bot.ui.kit import custom_id
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.components import Button, Menu
from bot.ui.kit.controls import Control, NoIds
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.proofs import proof_card
from bot.ui.text.reader import Reader
from cogs.settings.announcing import TURN
from cogs.settings.channels import picked_channel


class OpenProofs(Control[NoIds], action="settings-proof", ids=NoIds):
    """Opens the page."""

    command = "settings"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await page(caller)


class PickProofChannel(Control[NoIds], action="settings-proof-channel", ids=NoIds):
    """Picks the channel in which the proof is posted; none means that it is not."""

    command = "settings"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        await caller.services.proofs.choose(caller.guild_id, await picked_channel(caller), caller.member_id)
        return await page(caller)


def button(reader: Reader) -> Button:
    """Return the button that leads here."""
    return OpenProofs.button(NoIds(), reader._("Monthly proof"), emoji="🧾")


async def page(caller: Caller) -> Reply:
    """Return the last month's proof, with the channel in which the next one is posted."""
    channel_id = await caller.services.proofs.channel(caller.guild_id)
    proof = await caller.services.proofs.last_month(caller.guild_id)
    return page_of(proof, channel_id, caller.reader, caller.guild)


def page_of(proof: MonthlyProof, channel_id: int, reader: Reader, guild: discord.Guild | None) -> Reply:
    """Return the page. `guild` tells whether the channel still exists."""
    opening = [
        reader._("At the start of each month I post that every coin is accounted for. It names nobody."),
        _channel_line(channel_id, reader),
        "-# " + reader._("Below is last month's, as everyone would see it."),
    ]
    preview = proof_card(proof, reader)
    verdict = Part(preview.parts[0].text, preview.title)
    card = Card(
        preview.colour,
        (Part("\n".join(opening)), verdict, *preview.parts[1:]),
        title="🧾 " + reader._("Monthly proof"),
    )
    # Built by its id, because its control is in a module that imports this one.
    back = Button(reader._("All settings"), custom_id.build(TURN, (0,)), emoji="⚙️")
    return reply(card, [_channel_menu(channel_id, reader, guild), back])


def _channel_line(channel_id: int, reader: Reader) -> str:
    if not channel_id:
        return reader._("It isn't posted yet. Pick a channel for it.")
    return reader._("It's posted in {channel}.", channel=f"<#{channel_id}>")


def _channel_menu(channel_id: int, reader: Reader, guild: discord.Guild | None) -> Menu:
    exists = guild is not None and guild.get_channel(channel_id) is not None
    return Menu(
        PickProofChannel.id_for(NoIds()),
        reader._("Channel for the monthly proof"),
        discord.ComponentType.channel_select,
        channel_types=(discord.ChannelType.text,),
        chosen=[channel_id] if exists else [],
        fewest=0,
        row=0,
    )
