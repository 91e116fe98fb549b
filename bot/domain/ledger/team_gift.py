"""Team gifts: one gift for several creators. Each gets a part of it, and its sender pays once.

Every part is a row of the journal like that of any gift, so everything that counts gifts counts it. All of them are
booked together or not at all: a creator who takes no gifts, or none of this sender, refuses the whole. The price is
split into equal parts in the order in which the creators are named, and the first ones get the coins that are over.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from bot.domain.accounts import promo_of
from bot.domain.errors import Refusal
from bot.domain.ledger.books import Books, Decision
from bot.domain.ledger.budget import use_budget
from bot.domain.ledger.charge import Funds, charge_from, funds_for, pays_with_tests
from bot.domain.ledger.gift import (
    SendGift,
    booked,
    check_consent,
    check_not_sent,
    check_receiver,
    event_of,
    sendable_item,
    with_choice,
)
from bot.domain.ledger.kinds import Kind, check_none
from bot.domain.ledger.restrictions import check_sender
from bot.domain.splits import equal_parts, shares_of

MOST_CREATORS: Final = 4


@dataclass(unsafe_hash=True)
class TeamTooSmall(Refusal):
    """A gift for several creators names fewer than two."""


@dataclass(unsafe_hash=True)
class TooCheapToSplit(Refusal):
    """A gift costs fewer coins than there are creators to get a part of it."""

    name: str
    price: int
    people: int


class SendTeamGift(NamedTuple):
    """Send one gift to all creators of `team`, at most for `ceiling` coins in all. The rest is as in SendGift."""

    guild_id: int
    key: str
    sender_id: int
    team: tuple[int, ...]
    item_id: int
    channel_id: int
    note: str = ""
    anonymous: bool | None = False
    bots: tuple[int, ...] = ()
    absent: tuple[int, ...] = ()
    ceiling: int | None = None
    asks_first: bool = False

    kind = "team_gift"
    holder_ids = ()

    @property
    def actor_id(self) -> int:
        """The sender, who acts."""
        return self.sender_id

    @property
    def other_id(self) -> int:
        """The other member on the receipt."""
        return self.team[0]

    @property
    def member_ids(self) -> tuple[int, ...]:
        """The members whose accounts the command may touch."""
        return (self.sender_id, *self.team)


def parts_of(command: SendTeamGift) -> tuple[SendGift, ...]:
    """Return the gift to each creator, in order."""
    return tuple(
        SendGift(
            guild_id=command.guild_id,
            key=command.key,
            sender_id=command.sender_id,
            creator_id=creator_id,
            item_id=command.item_id,
            quantity=1,
            channel_id=command.channel_id,
            note=command.note,
            anonymous=command.anonymous,
            creator_is_bot=creator_id in command.bots,
            creator_is_here=creator_id not in command.absent,
            asks_first=command.asks_first and not place,
        )
        for place, creator_id in enumerate(command.team)
    )


def steps(command: SendTeamGift, books: Books, now_ms: int) -> Iterator[Decision]:
    """Yield the rows of a gift for several creators.

    Raise TeamTooSmall, TooCheapToSplit, or what a gift raises. Questions to the sender come last.
    """
    guild, sender_id = command.guild_id, command.sender_id
    rules = books.rules_of(guild).at(now_ms)
    gifts = [with_choice(gift, books) for gift in parts_of(command)]
    if len({*command.team}) < len(command.team) or len(gifts) < 2:
        raise TeamTooSmall
    check_sender(books, guild, sender_id)
    for gift in gifts:
        check_receiver(gift, books, now_ms)
    if command.asks_first:
        check_not_sent(gifts[0], books, now_ms)
    events = [event_of(gift, books, now_ms) for gift in gifts]
    (item,) = {sendable_item(gift, books, event, now_ms) for gift, event in zip(gifts, events, strict=True)}
    if item.price < len(gifts):
        raise TooCheapToSplit(item.name, item.price, len(gifts))
    sender = books.holders[guild, sender_id]
    counts = not (rules.sells_for_money and pays_with_tests(books, guild, sender, item.price))
    budget_effects = use_budget(books, rules, sender_id, item.price, now_ms, counts=counts)
    funds = funds_for(books, guild, sender, item.price)
    check_consent(item.price, command.ceiling, rules, asks_first=command.asks_first)
    parts = equal_parts(item.price, len(gifts))
    # Before the first row is in the books: afterwards they have one piece less.
    items = [replace(item, price=part, own_tier=item.tier, stock=None) for part in parts]
    items[0] = replace(items[0], stock=item.stock)
    for place, (gift, event) in enumerate(zip(gifts, events, strict=True)):
        creator = books.holders[guild, gift.creator_id]
        promo = shares_of(funds.promo, parts)[place]
        part = Funds(funds.coinage, parts[place] - promo, promo)
        wallet = funds.coinage.wallet_of(sender)
        charge = charge_from(books, rules, (promo_of(sender), wallet), creator, part)
        effects = () if place else budget_effects
        row = booked(gift, books, rules, items[place], event, charge, effects)
        facts = {**row.facts, "joint": [place, len(gifts), item.price]}
        if not place:
            holders = [books.holders[guild, creator_id] for creator_id in command.team]
            facts["team"] = [[*each] for each in zip(holders, parts, strict=True)]
        yield row._replace(facts=facts)


KIND = Kind(SendTeamGift.kind, SendTeamGift, None, check_none, steps=steps, parts=parts_of, row_kind=SendGift.kind)
