"""Gifts: coins of a member become a creator's earnings and the house's share."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, NotRequired, TypedDict, cast

from bot.domain.accounts import TEST_COINS, TEST_KINDS, AccountKind, promo_of
from bot.domain.bookings import of_gift
from bot.domain.catalogue import GiftItem, Tier, tier_of
from bot.domain.errors import CreatorLeft, GiftToBot, GiftToSelf, MustConfirm, NotACreator, SentBefore
from bot.domain.guilds import GuildRules
from bot.domain.leaderboards import Credit
from bot.domain.ledger.books import Books, Decision, Recorded
from bot.domain.ledger.charge import Charge, charge_of
from bot.domain.ledger.fans import check_fan, gave
from bot.domain.ledger.kinds import Kind, Leg
from bot.domain.ledger.lots import lots_changed
from bot.domain.ledger.restrictions import check_note, check_restrictions
from bot.domain.live import LiveEvent
from bot.domain.lots import Lots, listed, spend, sum_listed
from bot.domain.money import MAX_COUNT, amount, check_ceiling

REPEAT_WINDOW_MS = 60_000
"""For this long after a lost receipt, the same gift needs confirmation: the sender most likely tries it again."""


class SendGift(NamedTuple):
    """Send `quantity` pieces of an item to a creator.

    `note` is cleaned text. `ceiling` is the total price in coins that the sender saw, None if no price was shown. With
    `asks_first`, a large gift is refused until it is confirmed. `message_id` ties the gift to a message, 0 for none.
    """

    guild_id: int
    key: str
    sender_id: int
    creator_id: int
    item_id: int
    quantity: int
    channel_id: int
    note: str = ""
    anonymous: bool = False
    creator_is_bot: bool = False
    creator_is_here: bool = True
    ceiling: int | None = None
    message_id: int = 0
    asks_first: bool = False

    kind = "gift"
    holder_ids = ()

    @property
    def actor_id(self) -> int:
        """The sender, who acts."""
        return self.sender_id

    @property
    def other_id(self) -> int:
        """The other member on the receipt."""
        return self.creator_id

    @property
    def member_ids(self) -> tuple[int, ...]:
        """The members whose accounts the command may touch."""
        return (self.sender_id, self.creator_id)


class GiftFacts(TypedDict):
    """The body of a gift's row.

    `creator` is a holder id. `price` is for one piece, `count` the number of pieces, and `coins` the total, of which
    `paid` and `promo` were taken. `share` is the creator's part, of which `payoff`, if any, went into the creator's
    debt. `lots` are those that paid coins came from, if any: the row of an order, and coins, each. Old rows have none.
    `tier` is there if the guild had chosen the item's. `channel`, `message`, `event` and `live_channel` are 0 for
    none. The audit and leaderboards need `zone`, the guild's time zone then. What is public has no `paid`, `promo`,
    `share`, `paid_after` and `promo_after`: see `bot.domain.anonymity`.

    Only a gift of test coins has `test`: its paid coins, share and debt are test coins. If members could also pay with
    real money then, it has `counts`, which is False: it counts on no board.
    """

    creator: int
    item: int
    name: str
    emoji: str
    price: int
    count: int
    coins: int
    paid: int
    promo: int
    share: int
    share_percent: int
    anonymous: bool
    channel: int
    message: int
    event: int
    live_channel: int
    noted: bool
    paid_after: int
    promo_after: int
    zone: str
    payoff: NotRequired[int]
    lots: NotRequired[list[list[int]]]
    tier: NotRequired[str]
    test: NotRequired[bool]
    counts: NotRequired[bool]


class StockSold(NamedTuple):
    """Pieces of an item with limited stock were sold, or came back if `quantity` is below 0."""

    item_id: int
    quantity: int

    def apply(self, books: Books, guild_id: int) -> None:
        """Reduce the stock in `books`."""
        item = books.items[guild_id, self.item_id]
        if item.stock is not None:
            books.items[guild_id, self.item_id] = replace(item, stock=item.stock - self.quantity)


def facts_of(row: Recorded) -> GiftFacts:
    """Return the facts of a gift's row or receipt."""
    assert row.kind == SendGift.kind, row.kind
    return cast("GiftFacts", row.facts)


def gift_tier(facts: GiftFacts) -> Tier:
    """Return the tier that a gift had when it was sent."""
    return tier_of(facts["price"], facts.get("tier"))


def decide(command: SendGift, books: Books, now_ms: int) -> Decision:
    """Return what a gift does, or raise one of its refusals.

    MustConfirm and PriceChanged come last: nobody should confirm a gift that would then be refused anyway.
    """
    guild = command.guild_id
    rules = books.rules_of(guild).at(now_ms)
    quantity = amount(command.quantity, highest=MAX_COUNT)
    check_receiver(command, books, now_ms)
    if command.asks_first:
        _check_not_sent(command, books, now_ms)
    event = event_of(command, books, now_ms)
    item = sendable_item(command, books, event, now_ms)
    price = item.price * quantity
    sender, creator = books.holders[guild, command.sender_id], books.holders[guild, command.creator_id]
    charge = charge_of(books, rules, sender, creator, price)
    _check_consent(command, price, rules)
    wallet = charge.coinage.wallet_of(sender)
    lots = books.lots_of(guild, wallet)
    takes, rest = spend(lots, charge.coins) if charge.coins else ((), lots)
    facts: GiftFacts = {
        "creator": creator,
        "item": item.item_id,
        "name": item.name,
        "emoji": item.emoji,
        "price": item.price,
        "count": quantity,
        "coins": price,
        "paid": charge.coins,
        "promo": charge.promo,
        "share": charge.share,
        "share_percent": rules.share_percent,
        "anonymous": command.anonymous,
        "channel": command.channel_id,
        "message": command.message_id,
        "event": event.event_id if event else 0,
        "live_channel": event.channel_id if event else 0,
        "noted": bool(command.note),
        "paid_after": books.balance(guild, wallet) - charge.coins,
        "promo_after": books.balance(guild, promo_of(sender)) - charge.promo,
        "zone": rules.time_zone,
    }
    _add_rare_facts(facts, rules, item, charge, takes)
    stock_effects = () if item.stock is None else (StockSold(item.item_id, quantity),)
    is_hidden = command.anonymous or not facts.get("counts", True)
    fan_effects = gave(books, guild, sender, creator, price, anonymous=is_hidden)
    return Decision(
        kind=SendGift.kind,
        actor=sender,
        postings=charge.postings,
        facts=facts,
        effects=(*stock_effects, *lots_changed(wallet, lots, rest), *fan_effects),
        note=command.note,
    )


