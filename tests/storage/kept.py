"""Books with something of everything in them, for tests of what happens to whole databases."""

import asyncio

from bot.domain.deadlines import NEVER_MS
from bot.domain.live import LiveEvent
from bot.domain.trains import Cutoff
from bot.services.live_displays import LiveDisplays
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.stores import live
from tests.storage.town import (
    ALICE,
    BOB,
    DAY,
    GUILD,
    HOUR,
    LIVE_CHANNEL,
    NOAH,
    OTHER_GUILD,
    PAPER_CRANE,
    Clock,
    buy,
    event,
    gift,
    grant,
    order,
    settle_in,
)

PASSENGER = 16

KEPT_DAYS = 30
"""Days from the first rows of these books to the last. To an earlier clock, their leaderboards have run ahead."""


async def keep_books(address: str) -> None:
    """Write the books of two guilds to `address`, and close them."""
    clock = Clock()
    books = await Database.open(address, clock=clock)
    await books.writer.perform(settle_in)
    await books.writer.perform(settle_in, OTHER_GUILD)
    await books.writer.perform(live.insert, event())
    await buy(books, order())
    await books.writer.submit(grant("g", guild_id=OTHER_GUILD))
    # Most on one day, and the rest in the next month, so that leaderboards have a past.
    await asyncio.gather(*(books.writer.submit(gift(f"gift {number}", note="hello")) for number in range(15)))
    clock.now_ms += KEPT_DAYS * DAY
    await asyncio.gather(*(books.writer.submit(gift(f"later gift {number}", note="hello")) for number in range(5)))
    await books.writer.catch_up(GUILD)
    await books.close()


async def keep_trains(address: str) -> None:
    """Add two live events with a gift train each, which are joined, to the books at `address`."""
    clock = Clock()
    clock.now_ms += KEPT_DAYS * DAY
    books = await Database.open(address, clock=clock)
    await books.writer.perform(live.end, GUILD, event().event_id, clock.now_ms)
    times = {"started_ms": clock.now_ms, "ends_ms": clock.now_ms + HOUR}
    for show in (
        event(event_id=910, **times),
        event(event_id=911, channel_id=LIVE_CHANNEL + 1, creator_id=NOAH, **times),
    ):
        await books.writer.perform(live.insert, show)
        await _ride(books, show)
    await books.writer.catch_up(GUILD)
    await books.close()


async def _ride(books: Database, show: LiveEvent) -> None:
    """Have three members start a gift train in a live event, take it to its second level, and write it down."""
    for place, gifter in enumerate((ALICE, BOB, PASSENGER, ALICE)):
        key = f"{show.event_id}:{place}"
        await books.writer.submit(grant(f"ride {key}", member_id=gifter, amount=1_000))
        cranes = gift(f"cranes {key}", sender_id=gifter, creator_id=show.creator_id, item_id=PAPER_CRANE, quantity=6)
        await books.writer.submit(cranes)
    displays = LiveDisplays(books)
    rides = (await displays.show(show)).progress.momentum.rides(NEVER_MS)
    cutoff = Cutoff((await books.read(journal.head, GUILD)).seq, NEVER_MS)
    assert await displays.keep_trains(show, rides, cutoff)
