"""What the state machine over all providers reads of the books."""

from collections import defaultdict

from sqlalchemy import select

from bot.domain.accounts import Account, AccountKind
from bot.domain.ledger.gift import SendGift
from bot.storage.connect.connection import Connection
from bot.storage.sql.tables import balances as accounts
from bot.storage.sql.tables import entries
from bot.storage.sql.tables import journal as rows
from tests.payments.wires import GUILD


def balances(connection: Connection) -> dict[tuple[int, Account], int]:
    """Return the amount on each account of each guild."""
    table = accounts.c
    query = select(table.guild_id, table.kind, table.owner, table.amount)
    return {
        (guild_id, Account(AccountKind(kind), owner)): amount
        for guild_id, kind, owner, amount in connection.execute(query)
    }


def kinds_by_row(connection: Connection) -> list[set[str]]:
    """Return the kinds of account among which each row moves coins."""
    kinds: defaultdict[int, set[str]] = defaultdict(set)
    for seq, kind in connection.execute(select(entries.c.seq, entries.c.kind)):
        kinds[seq].add(kind)
    return [*kinds.values()]


def gifts(connection: Connection) -> list[int]:
    """Return the numbers of the gifts in the journal."""
    query = select(rows.c.seq).where(rows.c.guild_id == GUILD, rows.c.kind == SendGift.kind).order_by(rows.c.seq)
    return [*connection.execute(query).scalars()]
