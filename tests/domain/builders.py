"""A small town for the rules: three members, one creator, one gift, and the books that know them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.domain.accounts import REAL_COINS, Account, debt_of, paid_of, promo_of
from bot.domain.catalogue import GiftItem
from bot.domain.guilds import GuildRules
from bot.domain.ledger import decide
from bot.domain.ledger.books import Books
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.grant import Grant
from bot.domain.ledger.journal import JournalRow
from bot.domain.ledger.kinds import Command
from bot.domain.ledger.order import CreditOrder
from bot.domain.live import LiveEvent
from bot.domain.lots import Lot
from bot.domain.orders import Order

GUILD = 7
CHANNEL = 70
LIVE_CHANNEL = 71
ALICE, MIA, ROB = 11, 12, 13
HOLDERS = {ALICE: 1, MIA: 2, ROB: 3}
PAID, PROMO, EARNINGS = paid_of(HOLDERS[ALICE]), promo_of(HOLDERS[ALICE]), REAL_COINS.earnings_of(HOLDERS[MIA])
"""What Alice spends, and what Mia earns."""
BOUGHT_BEFORE = 0
"""The lot of coins that Alice has from the start, before the first row."""
NOON = 1_770_000_000_000
HOUR = 3_600_000


def item(**changes: Any) -> GiftItem:
    return replace(GiftItem(GUILD, 1, "Lantern", "🏮", 10), **changes)


def live_event(**changes: Any) -> LiveEvent:
    event = LiveEvent(GUILD, 900, LIVE_CHANNEL, MIA, "Friday", None, NOON - HOUR, NOON + HOUR)
    return replace(event, **changes)


def order(**changes: Any) -> Order:
    return replace(Order(GUILD, 500, ALICE, 2, 350, 499, "USD", "sandbox", test=False, consented_ms=NOON), **changes)


def gift(**changes: Any) -> SendGift:
    return SendGift(GUILD, "gift:1", ALICE, MIA, 1, 1, CHANNEL)._replace(**changes)


def grant(**changes: Any) -> Grant:
    return Grant(GUILD, "grant:1", ROB, ALICE, 100, "welcome")._replace(**changes)


def credit(purchase: Order, **changes: Any) -> CreditOrder:
    return CreditOrder(GUILD, purchase.key, purchase.order_id, purchase.member_id, "cs_1")._replace(**changes)


def open_books(
    *,
    paid: int = 0,
    promo: int = 0,
    rules: GuildRules | None = None,
    items: tuple[GiftItem, ...] = (item(),),
    live: LiveEvent | None = None,
    orders: tuple[Order, ...] = (),
    debts: Mapping[int, int] = {},
) -> Books:
    """Books in which Mia is the creator, Alice's wallet is filled, and members owe what `debts` says."""
    books = Books(
        rules={GUILD: rules or GuildRules(GUILD)},
        holders={(GUILD, member): holder for member, holder in HOLDERS.items()},
        items={(GUILD, entry.item_id): entry for entry in items},
        creators={(GUILD, MIA)},
        live={(GUILD, live.creator_id): live} if live else {},
        orders={(GUILD, purchase.order_id): purchase for purchase in orders},
    )
    books.balances[GUILD, PAID] = paid
    books.balances[GUILD, PROMO] = promo
    if paid:
        books.lots[GUILD, PAID] = (Lot(BOUGHT_BEFORE, paid),)
    books.balances |= {(GUILD, debt_of(HOLDERS[member])): -coins for member, coins in debts.items()}
    return books


def balances_of(books: Books) -> dict[Account, int]:
    """What each account of the guild holds, without empty ones."""
    return {place: coins for (_, place), coins in books.balances.items() if coins}


def submit(books: Books, command: Command, now_ms: int = NOON) -> JournalRow:
    """Do what the writer does with one command, without a database."""
    row = books.recorded.get((command.guild_id, command.key))
    return row or books.record(command.guild_id, command.key, decide(command, books, now_ms), now_ms)
