"""Loading what a batch of commands touches: one query per table, however many commands there are."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from bot.domain.accounts import NOBODY, Account, AccountKind
from bot.domain.books import Books
from bot.domain.commands import Command, CreditOrder, SendGift
from bot.domain.receipts import Receipt
from bot.storage import catalogue, creators, guilds, holders, journal, live, missed, orders
from bot.storage.kept import Kept, kept_of
from bot.storage.statements import Lookup
from bot.storage.tables import balances

_BALANCES = Lookup(
    select(balances.c.guild_id, balances.c.kind, balances.c.owner, balances.c.amount),
    (balances.c.guild_id, balances.c.owner),
    lock=True,
)
_KINDS = {kind.value: kind for kind in AccountKind}


@dataclass(slots=True)
class Loaded:
    """The books of a batch, the receipts of keys recorded before it, and ids for members who are new to the books."""

    books: Books
    receipts: dict[tuple[int, str], Receipt]
    newcomers: dict[tuple[int, int], int] = field(default_factory=dict[tuple[int, int], int])


def load(c: Connection, commands: Sequence[Command], new_holder: Callable[[], int]) -> Loaded:
    """Return everything that deciding on `commands` needs. Newcomers get a holder id that nothing has stored yet."""
    guild_ids = {command.guild_id for command in commands}
    # The heads first: where several processes write, holding them is what keeps everything below from changing.
    books = Books(heads=journal.lock_heads(c, guild_ids))
    kept = kept_of(c)
    kept.check(c)
    ends = {(guild_id, head.seq) for guild_id, head in books.heads.items()}
    times = kept.look_up(c, "times", ends, journal.times_of)
    books.ends_ms = {guild_id: at_ms for (guild_id, _), at_ms in times.items()}
    books.rules = kept.look_up(c, "rules", guild_ids, guilds.rules_of)
    members = {(command.guild_id, member_id) for command in commands for member_id in command.member_ids}
    # Newcomers are not kept: this batch may be about to make holders of them.
    books.holders = kept.look_up(c, "holders", members, holders.holder_ids, keep=bool)
    known = {(guild_id, holder_id) for (guild_id, _), holder_id in books.holders.items()}
    newcomers = {member: new_holder() for member in members - books.holders.keys()}
    books.holders.update(newcomers)
    owners = known | {(guild_id, NOBODY) for guild_id in guild_ids}
    books.balances = {
        (guild_id, Account(_KINDS[kind], owner)): amount for guild_id, kind, owner, amount in _BALANCES.rows(c, owners)
    }
    rows = journal.recorded(c, {(command.guild_id, command.key) for command in commands})
    books.recorded = {(row.guild_id, row.key): row for row in rows}
    _load_nouns(c, commands, books, kept)
    books.missed = kept.look_up(c, "missed", known & _asking(commands, books), missed.gifts_of)
    receipts = zip(books.recorded, journal.receipts_of(c, rows), strict=True)
    return Loaded(books, dict(receipts), newcomers)


def _load_nouns(c: Connection, commands: Sequence[Command], books: Books, kept: Kept) -> None:
    gifts = [command for command in commands if isinstance(command, SendGift)]
    receivers = {(gift.guild_id, gift.creator_id) for gift in gifts}
    ids = {(gift.guild_id, gift.item_id) for gift in gifts}
    # A batch changes what is in stock.
    books.items = kept.look_up(c, "items", ids, catalogue.items_of, keep=lambda item: not item or item.stock is None)
    books.creators = {*kept.look_up(c, "creators", receivers, _approved)}
    books.live = kept.look_up(c, "live", receivers, live.of_creators)
    paid = [command for command in commands if isinstance(command, CreditOrder)]
    books.orders = orders.orders_of(c, {(command.guild_id, command.order_id) for command in paid})


def _asking(commands: Sequence[Command], books: Books) -> set[tuple[int, int]]:
    """Return the senders, guild id and holder id each, who may be asked whether they want a gift."""
    return {
        (command.guild_id, books.holders[command.guild_id, command.sender_id])
        for command in commands
        if isinstance(command, SendGift) and command.asks_first
    }


def _approved(c: Connection, members: Collection[tuple[int, int]]) -> dict[tuple[int, int], bool]:
    return dict.fromkeys(creators.creators_among(c, members), True)
