"""The buttons of gifts. They carry ids and the price that the member saw; the books decide."""

import contextlib
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import discord

from bot.domain.errors import BooksClosed, Busy, MustConfirm, NotEnoughCoins, PriceChanged, SentBefore
from bot.domain.ledger.books import Decision
from bot.domain.ledger.gift import SendGift, facts_of
from bot.domain.packages import Package
from bot.domain.receipts import Receipt
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.components import Button
from bot.ui.kit.controls import Control, OwnerIds
from bot.ui.kit.cross_links import shop_button
from bot.ui.kit.places import check_place
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.estimates import worth
from bot.ui.text.reader import Reader
from bot.ui.text.refusal_texts import price_news
from cogs.gift import render, top_ups
from cogs.gift.picker.render import PickedGiftIds


class GiftIds(NamedTuple):
    """One gift that its sender still has to confirm, for at most `ceiling` coins. `intent` is the id of the interaction
    that asked for it.

    There is no room for an owner, and no need: nobody else sees the panel, and a gift under its key is only found by
    its sender.
    """

    creator: int
    item: int
    quantity: int
    anonymous: int
    ceiling: int
    channel: int
    message: int
    intent: int


class ClosingIds(NamedTuple):
    """The member whose panel it is, and the gift it is for; `intent` is as in GiftIds."""

    owner: int
    intent: int


class RepeatIds(NamedTuple):
    """A gift like one that was just sent, for at most `ceiling` coins."""

    owner: int
    creator: int
    item: int
    quantity: int
    anonymous: int
    ceiling: int
    channel: int
    message: int


COMBO = (5, 10)
"""Quantities that a receipt offers besides the one that was sent."""


class Send(Control[GiftIds], action="gift-send", ids=GiftIds):
    """Sends the gift of a confirm panel, once."""

    async def _sent(self, caller: Caller) -> Reply | None:
        return await receipt_of(caller, key_of(self.ids.intent))

    @replies(Mode.UPDATE, recorded=_sent)
    async def press(self, caller: Caller) -> Reply:
        await check_place(caller, self.ids.channel)
        key = key_of(self.ids.intent)
        command = await command_of(caller, self.ids, key, self.ids.channel)
        return await give(caller, command, self.ids.intent)


class SendAgain(Control[RepeatIds], action="gift-again", ids=RepeatIds):
    """Sends one more gift like that of the receipt. Each press is a gift of its own, so presses add up to a combo."""

    async def _sent(self, caller: Caller) -> Reply | None:
        return await receipt_of(caller, caller.key)

    @replies(Mode.UPDATE, recorded=_sent)
    async def press(self, caller: Caller) -> Reply:
        await check_place(caller, self.ids.channel)
        command = await command_of(caller, self.ids, caller.key, self.ids.channel, asks_first=True)
        return await give(caller, command, caller.call_id)


class Close(Control[ClosingIds], action="gift-close", ids=ClosingIds):
    """Closes the panel of a gift that is not sent yet, or shows the receipt if it was sent and the answer was lost."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        key = key_of(self.ids.intent)
        sent_gift = await caller.services.gifts.settled(caller.guild_id, key, caller.member_id)
        if sent_gift is not None:
            return await _receipt(caller, sent_gift)
        return reply(render.cancelled(caller.reader, certain=caller.is_alone))


class CloseOutdated(Control[OwnerIds], action="gift-cancel", ids=OwnerIds):
    """Closes a panel of an earlier version, whose button does not say which gift it is for."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return reply(render.closed(caller.reader))


def key_of(intent: int) -> str:
    """Return the key of a gift from a panel: however often its button is pressed, one gift is sent.

    Keys stay when a member's data is deleted, so they name nobody.
    """
    return f"intent:{intent}"


async def command_of(
    caller: Caller, ids: GiftIds | PickedGiftIds | RepeatIds, key: str, channel_id: int, *, asks_first: bool = False
) -> SendGift:
    """Return the gift that a pressed button asks for; `channel_id` is where it is announced."""
    return SendGift(
        guild_id=caller.guild_id,
        key=key,
        sender_id=caller.member_id,
        creator_id=ids.creator,
        creator_is_bot=False,  # the panel was only shown for an approved creator, which no bot can be
        creator_is_here=await caller.membership.is_member(caller.guild_id, ids.creator),
        item_id=ids.item,
        quantity=ids.quantity,
        channel_id=channel_id,
        note=caller.note,
        anonymous=bool(ids.anonymous),
        ceiling=ids.ceiling,
        message_id=ids.message,
        asks_first=asks_first,
    )


