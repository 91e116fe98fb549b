"""The rules of money: a command and the books in, a decision or a refusal out. No I/O, no clock, no randomness."""

from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.accounts import GRANTED, HOUSE, SOLD, Account, earnings_of, paid_of, promo_of
from bot.domain.books import Books, Decision
from bot.domain.catalogue import GiftItem
from bot.domain.commands import Command, CreditOrder, Grant, SendGift
from bot.domain.errors import (
    CreatorLeft,
    GiftToBot,
    GiftToSelf,
    MustConfirm,
    NotACreator,
    NotEnoughCoins,
    NotFound,
    SentBefore,
)
from bot.domain.guilds import GuildRules
from bot.domain.live import LiveEvent
from bot.domain.money import MAX_COUNT, amount, check_ceiling, share_of
from bot.domain.orders import OrderState
from bot.domain.postings import Posting
from bot.domain.standings import scoring_of_gift

AGAIN_MS = 60_000
"""For this long after a lost receipt, the same gift needs confirmation: the sender most likely tries it again."""


def decide(command: Command, books: Books, now_ms: int) -> Decision:
    """Return what `command` does to `books` at `now_ms`, or raise a Refusal. The books themselves stay as they are."""
    match command:
        case SendGift():
            return _send_gift(command, books, now_ms)
        case CreditOrder():
            return _credit_order(command, books)
        case Grant():
            return _grant(command, books)


def _send_gift(command: SendGift, books: Books, now_ms: int) -> Decision:
    guild = command.guild_id
    rules = books.rules_of(guild)
    pieces = amount(command.count, highest=MAX_COUNT)
    _check_receiver(command, books)
    if command.asks_first:
        _check_not_sent(command, books, now_ms)
    item, event = _item_and_event(command, books, now_ms)
    event_id = event.event_id if event else 0
    price = item.price * pieces
    sender, creator = books.holders[guild, command.sender_id], books.holders[guild, command.creator_id]
    charge = _charge(books, guild, sender, creator, price)
    # This check comes last: nobody should confirm a gift that would then be refused anyway.
    _check_consent(command, price, rules)
    return Decision(
        kind="gift",
        actor=sender,
        postings=charge.postings,
        facts={
            "creator": creator,
            "item": item.item_id,
            "name": item.name,
            "emoji": item.emoji,
            "price": item.price,
            "count": pieces,
            "coins": price,
            "paid": charge.paid,
            "promo": charge.promo,
            "share": charge.share,
            "share_percent": rules.share_percent,
            "anonymous": command.anonymous,
            "channel": command.channel_id,
            "message": command.message_id,
            "event": event_id,
            "live_channel": event.channel_id if event else 0,
            "noted": bool(command.note),
            "paid_after": charge.paid_after,
            "promo_after": charge.promo_after,
            # The audit recounts leaderboards from the journal, even after the guild's time zone has changed.
            "zone": rules.time_zone,
        },
        scoring=scoring_of_gift(
            sender=sender,
            creator=creator,
            item_id=item.item_id,
            coins=price,
            pieces=pieces,
            event_id=event_id,
            anonymous=command.anonymous,
            at_ms=now_ms,
            zone=_zone(rules.time_zone),
        ),
        item_sold=(item.item_id, pieces),
        note=command.note,
    )


def _check_receiver(command: SendGift, books: Books) -> None:
    if command.creator_is_bot:
        raise GiftToBot
    if command.creator_id == command.sender_id:
        raise GiftToSelf
    if (command.guild_id, command.creator_id) not in books.creators:
        raise NotACreator(command.creator_id)
    if not command.creator_is_here:
        raise CreatorLeft(command.creator_id)


def _check_not_sent(command: SendGift, books: Books, now_ms: int) -> None:
    """Raise SentBefore if the sender has just sent the same gift without seeing the receipt."""
    sender, creator = (books.holders[command.guild_id, member] for member in (command.sender_id, command.creator_id))
    repeat = (creator, command.item_id, command.count)
    for gift in books.missed.get((command.guild_id, sender), ()):
        if (gift.creator, gift.item_id, gift.pieces) == repeat and now_ms - gift.since_ms < AGAIN_MS:
            raise SentBefore(gift.seq)


