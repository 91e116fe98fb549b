"""The store of monthly proofs: where guilds post them, and the sums at the end of a month, from the journal alone."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import orjson
from sqlalchemy import Connection, case, func, select

from bot.domain.ledger.journal import Head
from bot.domain.ledger.order import CreditOrder
from bot.domain.orders import PaymentStatus
from bot.domain.payment_cases import UNCREDITED, PaymentCase
from bot.domain.periods import PastPeriod
from bot.domain.proofs import MonthlyProof, Movements, Takings, proof_of
from bot.storage.ledger.journal import rows_with, seq_before
from bot.storage.sql.proof_tables import proof_channels as table
from bot.storage.sql.rows import upsert
from bot.storage.sql.tables import entries, journal, noted_payments
from bot.storage.stores import order_refunds, payment_cases

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
    cases = payment_cases.undecided_at(c, guild_id, span[1])
    takings = _takings(c, guild_id, (start, end), span[1], cases, _reported(c, guild_id, span))
    return proof_of(guild_id, month, head, movements, takings, len(cases))


_Sums = dict[tuple[str, str], int]
"""Sums in minor units, by provider and currency."""


def _takings(
    c: Connection,
    guild_id: int,
    rows: tuple[int, int],
    end_ms: int,
    cases: Sequence[PaymentCase],
    reported: Mapping[tuple[str, str], int],
) -> list[Takings]:
    """Return what was credited by the `rows` after the first up to the second, beside what of that had gone back when
    `end_ms` came, what was reported, and what waited as `cases`."""
    query = select(journal.c.body).where(
        journal.c.guild_id == guild_id,
        journal.c.seq > rows[0],
        journal.c.seq <= rows[1],
        journal.c.kind == CreditOrder.kind,
        ~_IS_TEST,
    )
    prices: dict[tuple[str, str], list[int]] = defaultdict(list)
    order_ids: dict[tuple[str, str], set[tuple[int, int]]] = defaultdict(set)
    for body in c.execute(query).scalars():
        facts = orjson.loads(body)
        key = facts["provider"], facts["currency"]
        prices[key].append(facts["price_minor"])
        order_ids[key].add((guild_id, facts["order"]))
    waiting: _Sums = defaultdict(int)
    for each in cases:
        if each.kind in UNCREDITED:
            waiting[each.provider, each.currency] += each.amount_minor
    return [
        Takings(
            *key,
            payments=len(prices[key]),
            amount_minor=sum(prices[key]),
            refunded_minor=order_refunds.until(c, order_ids[key], end_ms),
            waiting_minor=waiting.get(key, 0),
            reported_minor=reported.get(key),
        )
        for key in sorted({*prices, *waiting, *reported})
    ]


def _reported(c: Connection, guild_id: int, span: tuple[int, int]) -> _Sums:
    """Return the payments that providers which cannot be asked, and staff, have reported within a span of time."""
    query = select(noted_payments.c.provider, noted_payments.c.currency, func.sum(noted_payments.c.amount_minor)).where(
        noted_payments.c.guild_id == guild_id,
        noted_payments.c.status == PaymentStatus.PAID.value,
        noted_payments.c.noted_ms >= span[0],
        noted_payments.c.noted_ms < span[1],
    )
    rows = c.execute(query.group_by(noted_payments.c.provider, noted_payments.c.currency))
    return {(provider, currency): int(minor) for provider, currency, minor in rows}
