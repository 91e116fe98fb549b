"""Gifts: coins of a member become a creator's earnings and the house's share."""

from dataclasses import replace
from typing import NamedTuple, cast

from bot.domain.accounts import TEST_COINS, promo_of
from bot.domain.bookings import of_gift
from bot.domain.catalogue import GiftItem, Tier, tier_of
from bot.domain.errors import CreatorLeft, GiftLapsed, GiftToBot, GiftToSelf, MustConfirm, NotACreator, SentBefore
from bot.domain.guilds import GuildRules
from bot.domain.ledger.books import Books, Decision, Recorded
from bot.domain.ledger.budget import BudgetUsed, use_budget, warning_in
from bot.domain.ledger.charge import Charge, charge_of, pays_with_tests
from bot.domain.ledger.fans import check_fan, joined
from bot.domain.ledger.gift_rows import GiftFacts, check, credit_of
from bot.domain.ledger.kinds import Kind
from bot.domain.ledger.lots import lots_changed
from bot.domain.ledger.restrictions import check_note, check_restrictions, check_sender
from bot.domain.live import LiveEvent
from bot.domain.lots import Lots, listed, spend
from bot.domain.money import MAX_COUNT, amount, check_ceiling

REPEAT_WINDOW_MS = 60_000
"""For this long after a lost receipt, the same gift needs confirmation: the sender most likely tries it again."""


class SendGift(NamedTuple):
    """Send `quantity` pieces of an item to a creator, whom `creator_is_bot` and `creator_is_here` describe.

    `note` is cleaned text. `ceiling` is the total price in coins that the sender saw, None if no price was shown. With
    `asks_first`, a large gift is refused until it is confirmed. `message_id` ties the gift to a message, 0 for none. If
    `anonymous` is None, the sender's choice for all gifts applies. `planned_order` is the order with which the gift was
    planned, 0 for none; such a gift is refused once the plan has lapsed.
    """

    guild_id: int
    key: str
    sender_id: int
    creator_id: int
    item_id: int
    quantity: int
    channel_id: int
    note: str = ""
    anonymous: bool | None = False
    creator_is_bot: bool = False
    creator_is_here: bool = True
    ceiling: int | None = None
    message_id: int = 0
    asks_first: bool = False
    planned_order: int = 0

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


class StockSold(NamedTuple):
    """Pieces of an item with limited stock were sold, or came back if `quantity` is negative."""

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
    """Return the tier of a gift at the time it was sent."""
    return tier_of(facts["price"], facts.get("tier"))


def decide(command: SendGift, books: Books, now_ms: int) -> Decision:
    """Return the effect of a gift, or raise one of its refusals.

    MustConfirm and PriceChanged come last: nobody should have to confirm a gift that is then refused anyway.
    """
    guild = command.guild_id
    rules, command = books.rules_of(guild).at(now_ms), with_choice(command, books)
    quantity = amount(command.quantity, highest=MAX_COUNT)
    if command.planned_order and (guild, command.planned_order) in books.lapsed:
        raise GiftLapsed
    check_sender(books, guild, command.sender_id)
    check_receiver(command, books, now_ms)
    if command.asks_first:
        check_not_sent(command, books, now_ms)
    event = event_of(command, books, now_ms)
    item = sendable_item(command, books, event, now_ms)
    price = item.price * quantity
    sender, creator = books.holders[guild, command.sender_id], books.holders[guild, command.creator_id]
    # Before the charge: nobody should buy coins for a gift that their own budget refuses.
    counts = not (rules.sells_for_money and pays_with_tests(books, guild, sender, price))
    budget_effects = use_budget(books, rules, command.sender_id, price, now_ms, counts=counts)
    charge = charge_of(books, rules, sender, creator, price)
    check_consent(price, command.ceiling, rules, asks_first=command.asks_first)
    return booked(command, books, rules, item, event, charge, budget_effects)


