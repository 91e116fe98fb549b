"""Books of any size for benchmarks, long tests and the audit. The same arguments give the same books.

The bot's own rules and stores produce every row from a command. Only the waiting, the commits in between and the
loading are left out. So the books add up without any knowledge of that here.

    python -m benchmarks.books sqlite:///build/million.db --gifts 1000000 --members 100000
"""

import argparse
import gc
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random

from sqlalchemy import Connection

from benchmarks.belonging import Belonging
from benchmarks.figures import say
from bot.domain.catalogue import DEFAULT_ITEMS, default_items
from bot.domain.guilds import GuildRules
from bot.domain.ledger import decide
from bot.domain.ledger.books import Books, Decision
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.grant import Grant
from bot.domain.ledger.journal import JournalRow
from bot.domain.ledger.kinds import Command
from bot.domain.ledger.order import CreditOrder
from bot.domain.orders import Contact, Order
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
from bot.storage.folds import folding
from bot.storage.ledger import holders, journal
from bot.storage.ledger.record import record
from bot.storage.maintenance import migrate
from bot.storage.stores import creators, guilds, orders

START_MS = 1_790_812_800_000
"""The time of the first guild's first gift: 1 October 2026, 00:00 UTC."""
DAY_MS = 86_400_000
FIRST_GUILD = 1_090_000_000_000_000_001
"""Ids are as long as Discord's."""
MEMBERS = 1_000
"""Members of a guild, unless a figure is about another number."""
CREATORS = 10
STAFF = 1
FIRST_MEMBER = 1_190_000_000_000_000_000
"""Member ids count up from FIRST_MEMBER. The first ones are the creators."""
ALLOWANCE = 1_000_000_000
"""Coins granted to every giver before the first gift. The busiest of 1,000 givers sends a tenth of 10 million gifts."""
PACKAGE, ORDER_STEP = 2, 10**15
"""What givers buy, and how far the ids of their orders are apart."""
BATCH = 20_000

Progress = Callable[[int], None]


def creator_ids(count: int) -> range:
    """Return the ids of the creators, who give no gifts."""
    return range(FIRST_MEMBER, FIRST_MEMBER + count)


def giver_ids(members: int, creators: int) -> range:
    """Return the ids of the members who give gifts."""
    return range(FIRST_MEMBER + creators, FIRST_MEMBER + members)


def fill(
    c: Connection,
    *,
    gifts: int,
    members: int = 1_000,
    creators: int = 10,
    days: int = 30,
    guild_id: int = FIRST_GUILD,
    seed: int = 1,
    purchases: int = 0,
    uncounted: int = 0,
    belongs: bool = False,
    progress: Progress = lambda _gifts: None,
) -> None:
    """Write the books of a new guild: `gifts` gifts over `days` days, the first ones from each giver in turn.

    Every giver gets a grant of coins before their first gift, which is one journal row each, or makes that many
    `purchases` instead. Leaderboards do not count the last `uncounted` gifts yet. If it `belongs`, there is all of
    `benchmarks.belonging` in the books as well. This commits in batches, so `c` must not be in a transaction.
    `progress` is called with the number of gifts written so far.
    """
    random = Random(seed)
    with c.begin():
        books = _open_books(c, guild_id, members, creators, random)
        for order in _orders(guild_id, giver_ids(members, creators), purchases):
            orders.insert(c, order, Contact("en-US", None))
            books.orders[guild_id, order.order_id] = order
        scene = Belonging(guild_id, creator_ids(creators), START_MS, days) if belongs else None
        if scene is not None:
            scene.open(c, books)
    records: list[tuple[JournalRow, Decision]] = []
    gift_count = 0
    for command, at_ms in _commands(gifts, members, creators, days, guild_id, purchases, random):
        for each in (command, *(scene.follow(command) if scene is not None else ())):
            if scene is not None:
                scene.meet(books, at_ms)
            decision = decide(each, books, at_ms)
            row = books.record(guild_id, each.key, decision, at_ms)
            records.append((row, decision))
            if scene is not None:
                scene.note(row, decision)
        gift_count += isinstance(command, SendGift)
        if len(records) >= BATCH or gift_count == gifts - uncounted:
            _write(c, records, books, fold=gift_count <= gifts - uncounted)
            progress(gift_count)
    _write(c, records, books, fold=not uncounted)
    if scene is not None:
        with c.begin():
            scene.close(c, books.heads[guild_id].seq)
    progress(gift_count)


def _open_books(c: Connection, guild_id: int, members: int, creator_count: int, random: Random) -> Books:
    """Create the guild, its creators and its holders, and return its books."""
    guilds.ensure(c, guild_id, START_MS, packages_archived=False)
    approved = creator_ids(creator_count)
    for member_id in approved:
        creators.approve(c, guild_id, member_id, STAFF, START_MS)
    everybody = [STAFF, *range(FIRST_MEMBER, FIRST_MEMBER + members)]
    pseudonyms = random.sample(range(1, 2**53), len(everybody))
    holder_by_member = {(guild_id, member_id): holder for member_id, holder in zip(everybody, pseudonyms, strict=True)}
    holders.insert(c, holder_by_member)
    return Books(
        heads={guild_id: journal.head(c, guild_id)},
        rules={guild_id: GuildRules(guild_id)},
        holders=holder_by_member,
        items={(guild_id, item.item_id): item for item in default_items(guild_id)},
        creators={(guild_id, member_id) for member_id in approved},
    )


