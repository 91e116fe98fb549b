"""The buttons of gifts for several creators. They carry ids and the price that the member saw; the books decide."""

from typing import NamedTuple

import discord

from bot.domain.errors import MustConfirm, PriceChanged, SentBefore
from bot.domain.ledger.gift import facts_of
from bot.domain.ledger.gift_rows import coins_of
from bot.domain.ledger.team_gift import SendTeamGift
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.controls import Control
from bot.ui.kit.cross_links import history_button
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.refusal_texts import price_news
from cogs.team import render


class TeamIds(NamedTuple):
    """A gift that its sender still has to confirm, for at most `ceiling` coins in all. The third and fourth creator are
    0 if there are none. `intent` is the id of the interaction that asked.

    There is no room for an owner, and no need: nobody else sees the panel, and a gift under its key is only found by
    its sender.
    """

    item: int
    anonymous: int
    ceiling: int
    intent: int
    first: int
    second: int
    third: int
    fourth: int

    @property
    def team(self) -> tuple[int, ...]:
        """The creators."""
        return tuple(creator for creator in (self.first, self.second, self.third, self.fourth) if creator)


class ClosingIds(NamedTuple):
    """The member whose panel it is, and the gift it is for; `intent` is as in TeamIds."""

    owner: int
    intent: int


class SendTeam(Control[TeamIds], action="team", ids=TeamIds):
    """Sends the gift of a confirm panel, once."""

    async def _sent(self, caller: Caller) -> Reply | None:
        return await receipt_of(caller, _key(self.ids.intent))

    @replies(Mode.UPDATE, recorded=_sent)
    async def press(self, caller: Caller) -> Reply:
        present = await caller.membership.members_among(caller.guild_id, self.ids.team)
        command = SendTeamGift(
            guild_id=caller.guild_id,
            key=_key(self.ids.intent),
            sender_id=caller.member_id,
            team=self.ids.team,
            item_id=self.ids.item,
            channel_id=caller.channel_id,
            note=caller.note,
            anonymous=bool(self.ids.anonymous),
            absent=tuple(creator for creator in self.ids.team if creator not in present),
            ceiling=self.ids.ceiling,
        )
        return await give(caller, command, self.ids.intent)


class CloseTeam(Control[ClosingIds], action="team-close", ids=ClosingIds):
    """Closes the panel of a gift that is not sent yet, or shows the receipt if it was sent and the answer was lost."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        key = _key(self.ids.intent)
        sent_gift = await caller.services.gifts.settled(caller.guild_id, key, caller.member_id)
        if sent_gift is not None:
            return reply(render.receipt(sent_gift, caller.reader), receipt=sent_gift)
        return reply(render.cancelled(caller.reader, certain=caller.is_alone))


async def give(caller: Caller, command: SendTeamGift, intent: int) -> Reply:
    """Send a gift and return the receipt, or the panel that asks first: about a large gift, a new price, or a
    repeat."""
    services, news = caller.services, ""
    try:
        gift = await services.gifts.send_team(command)
    except (MustConfirm, SentBefore) as refusal:
        news = caller.reader._("You already sent this a moment ago.") if isinstance(refusal, SentBefore) else ""
    except PriceChanged as refusal:
        news = price_news(refusal, caller.reader)
    else:
        return reply(render.receipt(gift, caller.reader), [history_button(caller.reader)], receipt=gift)
    rows = await services.gifts.preview_team(command)
    package = await services.packages.first(caller.guild_id)
    facts = facts_of(rows[0])
    absent = (0,) * (4 - len(command.team))
    ids = TeamIds(command.item_id, int(facts["anonymous"]), coins_of(facts), intent, *command.team, *absent)
    label = caller.reader._("Send for {coins}", coins=caller.reader.coin(ids.ceiling, plain=True))
    send = SendTeam.button(ids, label, discord.ButtonStyle.success)
    close = CloseTeam.button(ClosingIds(command.sender_id, intent), caller.reader._("Cancel"))
    return reply(render.confirm(command, rows, caller.reader, package, news), [send, close], asks=True)


async def receipt_of(caller: Caller, key: str) -> Reply | None:
    """Return the receipt of a gift that the caller sent under `key`, if they did."""
    gift = await caller.services.gifts.find(caller.guild_id, key, caller.member_id)
    return reply(render.receipt(gift, caller.reader), receipt=gift) if gift else None


def _key(intent: int) -> str:
    """Return the key of a gift from a panel: however often its button is pressed, one gift is sent. It names nobody."""
    return f"team:{intent}"
