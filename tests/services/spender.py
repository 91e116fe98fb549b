"""A process that sends gifts for one member with a budget, a few at a time, as soon as it is told to.

`python -m tests.services.spender ADDRESS NAME COUNT` says "ready", waits for a line, and then says how many gifts were
accepted and what the others were refused with.
"""

import asyncio
import sys

from bot.domain.ledger.gift import SendGift
from bot.domain.receipts import Receipt
from bot.services.assembly import build
from bot.storage.database import Database
from tests.storage.town import ALICE, CHANNEL, GUILD, MIA, WARM_HEART, Clock

AT_ONCE = 5
"""Gifts that are sent at the same time."""


async def main(address: str, name: str, count: int) -> None:
    clock = Clock()
    books = await Database.open(address, clock=clock)
    gifts = build(books, [], clock).gifts
    say("ready")
    await asyncio.to_thread(sys.stdin.readline)
    commands = [SendGift(GUILD, f"{name}:{number}", ALICE, MIA, WARM_HEART, 1, CHANNEL) for number in range(count)]
    outcomes: list[Receipt | BaseException] = []
    # In many batches, so that those of several processes come between each other.
    for start in range(0, count, AT_ONCE):
        batch = commands[start : start + AT_ONCE]
        outcomes += await asyncio.gather(*map(gifts.send, batch), return_exceptions=True)
    refusals = {type(outcome).__name__ for outcome in outcomes if isinstance(outcome, BaseException)}
    accepted = sum(isinstance(outcome, Receipt) for outcome in outcomes)
    say(f"{accepted} {' '.join(sorted(refusals))}")
    await books.close()


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