async def give(caller: Caller, command: SendGift, intent: int) -> Reply:
    """Send a gift and return the receipt, or the panel that asks first: about a large gift, about a new price, or about
    one that was just sent without its sender seeing the receipt."""
    services = caller.services
    try:
        return await _receipt(caller, await services.gifts.send(command))
    except NotEnoughCoins:
        await top_ups.offer(caller, command)
        raise
    except MustConfirm:
        news, earlier = "", None
    except PriceChanged as refusal:
        news, earlier = price_news(refusal, caller.reader), None
    except SentBefore as before:
        news, earlier = "", await services.receipts.receipt(command.guild_id, before.seq)
    preview, package = await services.gifts.preview(command), await services.packages.first(command.guild_id)
    return confirm(command, preview, intent, caller.reader, package=package, news=news, earlier=earlier)


def confirm(
    command: SendGift,
    preview: Decision,
    intent: int,
    reader: Reader,
    *,
    package: Package | None = None,
    news: str = "",
    earlier: Receipt | None = None,
) -> Reply:
    """Return the panel that asks before a large gift, or asks again: with `news` about its price, or about an `earlier`
    gift that was the same."""
    facts = facts_of(preview)
    ids = GiftIds(
        creator=command.creator_id,
        item=facts["item"],
        quantity=facts["count"],
        anonymous=int(facts["anonymous"]),
        ceiling=facts["coins"],
        channel=command.channel_id,
        message=command.message_id,
        intent=intent,
    )
    coins = reader.coin(facts["coins"], plain=True)
    label = reader._("Send again for {coins}", coins=coins) if earlier else reader._("Send for {coins}", coins=coins)
    send = Send.button(ids, label, discord.ButtonStyle.success)
    close = Close.button(ClosingIds(owner=command.sender_id, intent=intent), reader._("Cancel"))
    return reply(
        render.confirm(command, preview, reader, package, news, earlier), [send, close], receipt=earlier, asks=True
    )


def receipt(gift: Receipt, package: Package | None, reader: Reader, *, sells: bool = True) -> Reply:
    """Return the sender's receipt, with buttons that send the same again, or lead to more coins once these are used up.

    `package` gives an idea of what coins are worth. Unless the guild `sells` coins, none are offered.
    """
    facts = facts_of(gift)
    ids = RepeatIds(
        owner=gift.actor_id,
        creator=gift.other_id,
        item=facts["item"],
        quantity=facts["count"],
        anonymous=int(facts["anonymous"]),
        ceiling=facts["coins"],
        channel=facts["channel"],
        message=facts["message"],
    )
    # A member who wants no combos is not led into one.
    combo = () if facts.get("quiet") else COMBO
    quantities = (ids.quantity, *(count for count in combo if count != ids.quantity))
    # Only gifts that the remaining coins can pay for.
    affordable = tuple(quantity for quantity in quantities if facts["price"] * quantity <= gift.balance)
    buttons, estimates = _again(ids, facts["price"], affordable, package, reader)
    if sells and not buttons:
        buttons = (shop_button(reader),)
    return reply(render.receipt(gift, reader, estimates), buttons, receipt=gift)


@lru_cache(maxsize=2048)
def _again(
    ids: RepeatIds, price: int, quantities: Sequence[int], package: Package | None, reader: Reader
) -> tuple[tuple[Button, ...], str]:
    """Return the buttons that send the gift of `ids` again in each of `quantities`, at `price` apiece, and what each
    comes to in real money.

    A member who sends the same gift over and over gets the same buttons, and writing them takes as long as the rest of
    a receipt. What they come to has a line of its own: on a phone, no two buttons with it fit beside one another.
    """
    buttons: list[Button] = []
    estimates: list[str] = []
    for quantity in quantities:
        coins, times = reader.coin(price * quantity, plain=True), f"× {reader.number(quantity)}"
        is_same = quantity == ids.quantity
        label = reader._("Send again for {coins}", coins=coins) if is_same else f"{times} · {coins}"
        again = ids._replace(quantity=quantity, ceiling=price * quantity)
        buttons.append(SendAgain.button(again, label, row=0 if is_same else 1))
        estimate = worth(price * quantity, package, reader)
        estimates.append(f"{times} {estimate}" if len(quantities) > 1 else estimate)
    if package is None or not estimates:
        return tuple(buttons), ""
    return tuple(buttons), "-# " + reader._("Again: {prices}", prices=" · ".join(estimates))


async def receipt_of(caller: Caller, key: str) -> Reply | None:
    """Return the receipt of a gift that the caller sent under `key`, if they did."""
    sent_gift = await caller.services.gifts.find(caller.guild_id, key, caller.member_id)
    return await _receipt(caller, sent_gift) if sent_gift else None


async def _receipt(caller: Caller, gift: Receipt) -> Reply:
    package = None
    # The gift is sent, and its receipt matters more than the estimate of what coins are worth.
    with contextlib.suppress(BooksClosed, Busy):
        package = await caller.services.packages.first(caller.guild_id)
    # Only a member who has spent everything is shown the way to more coins.
    sells = facts_of(gift)["price"] <= gift.balance or await top_ups.sells(caller, gift.other_id)
    return receipt(gift, package, caller.reader, sells=sells)
