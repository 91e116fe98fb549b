"""Limits on grants and grants of staff to themselves, over the books."""

import asyncio

import pytest
from sqlalchemy import Connection, event

from bot.domain.deadlines import Deadline, DeadlineKind
from bot.domain.errors import Refusal
from bot.domain.grant_errors import DailyGrantLimit, GrantTooLarge, NeedsSecondPerson, RequestOver
from bot.domain.grant_limits import GrantLimits
from bot.domain.ledger.grant import Grant
from bot.services import Services
from bot.storage.audit.auditor import audit_database
from bot.storage.database import Database
from bot.storage.ledger.projections import CHECKS
from tests.services.paying import GUILD, MIA
from tests.storage.town import DAY, NOAH, ROB, Clock

MANY = 12


def grant(number: int, coins: int = 30) -> Grant:
    return Grant(GUILD, f"g{number}", ROB, MIA, coins, "welcome")


async def test_a_hundred_grants_at_once_never_pass_the_limit_of_a_day(
    services: Services, database: Database, clock: Clock
) -> None:
    await services.granting.limits.change(GUILD, GrantLimits(per_grant=50, per_day=1_000), by=ROB)
    outcomes = await asyncio.gather(
        *(services.wallets.grant(grant(number)) for number in range(100)), return_exceptions=True
    )
    refusals = [outcome for outcome in outcomes if isinstance(outcome, Refusal)]

    assert len(outcomes) - len(refusals) == 33
    assert {type(refusal) for refusal in refusals} == {DailyGrantLimit}
    assert (await services.wallets.overview(GUILD, MIA)).wallet.promo == 990
    with pytest.raises(GrantTooLarge):
        await services.wallets.grant(grant(100, 51))
    clock.now_ms += DAY
    await services.wallets.grant(grant(101))


async def test_the_audit_notices_a_day_that_was_tampered_with(
    services: Services, database: Database, address: str
) -> None:
    await services.wallets.grant(grant(1))
    await database.writer.perform(_forget_coins, 29)
    findings = [finding.what for finding in audit_database(address)]
    await database.writer.perform(_forget_coins, 30)

    assert findings == ["its actor is counted with 29 granted coins since, the journal has 30"]


def _forget_coins(c: Connection, coins: int) -> None:
    c.exec_driver_sql(f"UPDATE granted_in_day SET coins = {coins}")


async def test_the_audit_reads_the_journal_once_for_all_who_have_granted(
    services: Services, database: Database, address: str
) -> None:
    for giver in range(MANY):
        await services.wallets.grant(Grant(GUILD, f"many{giver}", 1_000 + giver, MIA, 10 + giver, "welcome"))
    queries, findings = await database.read(_queries_and_findings)
    await database.writer.perform(_forget_coins, 15)
    problems = {finding.what for finding in audit_database(address)}
    await database.writer.perform(_remember_coins)

    assert (queries, findings) == (2, [])
    assert problems == {
        f"its actor is counted with 15 granted coins since, the journal has {10 + giver}"
        for giver in range(MANY)
        if giver != 5
    }


def _queries_and_findings(c: Connection) -> tuple[int, list[tuple[int, str]]]:
    queries: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        queries.append(statement)

    event.listen(c, "before_cursor_execute", note)
    findings = [*CHECKS["granted_in_day"](c, GUILD)]
    event.remove(c, "before_cursor_execute", note)
    return len(queries), findings


def _remember_coins(c: Connection) -> None:
    c.exec_driver_sql("UPDATE granted_in_day SET coins = 9 + first_seq")


async def test_a_request_becomes_one_grant_however_often_it_is_confirmed(services: Services) -> None:
    requests = services.granting.requests
    request = await requests.ask(GUILD, 900, made_by=ROB, coins=50, reason="a prize")
    with pytest.raises(NeedsSecondPerson):
        await requests.confirm(GUILD, 900, ROB)
    outcomes = await asyncio.gather(*(requests.confirm(GUILD, 900, NOAH) for _ in range(5)), return_exceptions=True)
    receipts = [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]

    assert {receipt.seq for receipt in receipts} == {1}
    assert (await requests.find(GUILD, 900)) is not None
    assert (await services.wallets.overview(GUILD, ROB)).wallet.promo == 50
    with pytest.raises(RequestOver):
        await requests.decline(GUILD, request.request_id)


async def test_a_request_lapses_after_a_day_and_counts_in_the_day_of_who_made_it(
    services: Services, clock: Clock
) -> None:
    requests = services.granting.requests
    await services.granting.limits.change(GUILD, GrantLimits(per_day=100), by=ROB)
    await requests.ask(GUILD, 900, made_by=ROB, coins=80, reason="a prize")
    await requests.confirm(GUILD, 900, NOAH)
    with pytest.raises(DailyGrantLimit):
        await requests.ask(GUILD, 901, made_by=ROB, coins=30, reason="another")
    await requests.ask(GUILD, 902, made_by=NOAH, coins=30, reason="another")
    clock.now_ms += DAY
    with pytest.raises(RequestOver):
        await requests.confirm(GUILD, 902, ROB)
    await requests.lapse(Deadline(GUILD, DeadlineKind.GRANT_REQUEST, 902, clock.now_ms))

    with pytest.raises(RequestOver):
        await requests.decline(GUILD, 902)
