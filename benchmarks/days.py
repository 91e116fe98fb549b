"""Leaderboards of past days, as members page through them, in books with a journal behind them."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.books import CREATORS, FIRST_GUILD, fresh_copy, giver_ids, prepare_books
from benchmarks.figures import Figure, below, percentile, say
from benchmarks.storm import one_by_one, open_services, requests
from bot.domain.leaderboards import Board
from bot.domain.periods import PastPeriod, Period
from bot.services import Services
from bot.services.leaderboards import PAGE, BoardQuery

MEMBERS, GIFTS = 100_000, 300_000
PERIODS = (Period.LAST_30_DAYS, PastPeriod(20261010), PastPeriod(202610))
LOOKS = 100


async def measured(folder: Path) -> Iterator[Figure]:
    """Measure boards of 30 days, of a day and of a month: the first look, later ones, and those after a gift each."""
    books = fresh_copy(prepare_books(folder, gifts=GIFTS, members=MEMBERS))
    say("past days")
    figures: list[Figure] = []
    async with open_services(books) as services:
        for period in PERIODS:
            name = f"board {period}, {MEMBERS:,} members"
            first = await _look(services, period)
            later = [await _look(services, period) for _ in range(LOOKS)]
            after_gifts: list[float] = []
            for gift in requests(LOOKS, members=MEMBERS, prefix=f"days {period}"):
                await one_by_one(services, [gift])
                after_gifts.append(await _look(services, period))
            figures += (
                Figure(f"{name}, first look", first, "ms"),
                below(f"{name}, p50", percentile(later, 50), "ms", 5),
                Figure(
                    f"{name}, a gift before each look and its fold included, p50", percentile(after_gifts, 50), "ms"
                ),
            )
    return iter(figures)


async def _look(services: Services, period: Period | PastPeriod) -> float:
    """Return the milliseconds that one page of a board takes, with somebody's own place."""
    viewer, page = random.choice(giver_ids(MEMBERS, CREATORS)), random.randrange(500)
    query = BoardQuery(FIRST_GUILD, Board.GIFTERS, period, viewer, 0, None, page)
    began = time.perf_counter()
    view = await services.leaderboards.leaderboard(query)
    took_ms = (time.perf_counter() - began) * 1_000
    assert len(view.leaderboard.standings) == PAGE, view
    return took_ms
