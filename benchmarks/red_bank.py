"""The bank of Red-DiscordBot as published on PyPI: its transfers and its leaderboard, in Red's own environment.

    python red_bank.py MEMBERS SECONDS FOLDER      prints {"transfers_per_s": …, "board_ms": …}

Members are stand-ins with the few attributes that the bank reads. Nothing from Rosette is imported here.
"""

import asyncio
import json
import random
import statistics
import sys
import time
from types import SimpleNamespace

from redbot.core import bank, data_manager

GUILD = SimpleNamespace(id=900)


def member(number: int) -> SimpleNamespace:
    """Return a stand-in for a discord.Member with the attributes that the bank reads."""
    return SimpleNamespace(id=1_000 + number, guild=GUILD, display_name=f"member {number}", bot=False)


async def main(members: int, seconds: float, folder: str) -> None:
    """Measure how many transfers fit into `seconds`, one after another: the bank does not run two at a time."""
    data_manager.basic_config = {
        "DATA_PATH": folder,
        "COG_PATH_APPEND": "cogs",
        "CORE_PATH_APPEND": "core",
        "STORAGE_TYPE": "JSON",
        "STORAGE_DETAILS": {},
    }
    await bank._init()  # noqa: SLF001 - what Red itself calls at its start
    config = bank._config  # noqa: SLF001
    accounts = {
        str(1_000 + number): {"name": f"member {number}", "balance": 1_000_000, "created_at": 1_700_000_000}
        for number in range(members)
    }
    members_of = config._get_base_group(config.MEMBER, str(GUILD.id))  # noqa: SLF001 - a transfer at a time takes minutes
    await members_of.set(accounts)
    chance = random.Random(1)
    transfers, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        giver, receiver = chance.sample(range(members), 2)
        await bank.transfer_credits(member(giver), member(receiver), 10)
        transfers += 1
    rate = transfers / (time.perf_counter() - start)
    boards = []
    for _ in range(10):
        began = time.perf_counter()
        await bank.get_leaderboard(10, GUILD)
        await bank.get_leaderboard_position(member(members // 2))
        boards.append((time.perf_counter() - began) * 1_000)
    print(json.dumps({"transfers_per_s": rate, "board_ms": statistics.median(boards)}))


asyncio.run(main(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3]))