def _add_rare_facts(facts: GiftFacts, rules: GuildRules, item: GiftItem, charge: Charge, lots: Lots) -> None:
    """Add the facts that most gifts do not have."""
    if charge.coinage is TEST_COINS:
        facts["test"] = True
        if rules.sells_for_money:
            facts["counts"] = False
    if charge.payoff:
        facts["payoff"] = charge.payoff
    if lots:
        facts["lots"] = listed(lots)
    if item.own_tier:
        facts["tier"] = item.own_tier.value


def sendable_item(command: SendGift, books: Books, event: LiveEvent | None, now_ms: int) -> GiftItem:
    """Return the item of a gift during `event`. Raise NotFound, ItemUnavailable, NotForMessages or FansOnly."""
    guild = command.guild_id
    item = books.item(guild, command.item_id)
    item.check_sendable(command.quantity, now_ms, live=event is not None)
    if command.message_id:
        books.rules_of(guild).check_on_message(item.name, item.price)
    if item.fans_only:
        sender, creator = books.holders[guild, command.sender_id], books.holders[guild, command.creator_id]
        check_fan(books, guild, sender, creator, name=item.name, creator_id=command.creator_id)
    return item


def check_receiver(command: SendGift, books: Books, now_ms: int) -> None:
    """Raise UnknownGuild, GiftToBot, GiftToSelf, NotACreator or CreatorLeft unless the creator can receive gifts.

    Raise CreatorPaused, GiftBlocked, BlockedByYou, AnonymousBlocked or NoteRefused if they do not want this one.
    """
    books.rules_of(command.guild_id)
    if command.creator_is_bot:
        raise GiftToBot
    if command.creator_id == command.sender_id:
        raise GiftToSelf
    if (command.guild_id, command.creator_id) not in books.creators:
        raise NotACreator(command.creator_id)
    if not command.creator_is_here:
        raise CreatorLeft(command.creator_id)
    guild, sender, anonymous = command.guild_id, command.sender_id, command.anonymous
    if (restrictions := books.restrictions.get((guild, command.creator_id))) is not None:
        creator = command.creator_id, restrictions
        check_restrictions(books, guild, sender, creator, anonymous=anonymous, now_ms=now_ms)
    check_note(books, guild, command.creator_id, command.note)


def _check_not_sent(command: SendGift, books: Books, now_ms: int) -> None:
    """Raise SentBefore if the sender has just sent the same gift without seeing the receipt."""
    sender, creator = (books.holders[command.guild_id, member] for member in (command.sender_id, command.creator_id))
    repeat = (creator, command.item_id, command.quantity)
    for gift in books.missed.get((command.guild_id, sender), ()):
        if (gift.creator, gift.item_id, gift.quantity) == repeat and now_ms - gift.since_ms < REPEAT_WINDOW_MS:
            raise SentBefore(gift.seq)


def event_of(command: SendGift, books: Books, now_ms: int) -> LiveEvent | None:
    """Return the live event that the gift counts for, None for none."""
    event = books.live.get((command.guild_id, command.creator_id))
    return event if event is not None and event.takes_gifts(now_ms) else None


def _check_consent(command: SendGift, price: int, rules: GuildRules) -> None:
    check_ceiling(price, command.ceiling)
    if command.asks_first and price > rules.confirm_above:
        raise MustConfirm(price)


def check(facts: Mapping[str, Any], legs: Sequence[Leg]) -> str:
    """Return what is wrong with a gift's row, "" for nothing."""
    coins = facts["coins"]
    if (
        coins != facts["price"] * facts["count"]
        or coins != facts["paid"] + facts["promo"]
        or not 0 <= facts["share"] <= coins
        or ("lots" in facts and sum_listed(facts["lots"]) != facts["paid"])
        or ("test" in facts and any(kind not in _KINDS_OF_TESTS for _, kind, _, _ in legs))
    ):
        return "its coins, price and payment do not agree"
    return ""


_KINDS_OF_TESTS = TEST_KINDS | {AccountKind.PROMO}
"""Kinds of account among which a gift of test coins moves coins."""


def credit_of(seq: int, sender: int, at_ms: int, facts: Mapping[str, Any]) -> Credit | None:
    """Return what the gift in row `seq` adds to leaderboards, None for a test that counts on no board."""
    if not facts.get("counts", True):
        return None
    # In order, not by name: every gift is counted, and twice as fast like this.
    place = facts["creator"], facts["item"], facts["anonymous"], facts["event"]
    return Credit(seq, at_ms, facts["zone"], sender, *place, facts["coins"], facts["count"])


KIND = Kind(
    SendGift.kind,
    SendGift,
    decide,
    check,
    reads=("rules", "items", "creators", "live", "missed", "lots", "given"),
    other="creator",
    wallet_facts=("paid", "promo", "share", "payoff", "lots", "paid_after", "promo_after"),
    credit=credit_of,
    bookings=of_gift,
)
