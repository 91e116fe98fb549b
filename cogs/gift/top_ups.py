"""What a member is offered whose coins do not cover a gift: the smallest package that does, and then the gift."""

import asyncio
import contextlib
from dataclasses import replace

import discord

from bot.domain.errors import BooksClosed, Busy, Refusal
from bot.domain.ledger.gift import SendGift
from bot.domain.match_errors import NoBuyingInMatch
from bot.services.top_ups import TopUp
from bot.ui.kit.caller import Caller
from bot.ui.kit.components import Button
from bot.ui.kit.cross_links import shop_button, top_up_button
from bot.ui.kit.next_steps import PATIENCE_S, REMEDY, Remedy
from bot.ui.text import mentions
from bot.ui.text.reader import Reader
from bot.ui.text.refusal_texts import words
from cogs.gift.picker.render import PickerIds


def command_of(caller: Caller, pick: PickerIds, note: str, ceiling: int) -> SendGift:
    """Return the gift that is picked, to look for what covers it."""
    return SendGift(
        guild_id=caller.guild_id,
        key=caller.key,
        sender_id=caller.member_id,
        creator_id=pick.creator,
        item_id=pick.item,
        quantity=pick.quantity,
        channel_id=caller.channel_id,
        note=note,
        anonymous=bool(pick.anonymous),
        ceiling=ceiling,
        message_id=pick.message,
    )


async def _find(caller: Caller, command: SendGift) -> TopUp | None:
    """Return what covers a gift, None if nothing does or nobody can say. Raises NoBuyingInMatch, and nothing else."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await caller.services.top_ups.find(command)
    except NoBuyingInMatch:
        raise
    except (Refusal, TimeoutError):
        return None


async def sells(caller: Caller, creator_id: int) -> bool:
    """Return whether coins are offered to a member who gifts a creator: not while a match is on. Never raises."""
    with contextlib.suppress(BooksClosed, Busy):
        try:
            await caller.services.top_ups.check_may_buy(caller.guild_id, caller.channel_id, creator_id)
        except NoBuyingInMatch:
            return False
    return True


async def ways(caller: Caller, command: SendGift) -> tuple[tuple[Button, ...], str]:
    """Return the buttons that lead to the coins for a gift, or to the shop where none is picked, and what to say about
    them. There are none in a match."""
    reader, top_up = caller.reader, None
    try:
        if command.item_id:
            top_up = await _find(caller, command)
        else:
            await caller.services.top_ups.check_may_buy(caller.guild_id, caller.channel_id, command.creator_id)
    except NoBuyingInMatch as refusal:
        return (), words(refusal, reader)
    return ((button(top_up, reader),), sentence(top_up, reader)) if top_up else ((shop_button(reader),), "")


async def offer(caller: Caller, command: SendGift) -> None:
    """Put what covers a gift below the refusal that its sender is about to read."""
    reader = caller.reader
    try:
        top_up = await _find(caller, command)
    except NoBuyingInMatch as refusal:
        caller.interaction.extras[REMEDY] = Remedy(text=words(refusal, reader), note=command.note)
        return
    if top_up is not None:
        # One green button: the way to exactly this gift.
        items = button(top_up, reader), replace(shop_button(reader), style=discord.ButtonStyle.secondary)
        caller.interaction.extras[REMEDY] = Remedy(items, sentence(top_up, reader), top_up.gift.note)


def button(top_up: TopUp, reader: Reader) -> Button:
    """Return the button that leads to the form, with the price."""
    package = top_up.offer.package
    if top_up.offer.is_prepaid:
        label = reader._("Get your coins and send it")
    else:
        label = reader._("Buy for {price} and send it", price=reader.money(package.price_minor, package.currency))
    return top_up_button(top_up.gift, label)


def sentence(top_up: TopUp, reader: Reader) -> str:
    """Return what the button brings, and what then happens."""
    gift, package = top_up.gift, top_up.offer.package
    facts = {
        "coins": f"**{reader.coins(package.total)}**",
        "gift": f"**{mentions.gift(gift.name, gift.emoji, reader, gift.quantity)}**",
        "creator": mentions.member(gift.creator_id, reader),
    }
    if top_up.offer.is_prepaid:
        return reader._("You've already paid for {coins}. Get them here, and {gift} goes to {creator}.", **facts)
    price = reader.money(package.price_minor, package.currency)
    return reader._("Buy {coins} for {price}, and {gift} goes to {creator}.", price=f"**{price}**", **facts)
