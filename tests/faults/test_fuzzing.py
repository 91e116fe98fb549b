"""Whatever is sent to the bot, it answers in words, moves no coins without a receipt, and does not stop."""

import random
from collections import Counter

from tests import books
from tests.faults.fuzzing import OUR_FAULT, Fuzzer
from tests.faults.fuzzing_wire import fuzz_gateway, fuzz_http, fuzz_webhooks
from tests.faults.judging import judge
from tests.stage import Stage
from tests.thoroughness import some


async def test_whatever_is_pressed_typed_or_forged_is_answered_and_charges_nothing_unseen(own_stage: Stage):
    await own_stage.start_bot()
    fuzzer = await Fuzzer.begin(own_stage, seed=10)

    await fuzzer.run(some(400, 40_000))
    await own_stage.stop_bot()
    fuzzer.judge()

    assert fuzzer.problems == [], fuzzer.counts
    assert own_stage.bot.exit_code == 0


async def test_whatever_comes_by_wire_stops_nothing_and_moves_no_coins(own_stage: Stage):
    await own_stage.start_bot()
    town = await own_stage.found_town()
    await town.grant(town.mia, 1_000)
    pid, chance, counts = own_stage.bot.pid, random.Random(11), Counter[str]()

    problems = await fuzz_webhooks(own_stage, chance, some(500, 80_000), counts)
    await fuzz_http(own_stage, chance, some(60, 5_000), counts)
    await fuzz_gateway(town, chance, some(300, 40_000), counts)

    async with own_stage.http.get(f"http://127.0.0.1:{own_stage.web_port}/healthz") as response:
        health = response.status
    balance = await town.balance(town.mia)
    seqs = books.rows(own_stage.database, "SELECT seq FROM journal WHERE guild_id = ?", town.guild.id)
    pid_afterwards = own_stage.bot.pid
    await own_stage.stop_bot()
    assert (problems, health, pid_afterwards, own_stage.bot.exit_code) == ([], 200, pid, 0), counts
    assert "1,000 coins" in balance
    assert len(seqs) == 1
    assert judge(own_stage.database, ()).fine
    assert [line for line in own_stage.bot.lines if any(mark in line for mark in OUR_FAULT)] == []
