"""The shelf of perks, the page of a perk, and their controls."""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import discord
from discord import ui

from bot.domain.errors import NotFound, PriceChanged
from bot.domain.ledger.perk import BuyPerk, facts_of
from bot.domain.packages import Package
from bot.domain.perk_errors import PerkUnreachable
from bot.domain.perks import Perk, PerkKind, PerkWay, UnlockState
from bot.domain.receipts import Receipt
from bot.domain.text import MESSAGE_LENGTH
from bot.services.perks import Offer, OwnPerks, Shelf
from bot.ui import theme
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card
from bot.ui.kit.components import Item, Option
from bot.ui.kit.controls import Control, Form, NoIds, OwnerIds, picked_one, text_input
from bot.ui.kit.cross_links import OPEN_PERKS, shop_button
from bot.ui.kit.given_roles import staff_roles_of, trouble_of
from bot.ui.kit.pages import PageIds, page_of, turns
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.perks import name_of
from bot.ui.text.reader import Reader
from bot.ui.text.refusal_texts import price_news, words
from cogs.perks import render, tickets

PAGE = 8
"""Perks on one page."""


class GetIds(NamedTuple):
    """The perk that a member wants, at the price and on the terms that they saw, 0 for unknown terms. `intent` makes
    repeated presses of one button count once."""

    owner: int
    perk: int
    ceiling: int
    intent: int
    terms: int = 0


class OpenPerks(Control[NoIds], action=OPEN_PERKS, ids=NoIds):
    """Opens the perks for the presser, in a reply of their own."""

    @replies()
    async def press(self, caller: Caller) -> Reply:
        return await shelf(caller)


class TurnPerks(Control[PageIds], action="perks-page", ids=PageIds):
    """Turns the pages of the shelf, and leads back to it."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await shelf(caller, self.ids.page)


class PickPerk(Control[OwnerIds], action="perks-pick", ids=OwnerIds):
    """Goes to the page of a perk."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await perk_page(caller, picked_one(caller, "perk"))


class GetPerk(Control[GetIds], action="perks-get", ids=GetIds):
    """Unlocks a perk for coins, once for each panel."""

    async def _recorded(self, caller: Caller) -> Reply | None:
        return await _purchase(caller, self.ids.intent)

    @replies(Mode.UPDATE, recorded=_recorded)
    async def press(self, caller: Caller) -> Reply:
        return await get(caller, self.ids)


class AskShoutout(Control[GetIds], action="perks-ask", ids=GetIds):
    """Opens the form that asks what a shout-out should be about."""

    @opens
    async def press(self, caller: Caller) -> Form:
        return ShoutoutForm(self.ids, caller.reader)


class ShoutoutForm(Form):
    """Asks what a shout-out should be about, and unlocks it, once for each panel."""

    def __init__(self, ids: GetIds, reader: Reader) -> None:
        super().__init__(reader._("Your shout-out"))
        self._ids = ids
        self.wish = text_input("", longest=MESSAGE_LENGTH)
        about = reader._("Who is it for, and what should be said?")
        price = reader._("Sending this costs {coins}.", coins=reader.coin(ids.ceiling, plain=True))
        hint = price if ids.ceiling else reader._("Up to 200 characters.")
        self.add_item(ui.Label(text=about, description=hint, component=self.wish))

    async def _recorded(self, caller: Caller) -> Reply | None:
        return await _purchase(caller, self._ids.intent)

    @replies(Mode.UPDATE, recorded=_recorded)
    async def on_submit(self, caller: Caller) -> Reply:
        return await get(caller, self._ids, self.wish.value)


