"""The store of settlement counts: by how many webhooks, and how often only by asking, payments became known."""

from sqlalchemy import Connection, select, update

from bot.domain.settlement_counts import SettlementCount, Source
from bot.storage.sql.rows import columns_of, insert_new, values_of
from bot.storage.sql.tables import settlement_counts as table


def counts(c: Connection) -> list[SettlementCount]:
    """Return the counts of all providers that have any."""
    return [SettlementCount(*row) for row in c.execute(select(*columns_of(table, SettlementCount)))]


def add(c: Connection, provider: str, source: Source) -> SettlementCount:
    """Count the news of a payment, and return the provider's counts."""
    insert_new(c, table, values_of(SettlementCount(provider)))
    if source is Source.WEBHOOK:
        change = {table.c.by_webhook: table.c.by_webhook + 1}
    else:
        change = {table.c.by_reconcile: table.c.by_reconcile + 1, table.c.missed: table.c.missed + 1}
    # Counted by the database, because several processes may settle at the same time.
    c.execute(update(table).where(table.c.provider == provider).values(change))
    query = select(*columns_of(table, SettlementCount)).where(table.c.provider == provider)
    return SettlementCount(*c.execute(query).one())


def note_webhook(c: Connection, provider: str) -> int:
    """Record that a webhook came, and return for how many payments before it none had come."""
    query = select(table.c.missed).where(table.c.provider == provider, table.c.missed > 0)
    missed = c.execute(query.with_for_update()).scalar_one_or_none() or 0
    if missed:
        c.execute(update(table).where(table.c.provider == provider).values(missed=0))
    return missed
