"""A street of shops: books, and one buyer after another, while the processes that sell are killed."""

import asyncio
import zlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.domain.deadlines import CLAIM_MS
from bot.services.look_back import OVERLAP_MS
from bot.services.payment_events import LEASE_MS
from bot.storage.audit.auditor import audit_database
from tests.faults.children import KILLED, Children
from tests.faults.shopping import Keeper, open_shop
from tests.storage.town import Clock
from tests.thoroughness import by_thoroughness

MODULE = "tests.faults.shopping"
FEWEST_POINTS, MOST_POINTS = 30, 1_000
PATIENCE_S = 30
PARTS = by_thoroughness(quick=1, full=1, long=4)

in_parts = pytest.mark.parametrize("part", range(PARTS), ids=lambda part: f"part{part + 1}of{PARTS}")

Job = dict[str, Any]


@dataclass
class Street:
    """Books, and one buyer after another, whose order has the same number. `places` are what processes need to know of
    the provider."""

    address: str
    places: Job
    clock: Clock
    mortals: Children
    news: Path
    step: int
    """How many points to advance between kills."""
    numbers: "count[int]" = field(default_factory=lambda: count(1_000))

    def job(self, **more: Any) -> Job:
        """Return a job in these books at this time."""
        return {
            "address": self.address,
            "news": str(self.news),
            "now_ms": self.clock.now_ms,
            **self.places,
            **more,
        }

    @asynccontextmanager
    async def process(self) -> AsyncGenerator[Keeper]:
        """Open another process, which nobody kills."""
        async with asyncio.timeout(PATIENCE_S), open_shop(self.job()) as keeper:
            yield keeper

    async def lives(self, work: str, prepare: Callable[[int], Awaitable[Job]], part: int = 0) -> AsyncGenerator[int]:
        """Kill a process at each point of some work in turn, of those that are in this part. Yield the number of each
        life, also of the last, which was through before its point."""
        # Where the kills begin differs by the work, so that not all of them are after the same statements.
        first = 1 + zlib.crc32(work.encode()) % self.step + part * self.step
        for at in count(first, PARTS * self.step):
            assert at < MOST_POINTS, "there is no end of points"
            number = next(self.numbers)
            options = self.job(order=number, member=number, work=f"{MODULE}:{work}", strike_at=at)
            address = options.pop("address")
            code, _ = await self.mortals.run(address, [], **options, **await prepare(number))
            assert code in {0, KILLED}
            yield number
            assert [finding.what for finding in audit_database(self.address)] == []
            # So late that nobody asks the provider again about this buyer.
            self.clock.now_ms += 2 * OVERLAP_MS
            if not code:
                assert at > FEWEST_POINTS, "too few points"
                return

    async def nothing(self, _: int) -> Job:
        """Prepare nothing."""
        return {}

    @asynccontextmanager
    async def restarted(self, *, asks: bool = True) -> AsyncGenerator[Keeper]:
        """Let another process go on, once the claims of the first have run out. It `asks` the provider what changed,
        or goes by what is in the books."""
        began_ms = self.clock.now_ms - 1_000
        self.clock.now_ms += max(LEASE_MS, CLAIM_MS) + 1_000
        async with self.process() as keeper:
            for _ in range(2):
                await keeper.send_back()
                if asks:
                    await keeper.services.payment_events.reconcile(began_ms)
                await keeper.settle()
            yield keeper

    def news_of(self, order_id: int) -> list[str]:
        """Return what the buyer of an order was told, and how often."""
        lines = self.news.read_text(encoding="utf-8").splitlines() if self.news.exists() else []
        return [state for number, state in map(str.split, lines) if number == str(order_id)]
