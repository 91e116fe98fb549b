"""Leaderboards of any size: their rows are written in bulk and then read the way members read them."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain
from pathlib import Path
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from benchmarks.books import FIRST_GUILD, creator_ids, fill, giver_ids
from benchmarks.storm import CREATORS, NOW_MS, open_services
from bot.domain.catalogue import DEFAULT_ITEMS
from bot.domain.leaderboards import EVERYBODY, Board
from bot.domain.live import LiveEvent
from bot.domain.periods import Period, period_key_of
from bot.services import Services
from bot.services.leaderboards import PAGE, BoardQuery
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
from bot.storage.folds.leaderboards.rank_bins import rank_bin_of
from bot.storage.ledger import holders
from bot.storage.maintenance import migrate
from bot.storage.sql.leaderboard_tables import SPANS
from bot.storage.sql.statements import InsertMany
from bot.storage.sql.tables import ladders, standings, tallies
from bot.storage.stores import live

EVENT, CHANNEL = 5_000, 70
FAVOURITE = creator_ids(CREATORS)[0]
_LADDERS = InsertMany(tuple(ladders.c))
_STANDINGS = InsertMany(tuple(standings.c))
_TALLIES = InsertMany(tuple(tallies.c))
_MOST_GIFTS = {Period.LIVE: 3, Period.TODAY: 2, Period.WEEK: 8, Period.MONTH: 20, Period.ALL: 60}
"""Gifts of the busiest giver. In a short period most members give one or two gifts, so that many of them tie."""


class Kind(NamedTuple):
    """One leaderboard to write and read. `fans` narrows it to the favourite creator's fans."""

    board: Board
    period: Period
    fans: bool = False

    def __str__(self) -> str:
        return f"{'fans' if self.fans else self.board.value}/{self.period.value}"


SOME = (
    Kind(Board.GIFTERS, Period.TODAY),
    Kind(Board.GIFTERS, Period.ALL),
    Kind(Board.GIFTERS, Period.LIVE),
    Kind(Board.GIFTERS, Period.MONTH, fans=True),
    Kind(Board.CREATORS, Period.WEEK),
    Kind(Board.GIFTS, Period.ALL),
)
EVERY = (
    *(Kind(board, period) for board in (Board.GIFTERS, Board.CREATORS, Board.GIFTS) for period in Period),
    *(Kind(Board.GIFTERS, period, fans=True) for period in Period),
)


def make(file: Path, *, members: int, kinds: Sequence[Kind]) -> None:
    """Write a guild in which every member is on each of `kinds`. There is no journal behind these rows."""
    url = database_url(f"sqlite:///{file}")
    migrate.upgrade(url)
    engine = writing_engine(url)
    with engine.connect() as connection:
        fill(connection, gifts=0, members=members, creators=CREATORS)
        with connection.begin():
            live.insert(connection, LiveEvent(FIRST_GUILD, EVENT, CHANNEL, FAVOURITE, "Show", None, 0, NOW_MS * 2))
            _make_lines(connection, members, kinds)
    engine.dispose()


def _make_lines(c: Connection, members: int, kinds: Sequence[Kind]) -> None:
    random = Random(members)
    everybody = sorted(holders.holder_ids(c, [(FIRST_GUILD, number) for number in giver_ids(members, 0)]).values())
    creator = holders.holder_id(c, FIRST_GUILD, FAVOURITE)
    assert creator is not None
    seqs = list(range(1, len(everybody) + 1))
    random.shuffle(seqs)
    ladder_kinds = dict.fromkeys((kind.board, kind.fans, kind.period is Period.LIVE) for kind in kinds)
    for number, (board, fans, live_only) in enumerate(ladder_kinds, start=1):
        subjects = range(1, len(DEFAULT_ITEMS) + 1) if board is Board.GIFTS else everybody
        periods = (Period.LIVE,) if live_only else (Period.ALL, Period.TODAY, Period.WEEK, Period.MONTH)
        coins_by_period = [[*_sums(random, len(subjects), _MOST_GIFTS[period])] for period in periods]
        buckets = [] if live_only else [period_key_of(period, NOW_MS, ZoneInfo("UTC")) for period in periods[1:]]
        no_spans = (None, 0, 0) * (0 if buckets else len(SPANS))
        _STANDINGS.run(
            c,
            [
                (
                    *(FIRST_GUILD, subject, number, seq, coins[0], 1),
                    *chain.from_iterable(zip(buckets, coins[1:], (1, 1, 1), strict=False)),
                    *no_spans,
                )
                for subject, seq, *coins in zip(subjects, seqs, *coins_by_period, strict=False)
            ],
        )
        totals = [(len(sums), sum(sums), len(sums)) for sums in coins_by_period]
        spans = [*chain.from_iterable((bucket, *sums) for bucket, sums in zip(buckets, totals[1:], strict=True))]
        key = (board.value, creator if fans else EVERYBODY, EVENT if live_only else 0)
        _LADDERS.run(c, [(FIRST_GUILD, number, *key, *totals[0], *(spans or (0, 0, 0, 0) * len(SPANS)))])
        for name, sums in zip(("all", *SPANS), coins_by_period, strict=False):
            places = Counter(map(rank_bin_of, sums, seqs))
            _TALLIES.run(c, [(FIRST_GUILD, number, name, rank_bin, many) for rank_bin, many in places.items()])


def _sums(random: Random, members: int, max_gifts: int) -> Iterator[int]:
    prices = [price for _, _, price in DEFAULT_ITEMS]
    popularity = [*accumulate(1 / number**1.5 for number in range(1, len(prices) + 1))]
    for _ in range(members):
        gifts = 1 + int((max_gifts - 1) * random.random() ** 4)
        yield sum(random.choices(prices, cum_weights=popularity, k=gifts))


async def read(file: Path, *, members: int, kinds: Sequence[Kind], times: int, deep: bool) -> dict[Kind, list[float]]:
    """Return the milliseconds that reads of each of `kinds` take.

    Each read gets one page and the viewer's own place. It is the first page or, if `deep`, a random one.
    """
    async with open_services(file) as services:
        took: dict[Kind, list[float]] = {kind: [] for kind in kinds}
        for kind in kinds:
            random = Random(str(kind))
            # The first read compiles the queries.
            await _read(services, kind, members, random, deep=deep)
            for _ in range(times):
                began = time.perf_counter()
                await _read(services, kind, members, random, deep=deep)
                took[kind].append((time.perf_counter() - began) * 1_000)
        return took


async def _read(services: Services, kind: Kind, members: int, random: Random, *, deep: bool) -> None:
    viewer = random.choice(giver_ids(members, 0))
    page = random.randrange(members // PAGE) if deep and kind.board is not Board.GIFTS else 0
    fans_of = FAVOURITE if kind.fans else None
    query = BoardQuery(FIRST_GUILD, kind.board, kind.period, viewer, CHANNEL, fans_of, page)
    view = await services.leaderboards.leaderboard(query)
    assert len(view.leaderboard.standings) == PAGE
    assert (view.leaderboard.own is None) == (kind.board is Board.GIFTS)