def booked(
    command: SendGift,
    books: Books,
    rules: GuildRules,
    item: GiftItem,
    event: LiveEvent | None,
    charge: Charge,
    budget_effects: tuple[BudgetUsed, ...] = (),
) -> Decision:
    """Return the row of a gift that has passed all checks."""
    guild, quantity, wallet = command.guild_id, command.quantity, charge.wallet
    price = item.price * quantity
    sender, creator = books.holders[guild, command.sender_id], books.holders[guild, command.creator_id]
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
        "anonymous": bool(command.anonymous),
        "channel": command.channel_id,
        "message": command.message_id,
        "event": event.event_id if event else 0,
        "live_channel": event.channel_id if event else 0,
        "noted": bool(command.note),
        "paid_after": books.balance(guild, wallet) - charge.coins,
        "promo_after": books.balance(guild, promo_of(sender)) - charge.promo,
        "zone": rules.time_zone,
    }
    _add_rare_facts(facts, rules, item, charge, takes, is_quiet=(guild, command.sender_id) in books.quiet)
    if warning := warning_in(budget_effects):
        facts["budget"] = warning
    stock_effects = () if item.stock is None else (StockSold(item.item_id, quantity),)
    fan_effects = joined(books, guild, sender, creator, quantity) if "club" in facts else ()
    return Decision(
        kind=SendGift.kind,
        actor=sender,
        postings=charge.postings,
        facts=facts,
        effects=(*stock_effects, *lots_changed(wallet, lots, rest), *fan_effects, *budget_effects),
        note=command.note,
    )


def with_choice(command: SendGift, books: Books) -> SendGift:
    """Return a gift that says whether it is anonymous: if the command does not, its sender's choice for all gifts
    applies."""
    if command.anonymous is not None:
        return command
    return command._replace(anonymous=(command.guild_id, command.sender_id) in books.anonymous)


def _add_rare_facts(
    facts: GiftFacts, rules: GuildRules, item: GiftItem, charge: Charge, lots: Lots, *, is_quiet: bool
) -> None:
    """Add the facts that most gifts do not have."""
    if charge.coinage is TEST_COINS:
        facts["test"] = True
        if rules.sells_for_money:
            facts["counts"] = False
    if charge.payoff:
        facts["payoff"] = charge.payoff
    if lots:
        facts["lots"] = listed(lots)
    if is_quiet:
        facts["quiet"] = True
    if item.own_tier:
        facts["tier"] = item.own_tier.value
    # A place in a club would reveal the anonymous sender.
    if item.joins_club and not facts["anonymous"] and facts.get("counts", True):
        facts["club"] = True


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
    guild, sender, anonymous = command.guild_id, command.sender_id, bool(with_choice(command, books).anonymous)
    if (restrictions := books.restrictions.get((guild, command.creator_id))) is not None:
        creator = command.creator_id, restrictions
        check_restrictions(books, guild, sender, creator, anonymous=anonymous, now_ms=now_ms)
    check_note(books, guild, command.creator_id, command.note)


def check_not_sent(command: SendGift, books: Books, now_ms: int) -> None:
    """Raise SentBefore if the sender has just sent the same gift without seeing the receipt."""
    sender, creator = (books.holders[command.guild_id, member] for member in (command.sender_id, command.creator_id))
    repeat = (creator, command.item_id, command.quantity)
    for gift in books.missed.get((command.guild_id, sender), ()):
        if (gift.creator, gift.item_id, gift.quantity) == repeat and now_ms - gift.since_ms < REPEAT_WINDOW_MS:
            raise SentBefore(gift.seq)


def event_of(command: SendGift, books: Books, now_ms: int) -> LiveEvent | None:
    """Return the live event that the gift counts toward, None for none."""
    event = books.live.get((command.guild_id, command.creator_id))
    return event if event is not None and event.takes_gifts(now_ms) else None


def check_consent(price: int, ceiling: int | None, rules: GuildRules, *, asks_first: bool) -> None:
    """Raise PriceChanged if the gift costs more than the sender saw, and MustConfirm for a large gift if
    `asks_first`."""
    check_ceiling(price, ceiling)
    if asks_first and price > rules.confirm_above:
        raise MustConfirm(price)


KIND = Kind(
    SendGift.kind,
    SendGift,
    decide,
    check,
    reads=("rules", "frozen", "items", "creators", "live", "missed", "lots", "hearts", "budgets", "lapsed"),
    other="creator",
    wallet_facts=("paid", "promo", "share", "payoff", "lots", "paid_after", "promo_after", "budget", "quiet"),
    credit=credit_of,
    bookings=of_gift,
)
