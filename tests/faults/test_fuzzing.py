"""Whatever is sent to the bot, it answers in words, moves no coins without a receipt, and does not stop."""

import random
from collections import Counter
from collections.abc import Sequence

import pytest

from sandbox.discord.exchange import PATIENCE_SECONDS
from tests import books
from tests.bot.noted_shop import set_up_kofi
from tests.bot.test_metrics import Scraper
from tests.bot.test_overlay_card import card_of, make_link, secrets_on
from tests.faults.fuzzing import OUR_FAULT, Fuzzer, records
from tests.faults.fuzzing_overlay import fuzz_overlay
from tests.faults.fuzzing_webhooks import fuzz_webhooks
from tests.faults.fuzzing_wire import fuzz_gateway, fuzz_http
from tests.faults.verdict import judge
from tests.rig import Rig, Town, free_port
from tests.thoroughness import by_thoroughness

SEEDS: Sequence[int] = by_thoroughness(quick=(10,), full=(10,), long=tuple(range(10, 18)))
"""The long form is in pieces, each of them with books of its own."""


async def start(rig: Rig, **changes: str) -> tuple[Town, Town]:
    """Start a bot with every payment provider, and return two towns whose books are open."""
    towns = Town.create(rig, 0), Town.create(rig, 0)
    sku = rig.world.add_sku("70 coins", price_minor=99)
    rig.world.first_answer_seconds = PATIENCE_SECONDS
    await rig.start_bot(
        PAYMENT_PROVIDERS="sandbox,stripe,kofi,manual,discord_sku",
        DISCORD_SKUS=f"{sku.id}=0.99 USD",
        STRIPE_GUILDS=",".join(str(town.guild.id) for town in towns),
        **changes,
    )
    for town in towns:
        await town.until_open()
    return towns


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("seed", SEEDS)
async def test_whatever_is_pressed_typed_or_forged_is_answered_and_charges_nothing_unseen(own_rig: Rig, seed: int):
    port = free_port()
    towns = await start(own_rig, METRICS_PORT=str(port))
    fuzzer = await Fuzzer.begin(*towns, Scraper(own_rig, port), seed)

    await fuzzer.run(by_thoroughness(quick=400, full=1_200, long=5_000))
    # Until everything was reached, which takes some hundreds more.
    for _ in range(by_thoroughness(quick=0, full=20, long=20)):
        if fuzzer.reach.overlooked:
            await fuzzer.run(200)
    await own_rig.stop_bot()
    fuzzer.judge()

    assert fuzzer.problems == [], fuzzer.counts
    overlooked = fuzzer.reach.overlooked
    assert by_thoroughness(quick=[], full=overlooked, long=overlooked) == [], fuzzer.reach.table()
    assert own_rig.bot.exit_code == 0


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("seed", SEEDS)
async def test_whatever_comes_by_wire_stops_nothing_and_moves_no_coins(own_rig: Rig, seed: int):
    town, _ = await start(own_rig)
    await town.grant(town.mia, 1_000)
    await set_up_kofi(town.olive)
    secrets = await overlay_secrets(town)
    pid, chance, counts = own_rig.bot.pid, random.Random(seed), Counter[str]()

    problems = await fuzz_webhooks(own_rig, chance, by_thoroughness(quick=200, full=500, long=10_000), counts)
    problems += await fuzz_overlay(own_rig, secrets, chance, by_thoroughness(quick=50, full=150, long=3_000), counts)
    await fuzz_http(own_rig, chance, by_thoroughness(quick=30, full=60, long=1_000), counts)
    await fuzz_gateway(town, chance, by_thoroughness(quick=100, full=300, long=5_000), counts)

    async with own_rig.http.get(f"http://127.0.0.1:{own_rig.web_port}/healthz") as response:
        health = response.status
    balance = await town.balance(town.mia)
    seqs = books.rows(own_rig.database, "SELECT seq FROM journal WHERE guild_id = ?", town.guild.id)
    pid_afterwards = own_rig.bot.pid
    await own_rig.stop_bot()
    assert (problems, health, pid_afterwards, own_rig.bot.exit_code) == ([], 200, pid, 0), counts
    assert "1,000 coins" in balance
    assert len(seqs) == 1
    assert judge(own_rig.database, ()).fine
    assert [line for line in records(own_rig.bot.lines) if any(mark in line for mark in OUR_FAULT)] == []


async def overlay_secrets(town: Town) -> tuple[str, ...]:
    """Have a creator make both links, and return their secrets and one that is none."""
    await town.approve(town.noor)
    await (await town.noor.slash("live start")).message()
    card = await make_link(town.noor, await make_link(town.noor, await card_of(town.noor)), 1)
    return (*secrets_on(card), "x" * 43)
