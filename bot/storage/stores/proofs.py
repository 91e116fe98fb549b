"""The store of monthly proofs: where guilds post them, and the sums at the end of a month, from the journal alone."""

from collections import defaultdict

import orjson
from sqlalchemy import Connection, case, func, select

from bot.domain.ledger.journal import Head
from bot.domain.ledger.order import CreditOrder
from bot.domain.periods import PastPeriod
from bot.domain.proofs import MonthlyProof, Movements, Takings, proof_of
from bot.storage.ledger.journal import rows_with, seq_before
from bot.storage.sql.proof_tables import proof_channels as table
from bot.storage.sql.rows import upsert
from bot.storage.sql.tables import entries, journal
from bot.storage.stores import payment_cases

_IS_TEST = journal.c.body.contains('"test":true', autoescape=True)


def channel(c: Connection, guild_id: int) -> int:
    """Return the channel in which a guild posts its proofs, 0 for none."""
    return c.execute(select(table.c.channel_id).where(table.c.guild_id == guild_id)).scalar_one_or_none() or 0


def choose(c: Connection, guild_id: int, channel_id: int) -> None:
    """Post a guild's proofs in a channel, 0 for none."""
    upsert(c, table, {"guild_id": guild_id, "channel_id": channel_id})


def proof(c: Connection, guild_id: int, month: PastPeriod, span: tuple[int, int]) -> MonthlyProof:
    """Return the proof of a month, which begins and ends at the times in `span`."""
    start, end = (seq_before(c, guild_id, at_ms) for at_ms in span)
    rows = rows_with(c, [(guild_id, end)])
    moved = entries.c.amount
    sums = select(
        entries.c.kind,
        func.sum(case((moved < 0, -moved), else_=0)),
        func.sum(case((moved > 0, moved), else_=0)),
    ).where(entries.c.guild_id == guild_id, entries.c.seq <= end)
    movements = {
        kind: Movements(int(went_out), int(came_in))
        for kind, went_out, came_in in c.execute(sums.group_by(entries.c.kind))
    }
    head = rows[0].head if rows else Head()
    takings = _takings(c, guild_id, start, end)
    return proof_of(guild_id, month, head, movements, takings, len(payment_cases.undecided(c, guild_id)))


def _takings(c: Connection, guild_id: int, start: int, end: int) -> list[Takings]:
    query = select(journal.c.body).where(
        journal.c.guild_id == guild_id,
        journal.c.seq > start,
        journal.c.seq <= end,
        journal.c.kind == CreditOrder.kind,
        ~_IS_TEST,
    )
    amounts: dict[tuple[str, str], list[int]] = defaultdict(list)
    for body in c.execute(query).scalars():
        facts = orjson.loads(body)
        amounts[facts["provider"], facts["currency"]].append(facts["price_minor"])
    return [Takings(*key, len(prices), sum(prices)) for key, prices in sorted(amounts.items())]
