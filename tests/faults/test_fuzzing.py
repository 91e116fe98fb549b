"""Whatever is sent to the bot, it answers in words, moves no coins without a receipt, and does not stop."""

import random
from collections import Counter

from tests import books
from tests.faults.fuzzing import OUR_FAULT, Fuzzer
from tests.faults.fuzzing_wire import fuzz_gateway, fuzz_http, fuzz_webhooks
from tests.faults.verdict import judge
from tests.rig import Rig
from tests.thoroughness import by_thoroughness


async def test_whatever_is_pressed_typed_or_forged_is_answered_and_charges_nothing_unseen(own_rig: Rig):
    await own_rig.start_bot()
    fuzzer = await Fuzzer.begin(own_rig, seed=10)

    await fuzzer.run(by_thoroughness(quick=150, full=400, long=40_000))
    await own_rig.stop_bot()
    fuzzer.judge()

    assert fuzzer.problems == [], fuzzer.counts
    assert own_rig.bot.exit_code == 0


async def test_whatever_comes_by_wire_stops_nothing_and_moves_no_coins(own_rig: Rig):
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.grant(town.mia, 1_000)
    pid, chance, counts = own_rig.bot.pid, random.Random(11), Counter[str]()

    problems = await fuzz_webhooks(own_rig, chance, by_thoroughness(quick=200, full=500, long=80_000), counts)
    await fuzz_http(own_rig, chance, by_thoroughness(quick=30, full=60, long=5_000), counts)
    await fuzz_gateway(town, chance, by_thoroughness(quick=100, full=300, long=40_000), counts)

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
    assert [line for line in own_rig.bot.lines if any(mark in line for mark in OUR_FAULT)] == []