class OpenOwn(Control[OwnerIds], action="perks-own", ids=OwnerIds):
    """Shows what the member has unlocked."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        perks = await caller.services.perks.shop.own(caller.guild_id, caller.member_id)
        return own_panel(perks, self.ids.owner, caller.reader)


class ReadPerk(Control[OwnerIds], action="perks-read", ids=OwnerIds):
    """Shows a text or a file again, in a reply of its own."""

    @replies()
    async def press(self, caller: Caller) -> Reply:
        unlock_id, shop = picked_one(caller, "perk"), caller.services.perks.shop
        _, perk, content = await shop.content(caller.guild_id, caller.member_id, unlock_id)
        has_room = caller.bot_permissions.attach_files
        parts, documents = render.content(perk, content, caller.reader, has_room=has_room)
        return reply(Card(theme.ROSE, parts, title=name_of(perk, caller.reader), documents=documents))


def own_panel(perks: OwnPerks, owner: int, reader: Reader) -> Reply:
    """Return what a member has unlocked, with a menu of what they can read again."""
    options = [
        Option(perk.name, entry.unlock_id, emoji=perk.emoji)
        for entry, perk in perks.pairs
        if perk.kind in {PerkKind.TEXT, PerkKind.FILE} and entry.state is UnlockState.DONE
    ]
    items: list[Item] = []
    if options:
        items.append(ReadPerk.select(OwnerIds(owner), options, reader._("Open a text or a file"), row=0))
    return reply(render.own(perks, reader), [*items, _back(owner, reader)])


def _back(owner: int, reader: Reader) -> Item:
    return TurnPerks.button(PageIds(owner, 0), reader._("All perks"), emoji="◀️")


def key_of(intent: int) -> str:
    """Return the key of a purchase from a panel: however often its button is pressed, it is one purchase. It names
    nobody."""
    return f"perk:{intent}"


async def _purchase(caller: Caller, intent: int) -> Reply | None:
    """Return the receipt of what the caller bought on a panel, None if they bought nothing."""
    purchase = await caller.services.perks.shop.find(caller.guild_id, key_of(intent), caller.member_id)
    return await bought(caller, purchase) if purchase else None


async def shelf(caller: Caller, page: int = 0) -> Reply:
    """Return a page of the perks."""
    perks = await caller.services.perks.shop.shelf(caller.guild_id, caller.member_id)
    waiting = await tickets.waiting(caller)
    return shelf_panel(perks, page, caller.member_id, caller.reader, waiting=waiting)


def shelf_panel(perks: Shelf, page: int, owner: int, reader: Reader, *, waiting: int = 0) -> Reply:
    """Return a page of the perks with a menu that leads to each. `waiting` shout-outs await the member."""
    offers, page, of_pages = page_of(perks.offers, page, PAGE)
    items: list[Item] = []
    if offers:
        options = [_option(offer.perk, reader) for offer in offers]
        items.append(PickPerk.select(OwnerIds(owner), options, reader._("Pick a perk"), row=0))
    items += turns(TurnPerks, PageIds(owner, page), of_pages, reader, row=1)
    if perks.own:
        items.append(OpenOwn.button(OwnerIds(owner), reader._("My perks"), emoji="🔓", row=1))
    if waiting:
        label = reader.n_("{n} shout-out to give", "{n} shout-outs to give", waiting)
        items.append(tickets.OpenQueue.button(OwnerIds(owner), label, discord.ButtonStyle.primary, emoji="📣", row=1))
    return reply(render.shelf(offers, page, of_pages, reader), items)


def _option(perk: Perk, reader: Reader) -> Option:
    price = reader.coin(perk.price, plain=True) if perk.way is PerkWay.COINS else ""
    return Option(perk.name, perk.perk_id, price, emoji=perk.emoji)


async def perk_page(caller: Caller, perk_id: int, news: str = "") -> Reply:
    """Return everything about one perk, with the button that unlocks it."""
    perks = await caller.services.perks.shop.shelf(caller.guild_id, caller.member_id)
    offer = next((offer for offer in perks.offers if offer.perk.perk_id == perk_id), None)
    if offer is None:
        raise NotFound("perk")
    refusal = words(offer.refusal, caller.reader, await caller.actor()) if offer.refusal else ""
    ids = GetIds(caller.member_id, perk_id, offer.perk.price, caller.call_id, offer.perk.terms)
    package = await caller.services.packages.first(caller.guild_id)
    return page_panel(offer, perks, package, ids, caller.reader, refusal=refusal, news=news)


def page_panel(
    offer: Offer,
    perks: Shelf,
    package: Package | None,
    ids: GetIds,
    reader: Reader,
    *,
    refusal: str = "",
    news: str = "",
) -> Reply:
    """Return the page of one perk. `refusal` says why it cannot be had now, and `news` how its price has changed."""
    items: list[Item] = []
    if not refusal:
        is_covered = perks.spendable >= offer.perk.price
        items.append(_get_button(ids, offer, reader) if is_covered else shop_button(reader))
    items.append(_back(ids.owner, reader))
    return reply(render.perk_page(offer, perks, package, reader, refusal, news), items)


def _get_button(ids: GetIds, offer: Offer, reader: Reader) -> Item:
    control = AskShoutout if offer.perk.kind is PerkKind.SHOUTOUT else GetPerk
    if offer.perk.way is not PerkWay.COINS:
        return control.button(ids, reader._("Unlock it"), discord.ButtonStyle.success, emoji="🔓")
    coins = reader.coin(offer.perk.price, plain=True)
    is_renewal = render.is_renewal(offer)
    label = reader._("Renew for {coins}", coins=coins) if is_renewal else reader._("Unlock for {coins}", coins=coins)
    return control.button(ids, label, discord.ButtonStyle.success, emoji="🔓")


async def get(caller: Caller, ids: GetIds, note: str = "") -> Reply:
    """Charge for a perk and return the receipt, or the page with the new price or terms."""
    shop = caller.services.perks.shop
    offer = await shop.offer(caller.guild_id, caller.member_id, ids.perk)
    if ids.terms not in {0, offer.perk.terms} and await _purchase(caller, ids.intent) is None:
        news = caller.reader._("This perk has just changed. Please look at it again before you unlock it.")
        return await perk_page(caller, ids.perk, news)
    await check_reachable(caller, offer.perk)
    is_here = not offer.creator_id or await caller.membership.is_member(caller.guild_id, offer.creator_id)
    command = BuyPerk(
        caller.guild_id,
        key_of(ids.intent),
        caller.member_id,
        ids.perk,
        ids.intent,
        ids.ceiling,
        offer.creator_id,
        is_here,
        note,
    )
    if offer.perk.way is not PerkWay.COINS:
        return await _claimed(caller, command)
    try:
        return await bought(caller, await shop.buy(command))
    except PriceChanged as refusal:
        return await perk_page(caller, ids.perk, price_news(refusal, caller.reader))


async def _claimed(caller: Caller, command: BuyPerk) -> Reply:
    """Unlock what costs no coins, and return what it is."""
    entry, perk = await caller.services.perks.shop.claim(command)
    return await unlocked(caller, entry.unlock_id, lambda: render.unlocked(perk, caller.reader))


async def check_reachable(caller: Caller, perk: Perk) -> None:
    """Raise PerkUnreachable if the bot cannot give the role of a perk: nobody may be charged for what they won't
    get."""
    if not perk.gives_role or caller.guild is None:
        return
    rules = await caller.services.guilds.rules(caller.guild_id)
    if trouble_of(caller.guild, perk.role_id, staff_roles_of(rules)) is not None:
        # Staff are told once, with what they can do about it.
        await caller.services.member_roles.look_soon(caller.guild_id)
        raise PerkUnreachable(perk.name)


async def bought(caller: Caller, purchase: Receipt) -> Reply:
    """Return the receipt of a purchase, with what it unlocked."""
    reader, facts = caller.reader, facts_of(purchase)
    offered = await caller.services.perks.catalogue.perks(caller.guild_id)
    perk = next((perk for perk in offered if perk.perk_id == facts["perk"]), None)
    return await unlocked(caller, facts["unlock"], lambda: render.receipt(purchase, perk, reader), purchase)


async def unlocked(
    caller: Caller, unlock_id: int, card_of: Callable[[], Card], purchase: Receipt | None = None
) -> Reply:
    """Return the message that something was unlocked, together with its text or file."""
    shop, reader, card = caller.services.perks.shop, caller.reader, card_of()
    with contextlib.suppress(NotFound):
        _, perk, content = await shop.content(caller.guild_id, caller.member_id, unlock_id)
        has_room = caller.bot_permissions.attach_files
        parts, documents = render.content(perk, content, reader, has_room=has_room)
        card = replace(card, parts=(*card.parts, *parts), documents=documents)
    return reply(card, [_back(caller.member_id, reader)], receipt=purchase)
