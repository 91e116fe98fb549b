"""Books with something of everything in them, for tests of what happens to whole databases."""

import asyncio

from bot.domain.challenges import Challenge
from bot.domain.deadlines import NEVER_MS
from bot.domain.live import LiveEvent
from bot.domain.trains import Cutoff
from bot.services.live_displays import LiveDisplays
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.stores import challenges, live
from tests.storage.town import (
    ALICE,
    BOB,
    DAY,
    GUILD,
    HOUR,
    LIVE_CHANNEL,
    MIA,
    MINUTE,
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


async def keep_challenges(address: str) -> None:
    """Add two challenges to the books at `address` that count some of the same gifts, on days of different zones."""
    clock = Clock()
    clock.now_ms += KEPT_DAYS * DAY + 2 * HOUR
    books = await Database.open(address, clock=clock)
    # They begin, end and double within quarters of an hour, in which other gifts count differently.
    for number, minutes, zone in ((70, 10, "Asia/Tokyo"), (71, 25, "UTC")):
        starts_ms = clock.now_ms + minutes * MINUTE
        cup = Challenge(
            GUILD,
            number,
            "Cup",
            starts_ms=starts_ms,
            ends_ms=starts_ms + HOUR,
            double_from_ms=starts_ms + 20 * MINUTE,
            double_hours=1,
            is_by_creator=number == 71,
            zone=zone,
            posted_ms=clock.now_ms,
        )
        await books.writer.perform(challenges.save, cup)
    for gifter in (ALICE, BOB):
        await books.writer.submit(grant(f"coins for cups {gifter}", member_id=gifter, amount=1_000))
    for step in range(40):
        clock.now_ms += 3 * MINUTE
        sent = {"sender_id": (ALICE, BOB)[step % 2], "creator_id": (MIA, NOAH)[step // 2 % 2], "quantity": 1 + step % 3}
        await books.writer.submit(gift(f"cups {step}", **sent))
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
