"""Load everything that a batch of commands touches, with one query per table however many commands there are."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from bot.domain.accounts import NOBODY, Account, AccountKind
from bot.domain.books import Books
from bot.domain.commands import Command, CreditOrder, SendGift
from bot.domain.receipts import Receipt
from bot.storage.ledger import holders, journal
from bot.storage.ledger.batch_cache import BatchCache, kept_of
from bot.storage.sql.statements import Lookup
from bot.storage.sql.tables import balances
from bot.storage.stores import catalogue, creators, guilds, live, missed_receipts, orders

_BALANCES = Lookup(
    select(balances.c.guild_id, balances.c.kind, balances.c.owner, balances.c.amount),
    (balances.c.guild_id, balances.c.owner),
    lock=True,
)
_KINDS = {kind.value: kind for kind in AccountKind}


@dataclass(slots=True)
class BatchState:
    """The books of a batch, the receipts of the keys that are recorded already, and holder ids for new members."""

    books: Books
    receipts: dict[tuple[int, str], Receipt]
    newcomers: dict[tuple[int, int], int] = field(default_factory=dict[tuple[int, int], int])


def load(c: Connection, commands: Sequence[Command], new_holder: Callable[[], int]) -> BatchState:
    """Load everything needed to decide `commands`. Members without a holder id get a new one, not stored yet."""
    guild_ids = {command.guild_id for command in commands}
    # Heads come first: where several processes write, locking them keeps everything below from changing.
    books = Books(heads=journal.lock_heads(c, guild_ids))
    cache = kept_of(c)
    cache.check(c)
    head_rows = {(guild_id, head.seq) for guild_id, head in books.heads.items()}
    times = cache.look_up(c, "times", head_rows, journal.times_of)
    books.ends_ms = {guild_id: at_ms for (guild_id, _), at_ms in times.items()}
    books.rules = cache.look_up(c, "rules", guild_ids, guilds.rules_of)
    members = {(command.guild_id, member_id) for command in commands for member_id in command.member_ids}
    # Members without a holder are not cached: this batch may be about to insert them.
    books.holders = cache.look_up(c, "holders", members, holders.holder_ids, keep=bool)
    holder_keys = {(guild_id, holder_id) for (guild_id, _), holder_id in books.holders.items()}
    newcomers = {member: new_holder() for member in members - books.holders.keys()}
    books.holders.update(newcomers)
    owners = holder_keys | {(guild_id, NOBODY) for guild_id in guild_ids}
    books.balances = {
        (guild_id, Account(_KINDS[kind], owner)): amount for guild_id, kind, owner, amount in _BALANCES.rows(c, owners)
    }
    rows = journal.recorded(c, {(command.guild_id, command.key) for command in commands})
    books.recorded = {(row.guild_id, row.key): row for row in rows}
    _load_items_and_orders(c, commands, books, cache)
    books.missed = cache.look_up(c, "missed", holder_keys & _senders_who_ask(commands, books), missed_receipts.gifts_of)
    receipts = zip(books.recorded, journal.receipts_of(c, rows), strict=True)
    return BatchState(books, dict(receipts), newcomers)


def _load_items_and_orders(c: Connection, commands: Sequence[Command], books: Books, cache: BatchCache) -> None:
    gifts = [command for command in commands if isinstance(command, SendGift)]
    receivers = {(gift.guild_id, gift.creator_id) for gift in gifts}
    ids = {(gift.guild_id, gift.item_id) for gift in gifts}
    # Items with a stock are not cached: every batch changes it.
    books.items = cache.look_up(c, "items", ids, catalogue.items_of, keep=lambda item: not item or item.stock is None)
    books.creators = {*cache.look_up(c, "creators", receivers, _approved)}
    books.live = cache.look_up(c, "live", receivers, live.of_creators)
    credit_orders = [command for command in commands if isinstance(command, CreditOrder)]
    books.orders = orders.orders_of(c, {(command.guild_id, command.order_id) for command in credit_orders})


def _senders_who_ask(commands: Sequence[Command], books: Books) -> set[tuple[int, int]]:
    """Return the senders, (guild id, holder id) each, who may be asked for confirmation before a gift."""
    return {
        (command.guild_id, books.holders[command.guild_id, command.sender_id])
        for command in commands
        if isinstance(command, SendGift) and command.asks_first
    }


def _approved(c: Connection, members: Collection[tuple[int, int]]) -> dict[tuple[int, int], bool]:
    return dict.fromkeys(creators.creators_among(c, members), True)