def _item_and_event(command: SendGift, books: Books, now_ms: int) -> tuple[GiftItem, LiveEvent | None]:
    """Return the item, and the live event that the gift counts for, if any. Raise if the item cannot be sent."""
    event = books.live.get((command.guild_id, command.creator_id))
    if event and not event.takes_gifts(now_ms):
        event = None
    item = books.item(command.guild_id, command.item_id)
    item.check_sendable(command.count, now_ms, live=event is not None)
    return item, event


def _check_consent(command: SendGift, price: int, rules: GuildRules) -> None:
    check_ceiling(price, command.ceiling)
    if command.asks_first and price > rules.confirm_above:
        raise MustConfirm(price)


class _Charge(NamedTuple):
    """What a gift costs its sender: paid and promo coins, the creator's share of them, and the balances afterwards."""

    paid: int
    promo: int
    share: int
    paid_after: int
    promo_after: int
    postings: tuple[Posting, ...]


def _charge(books: Books, guild: int, sender: int, creator: int, price: int) -> _Charge:
    """Return the charge for `price`, promo coins first. Raise NotEnoughCoins, or WalletFull if it does not fit."""
    rules = books.rules_of(guild)
    paid_account, promo_account, earnings = paid_of(sender), promo_of(sender), earnings_of(creator)
    paid_balance, promo_balance = books.balance(guild, paid_account), books.balance(guild, promo_account)
    if paid_balance + promo_balance < price:
        raise NotEnoughCoins(paid_balance + promo_balance, price)
    promo_coins = min(promo_balance, price)
    paid_coins = price - promo_coins
    promo_share = share_of(promo_coins, rules.promo_share_percent)
    paid_share = share_of(paid_coins, rules.share_percent)
    share = promo_share + paid_share
    books.check_room(guild, earnings, share)
    books.check_room(guild, HOUSE, price - share)
    postings = (
        *_split(promo_account, earnings, promo_share, promo_coins - promo_share),
        *_split(paid_account, earnings, paid_share, paid_coins - paid_share),
    )
    return _Charge(paid_coins, promo_coins, share, paid_balance - paid_coins, promo_balance - promo_coins, postings)


def _split(source: Account, earnings: Account, share: int, house_share: int) -> tuple[Posting, ...]:
    """Return the movements of one kind of coins: to the creator and to the house, without movements of 0 coins."""
    if not share:
        return (Posting(source, HOUSE, house_share),) if house_share else ()
    creator_posting = Posting(source, earnings, share)
    return (creator_posting, Posting(source, HOUSE, house_share)) if house_share else (creator_posting,)


def _credit_order(command: CreditOrder, books: Books) -> Decision:
    guild = command.guild_id
    books.rules_of(guild)
    order = books.order(guild, command.order_id)
    # The order decides who bought what. A command that names another member is not about this order.
    if order.member_id != command.member_id:
        raise NotFound("order")
    # A repeated key never gets this far. A credited order here would have been credited under another key.
    assert order.state is not OrderState.CREDITED, order.order_id
    coins = amount(order.coins)
    buyer = books.holders[guild, order.member_id]
    wallet = paid_of(buyer)
    books.check_room(guild, wallet, coins)
    books.check_room(guild, SOLD, -coins)
    promo = books.balance(guild, promo_of(buyer))
    return Decision(
        kind="order",
        actor=buyer,
        postings=(Posting(SOLD, wallet, coins),),
        facts={
            "order": order.order_id,
            "package": order.package_id,
            "coins": coins,
            "price_minor": order.price_minor,
            "currency": order.currency,
            "provider": order.provider,
            "external": command.external_id,
            "test": order.test,
            "paid_after": books.balance(guild, wallet) + coins,
            "promo_after": promo,
        },
        order_credited=order.order_id,
    )


def _grant(command: Grant, books: Books) -> Decision:
    guild = command.guild_id
    books.rules_of(guild)
    coins = amount(command.amount)
    receiver = books.holders[guild, command.member_id]
    wallet = promo_of(receiver)
    books.check_room(guild, wallet, coins)
    books.check_room(guild, GRANTED, -coins)
    return Decision(
        kind="grant",
        actor=books.holders[guild, command.actor_id],
        postings=(Posting(GRANTED, wallet, coins),),
        facts={
            "member": receiver,
            "coins": coins,
            "paid_after": books.balance(guild, paid_of(receiver)),
            "promo_after": books.balance(guild, wallet) + coins,
        },
        note=command.reason,
    )


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
