"""The audit finds payouts that are not what the journal says, in either direction."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from bot.domain.payouts import PayoutRules
from bot.services.payouts import Payouts
from bot.storage.audit.auditor import audit
from bot.storage.database import Database
from bot.storage.sql.tables import balances
from bot.storage.sql.tables import payouts as table
from bot.storage.stores import payouts
from tests.storage.town import BOB, GUILD, MIA, ROB, Clock, buy, gift, order


class Undo(Exception):  # noqa: N818 - it rolls back
    """What was found in changed books, which stay as they were."""

    def __init__(self, findings: list[str]) -> None:
        super().__init__(findings)
        self.findings = findings


async def findings_after(books: Database, change: Callable[[Connection], object]) -> list[str]:
    """Return what the audit says about the payouts after a change."""

    def look(c: Connection) -> None:
        change(c)
        raise Undo([finding.what for finding in audit(c, GUILD)])

    with pytest.raises(Undo) as undo:
        await books.writer.perform(look)
    return undo.value.findings


@pytest.mark.databases("sqlite")
async def test_what_is_not_in_the_journal_is_found(books: Database, clock: Clock):
    service = Payouts(books, clock, lambda _guild_id, _member_id: None)
    await books.writer.perform(payouts.save_rules, GUILD, PayoutRules(minimum=10))
    await buy(books, order(coins=100, provider="manual"))
    await books.writer.submit(gift("a", quantity=10))
    first = (await service.request(GUILD, "i:1", MIA, 10)).payout
    await service.approve(GUILD, first.payout_id, ROB)
    await service.record(GUILD, first.payout_id, BOB, "TX-1")
    second = (await service.request(GUILD, "i:2", MIA, 20)).payout
    await books.writer.catch_up(GUILD)
    of_first, of_second = table.c.payout_id == first.payout_id, table.c.payout_id == second.payout_id
    changes: list[Callable[[Connection], object]] = [
        lambda c: c.execute(update(table).where(of_first).values(diamonds=11)),
        lambda c: c.execute(update(table).where(of_second).values(creator=first.creator + 1)),
        lambda c: c.execute(update(table).where(of_first).values(closed_seq=second.payout_id)),
        lambda c: c.execute(update(table).where(of_first).values(state="rejected")),
        lambda c: c.execute(update(table).where(of_second).values(state="rejected", closed_seq=second.payout_id)),
        lambda c: c.execute(delete(table).where(of_second)),
        lambda c: c.execute(update(balances).where(balances.c.kind == "reserved").values(amount=21)),
        lambda c: c.execute(delete(balances).where(balances.c.kind == "paid_out")),
    ]

    assert await findings_after(books, lambda c: c.execute(select(table))) == []
    for number, change in enumerate(changes):
        assert await findings_after(books, change), number
    values = {"approved_by": 0, "approved_ms": 0, "closed_by": 0, "closed_ms": 0, "closed_seq": 0, "announced": 1}
    row = {"guild_id": GUILD, "payout_id": 1, "creator": first.creator + 1, "diamonds": 5}
    invention = insert(table).values(row | values | {"requested_ms": 0, "state": "requested"})
    assert await findings_after(books, lambda c: c.execute(invention))
