"""A process that gives gifts until it is killed, and says aloud which ones it was told are in the books.

`python -m tests.storage.giver ADDRESS NAME [apart]`: "apart" has them written by a process of their own.
"""

import asyncio
import sys
import time

from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.grant import Grant
from bot.storage.connect.writer_process import ProcessTransactions
from bot.storage.database import Database
from tests.storage.town import ALICE, GUILD, MIA, PETAL, ROB, settle_in


async def main(address: str, run: str, process: ProcessTransactions | None) -> None:
    books = await Database.open(address, clock=lambda: time.time_ns() // 1_000_000, process=process)
    await books.writer.perform(settle_in)
    await books.writer.submit(Grant(GUILD, f"grant:{run}", ROB, ALICE, 1_000_000, "for the storm"))

    async def give(giver: int) -> None:
        for number in range(1_000_000):
            key = f"{run}:{giver}:{number}"
            await books.writer.submit(SendGift(GUILD, key, ALICE, MIA, PETAL, 1, 0))
            sys.stdout.write(f"{key}\n")
            sys.stdout.flush()

    await asyncio.gather(*(give(giver) for giver in range(20)))


asyncio.run(main(sys.argv[1], sys.argv[2], ProcessTransactions.fork() if "apart" in sys.argv else None))
