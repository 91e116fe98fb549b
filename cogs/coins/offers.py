"""Offers of promo coins, for staff: codes to make, list and revoke, and the message with the *Claim* button."""

from typing import NamedTuple

import discord
from discord import app_commands

from bot.domain.ids import created_ms
from bot.domain.matching import matching
from bot.domain.offers import Offer, OfferKind
from bot.ui import theme
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.cross_links import claim_button
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import Reader

MOST_LISTED = 20


class Terms(NamedTuple):
    """What staff choose of a code: `days` until it ends."""

    coins: int
    code: str | None
    uses: int | None
    days: int
    account_days: int


async def make_code(caller: Caller, terms: Terms) -> Reply:
    """Make a code and return it."""
    offer = await caller.services.granting.offers.make_code(
        caller.guild_id,
        caller.call_id,
        by=caller.member_id,
        coins=terms.coins,
        code=terms.code,
        uses=terms.uses,
        until_ms=_end(caller, terms.days * 24),
        account_days=terms.account_days,
    )
    reader = caller.reader
    lines = [f"## `{offer.code}`", _terms(offer, 0, reader), "-# " + reader._("Members use `/redeem` with this code.")]
    return reply(Card(theme.GREEN, (Part("\n".join(lines)),), title="🎟️ " + reader._("Code created")))


async def announce(caller: Caller, *, coins: int, role: discord.Role, hours: int) -> Reply:
    """Offer coins to everybody with a role, in the channel."""
    role_id = 0 if role.is_default() else role.id
    offer = await caller.services.granting.offers.make_button(
        caller.guild_id,
        caller.call_id,
        by=caller.member_id,
        coins=coins,
        role_id=role_id,
        until_ms=_end(caller, hours),
    )
    reader = caller.guild_reader
    who = reader._("For everyone") if not role_id else reader._("For members with {role}", role=f"<@&{role_id}>")
    lines = [
        f"**{reader.coins(coins)}**",
        f"{who} · {reader._('until {when}', when=reader.moment(offer.until_ms))}",
        "-# " + reader._("You can claim this once."),
    ]
    card = Card(theme.GOLD, (Part("\n".join(lines)),), title="🎁 " + reader._("Promo coins for you"))
    return reply(card, [claim_button(offer.offer_id, reader)])


async def standing(caller: Caller) -> Reply:
    """Return the offers that members can claim."""
    reader = caller.reader
    pairs = await caller.services.granting.offers.standing(caller.guild_id)
    title = "🎟️ " + reader._("Codes and offers")
    if not pairs:
        text = reader._("There's nothing to claim right now. Make a code with `/coins codes make`.")
        return reply(Card(theme.ROSE, (Part(text),), title=title))
    entries = [f"**{_name(offer, reader)}**\n{_terms(offer, claims, reader)}" for offer, claims in pairs[:MOST_LISTED]]
    if len(pairs) > MOST_LISTED:
        entries.append("-# " + reader._("The others end later."))
    return reply(Card(theme.ROSE, (Part("\n".join(entries)),), title=title))


async def revoke(caller: Caller, offer_id: int) -> Reply:
    """End an offer permanently."""
    offer = await caller.services.granting.offers.revoke(caller.guild_id, offer_id, by=caller.member_id)
    reader = caller.reader
    text = reader._(
        "Nobody can claim {name} any more. Coins that were claimed stay.", name=f"**{_name(offer, reader)}**"
    )
    return reply(Card(theme.GREY, (Part(text),), title="🎟️ " + reader._("Offer revoked")))


async def choices(caller: Caller, query: str) -> list[app_commands.Choice[str]]:
    """Return the offers that match `query` and can be revoked, for the list that opens while somebody types."""
    pairs = await caller.services.granting.offers.standing(caller.guild_id)
    lines = [
        (f"{_plain_name(offer, caller.reader)} · {caller.reader.coin(offer.coins, plain=True)}", str(offer.offer_id))
        for offer, _ in pairs
    ]
    matches = matching(lines, query, lambda entry: entry[:1])
    return [app_commands.Choice(name=line[:100], value=value) for line, value in matches[:25]]


def _terms(offer: Offer, claims: int, reader: Reader) -> str:
    if offer.uses is not None:
        used = reader._("{claims} of {uses} claimed", claims=reader.number(claims), uses=reader.number(offer.uses))
    else:
        used = reader.n_("{n} claim so far", "{n} claims so far", claims) if claims else reader._("not claimed yet")
    parts = [reader.coins(offer.coins), used, reader._("until {when}", when=reader.moment(offer.until_ms))]
    if offer.account_days:
        parts.append(reader.n_("accounts from {n} day on", "accounts from {n} days on", offer.account_days))
    return " · ".join(parts)


def _name(offer: Offer, reader: Reader) -> str:
    return f"`{offer.code}`" if offer.kind is OfferKind.CODE else _plain_name(offer, reader)


def _plain_name(offer: Offer, reader: Reader) -> str:
    if offer.kind is OfferKind.CODE:
        return offer.code
    return reader._("Claim button #{number}", number=offer.offer_id % 10_000)


def _end(caller: Caller, hours: int) -> int:
    return created_ms(caller.call_id) + hours * 3600 * 1000
