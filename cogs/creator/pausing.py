"""`/creator pause`: a creator accepts no gifts for some days, and then accepts them again."""

import discord

from bot.ui import theme
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.controls import Control, OwnerIds
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import Reader

COMMAND = "creator pause"
DEFAULT_DAYS = 7


class ResumeGifts(Control[OwnerIds], action="resume-gifts", ids=OwnerIds):
    """Takes gifts again."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        await caller.services.creators.reception.resume(caller.guild_id, caller.member_id)
        return reply(Card.of("🎁 " + caller.reader._("You're back: members can send you gifts again."), theme.GREEN))


async def pause(caller: Caller, days: int | None) -> Reply:
    """Pause for `days`. Without a number, show a pause that runs, or begin one of a week."""
    reception, reader = caller.services.creators.reception, caller.reader
    if days is None:
        until_ms = (await reception.choices(caller.guild_id, caller.member_id)).paused_until_ms
        if until_ms is not None:
            return panel(until_ms, caller.member_id, reader)
    until_ms = await reception.pause(caller.guild_id, caller.member_id, days or DEFAULT_DAYS)
    return panel(until_ms, caller.member_id, reader)


def panel(until_ms: int, owner: int, reader: Reader) -> Reply:
    """Return until when a creator accepts no gifts, with a button that ends the break."""
    text = reader._("Nobody can send you gifts until {moment}.", moment=reader.moment(until_ms))
    details = reader._(
        "Whoever tries is told that you're taking a break, and isn't charged. Your earnings, thanks and fan club stay "
        "as they are."
    )
    title = "⏸️ " + reader._("You're taking a break")
    resume = ResumeGifts.button(OwnerIds(owner), reader._("Take gifts again"), discord.ButtonStyle.success)
    return reply(Card(theme.AMBER, (Part(f"{text}\n-# {details}"),), title=title), [resume])