def _commands(
    gifts: int, members: int, creator_count: int, days: int, guild_id: int, purchases: int, random: Random
) -> Iterator[tuple[Command, int]]:
    """Yield commands and their times in ms. A few givers send most gifts, most are small, and one creator leads."""
    givers, receivers = giver_ids(members, creator_count), creator_ids(creator_count)
    items = range(1, len(DEFAULT_ITEMS) + 1)
    popularity = [1 / item**1.5 for item in items]
    step_ms = days * DAY_MS / max(gifts, 1)
    for number in range(gifts):
        at_ms = START_MS + int(number * step_ms)
        is_first = number < len(givers)
        giver = givers[number if is_first else int(len(givers) * random.random() ** 3)]
        if is_first and purchases:
            for order in _orders(guild_id, [giver], purchases):
                yield CreditOrder(guild_id, order.key, order.order_id, giver, f"cs_{order.order_id}"), at_ms
        elif is_first:
            yield Grant(guild_id, f"grant:{giver}", STAFF, giver, ALLOWANCE, "to begin with"), at_ms
        receiver = receivers[int(len(receivers) * random.random() ** 2)]
        (item,) = random.choices(items, popularity)
        yield SendGift(guild_id, f"i:{10**18 + number}", giver, receiver, item, 1, 0), at_ms


def _orders(guild_id: int, givers: Iterable[int], each: int) -> Iterator[Order]:
    """Yield the orders of givers: together they bring each of them the allowance."""
    for giver in givers:
        for number in range(each):
            order_id = giver + number * ORDER_STEP
            terms = (PACKAGE, ALLOWANCE // each, 4_999, "USD", "till")
            yield Order(guild_id, order_id, giver, *terms, test=False, consented_ms=START_MS)


def _write(c: Connection, records: list[tuple[JournalRow, Decision]], books: Books, *, fold: bool) -> None:
    with c.begin():
        if records:
            record(c, records, books)
            guild_id = records[0][0].guild_id
            while fold and folding.fold_slice(c, guild_id=guild_id, most=BATCH, now_ms=None).backlog:
                pass
    records.clear()
    books.recorded.clear()


def prepare_books(
    folder: Path, *, gifts: int, members: int = MEMBERS, purchases: int = 0, uncounted: int = 0, belongs: bool = False
) -> Path:
    """Return a database with this many gifts, of granted coins or of so many purchases; create it on first use.

    Leaderboards do not count the last `uncounted` ones yet. If it `belongs`, see `fill`.
    """
    names = ((purchases, ""), (uncounted, "-uncounted"), (int(belongs), "-belonging"))
    suffixes = (f"-{number}{name}" for number, name in names if number)
    file = folder / f"books-{gifts}-{members}{''.join(suffixes)}.db"
    if not file.exists():
        say(f"making books of {gifts:,} gifts and {members:,} members")
        url = database_url(f"sqlite:///{file}")
        migrate.upgrade(url)
        engine = writing_engine(url)
        with engine.connect() as connection:
            fill(
                connection,
                gifts=gifts,
                members=members,
                creators=CREATORS,
                purchases=purchases,
                uncounted=uncounted,
                belongs=belongs,
            )
        engine.dispose()
    return file


def fresh_copy(file: Path) -> Path:
    """Return a fresh copy to write to. It replaces the previous copy."""
    copy = file.with_suffix(".copy.db")
    for old in (copy, Path(f"{copy}-wal"), Path(f"{copy}-shm")):
        old.unlink(missing_ok=True)
    shutil.copy(file, copy)
    # Flush the copy to the disk now, or its writes would slow down the commits that are measured.
    os.sync()
    return copy


def main() -> None:
    """Write books to the database that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.books", description="Write books of any size.")
    parser.add_argument("database", help="sqlite:///path/to/file.db; made if it is not there")
    parser.add_argument("--gifts", type=int, default=100_000)
    parser.add_argument("--members", type=int, default=1_000)
    parser.add_argument("--creators", type=int, default=10)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--guilds", type=int, default=1, help="guilds, each of that size")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    url = database_url(options.database)
    migrate.upgrade(url)
    engine = writing_engine(url)
    # Nothing here creates reference cycles, and searching a million accounts for them would take most of the time.
    gc.disable()
    start = time.monotonic()

    def progress(gift_count: int) -> None:
        rate = gift_count / (time.monotonic() - start)
        sys.stderr.write(f"\r{gift_count:,} of {options.gifts:,} gifts, {rate:,.0f}/s ")

    with engine.connect() as connection:
        for guild in range(options.guilds):
            fill(
                connection,
                gifts=options.gifts,
                members=options.members,
                creators=options.creators,
                days=options.days,
                guild_id=FIRST_GUILD + guild,
                seed=options.seed + guild,
                progress=progress,
            )
            sys.stderr.write("\n")
    engine.dispose()


if __name__ == "__main__":
    main()
