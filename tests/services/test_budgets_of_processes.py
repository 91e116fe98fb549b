"""A budget that several processes spend from at the same time. After the test the books are audited."""

import asyncio
import sys
from pathlib import Path

import pytest

from bot.domain.budgets import BudgetPeriod
from bot.services.assembly import build
from bot.storage.database import Database
from tests.storage.town import ALICE, GUILD, Clock, grant, settle_in

ROOT = Path(__file__).resolve().parents[2]
PROCESSES, GIFTS = 2, 50


async def start_spender(address: str, name: str) -> asyncio.subprocess.Process:
    """Start a process that is ready to send its gifts."""
    pipe = asyncio.subprocess.PIPE
    spender = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.services.spender", address, name, str(GIFTS), stdin=pipe, stdout=pipe, cwd=ROOT
    )
    assert spender.stdout is not None
    assert await asyncio.wait_for(spender.stdout.readline(), 60) == b"ready\n"
    return spender


@pytest.mark.databases("postgresql")
async def test_a_hundred_gifts_at_once_by_two_processes_never_pass_a_budget(
    database: Database, address: str, clock: Clock
) -> None:
    services = build(database, [], clock)
    await database.writer.perform(settle_in)
    await database.writer.submit(grant("coins", amount=2_000))
    limits = {BudgetPeriod.DAY: 500, BudgetPeriod.WEEK: 355, BudgetPeriod.MONTH: 800}
    await services.budgets.limit(GUILD, ALICE, limits)
    spenders = [await start_spender(address, f"process {number}") for number in range(PROCESSES)]

    outputs = await asyncio.gather(*(spender.communicate(b"go\n") for spender in spenders))

    counts, reasons = zip(*(output.decode().split(maxsplit=1) for output, _ in outputs), strict=True)
    standing = await services.budgets.standing(GUILD, ALICE)
    assert {reason.strip() for reason in reasons} == {"OverBudget"}
    assert sum(map(int, counts)) == 35
    assert [line.used for line in standing.gifted] == [350, 350, 350]
    assert (await services.wallets.overview(GUILD, ALICE)).wallet.promo == 1_650
