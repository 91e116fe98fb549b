"""Gift storms into one channel over the wire, also with a bot that is killed repeatedly.

What members see is measured from outside, by comparing the channel's messages with the journal.
"""

import asyncio
import contextlib
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from random import Random

from benchmarks.figures import Figure, below, percentile
from benchmarks.live import CROWD, memory, show, stream
from benchmarks.page import open_page
from bot.domain.catalogue import Tier
from bot.ui.looks.tiers import TIER_STYLES
from sandbox.discord.state.core import RequestRecord
from sandbox.storm import Storm
from sandbox.storm_plan import Counts, Mix, Plan
from tests import books
from tests.rig import Rig, Town, until
from tests.shown import announced_coins, board_totals, wrong_coins

RATE = 500
REVERSALS = 8
"""How many of a storm's gifts staff take back while it lasts."""
LEARNING_S = 60.0
"""During these first seconds a 429 is fine: it teaches the bot the rate limit of the channel."""

_GRAND = (TIER_STYLES[Tier.GRAND].colour, TIER_STYLES[Tier.LEGENDARY].colour)
"""The colours of messages about grand gifts."""
GRAND_PRICE = 5_000

MOST_MESSAGES, WINDOW_S = 6, 10.0
"""The bar: at most this many messages to a channel in any window of this many seconds."""

LOOK_S = 0.02


@dataclass(slots=True)
class Watch:
    """Observations of a channel: the bot's requests to it, and how the coins shown in it grow.

    `board` and `grand` are pairs of a time in seconds since the epoch and the coins shown from then on, on the board
    and in messages about grand gifts.
    """

    rig: Rig
    town: Town
    records: list[RequestRecord] = field(default_factory=list[RequestRecord])
    board: list[tuple[float, int]] = field(default_factory=lambda: [(time.time(), 0)])
    grand: list[tuple[float, int]] = field(default_factory=lambda: [(time.time(), 0)])

    async def observe(self) -> None:
        """Look until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(LOOK_S)

    def look(self) -> None:
        """Note what has changed. Requests are collected on the way, as the local Discord keeps only the newest."""
        requests = self.rig.world.requests
        while requests:
            record = requests.popleft()
            if record.path.startswith(f"/channels/{self.town.live.id}/"):
                self.records.append(record)
        coins = board_totals(self.rig, self.town.live.id)[1]
        if coins != self.board[-1][1]:
            self.board.append((time.time(), coins))
        coins = announced_coins(self.rig, self.town.live.id, _GRAND)
        if coins != self.grand[-1][1]:
            self.grand.append((time.time(), coins))

    def behind(self) -> list[float]:
        """Return for each gift the seconds until the board showed it."""
        return _waits_of(self.board, self._gifts(0))

    def unnamed(self) -> list[float]:
        """Return for each grand gift the seconds until a message named it."""
        return _waits_of(self.grand, self._gifts(GRAND_PRICE))

    def messages(self) -> list[float]:
        """Return the times of the channel's messages, including Discord's own notices about pins."""
        messages = self.rig.world.messages(self.town.live.id)
        public = [message for message in messages if message.ephemeral_for is None]
        return [message.created for message in public if message.author.bot or message.type]

    def _gifts(self, lowest_price: int) -> list[tuple[float, int]]:
        """Return the journal's time of each gift whose price is at least `lowest_price`, and what is left of its coins.

        What was taken back may never have been shown.
        """
        query = "SELECT seq, at_ms, body FROM journal WHERE guild_id = ? AND kind = ? ORDER BY seq"
        gift_rows, reversal_rows = (
            books.rows(self.rig.database, query, self.town.guild.id, kind) for kind in ("gift", "reversal")
        )
        reversed_coins = Counter[int]()
        for _, _, body in reversal_rows:
            reversal = json.loads(body)
            reversed_coins[reversal["of"]] += reversal["coins"]
        gifts = [(seq, at_ms / 1000, json.loads(body)) for seq, at_ms, body in gift_rows]
        return [(at, gift["coins"] - reversed_coins[seq]) for seq, at, gift in gifts if gift["price"] >= lowest_price]


def _waits_of(totals: Sequence[tuple[float, int]], gifts: Sequence[tuple[float, int]]) -> list[float]:
    """Return how long each gift waited until the total shown included it.

    `gifts` are pairs of (time, coins), and `totals` pairs of (time, coins shown in total from then on).
    """
    waits, changes = list[float](), iter(totals)
    at, coins = next(changes)
    for (given_at, _), total in zip(gifts, accumulate(coins for _, coins in gifts), strict=True):
        while coins < total:
            at, coins = next(changes, (float("inf"), total))
        waits.append(at - given_at)
    return waits


async def _weigh(pid: int, sizes: list[float]) -> None:
    """Record the bot's memory in MiB once a second."""
    while True:
        sizes.append(memory(pid))
        await asyncio.sleep(1)


async def storm(seconds: float, mix: Mix) -> list[Figure]:
    """Measure a storm of the sandbox, with notes and an open page.

    The figures are the messages that the channel gets, the delay of the board, how long grand gifts wait to be named,
    and whether every gift is shown in the end.
    """
    async with show() as town:
        rig, pid = town.rig, town.rig.bot.pid
        assert pid is not None
        crowd = [member.at(town.live) for member in town.crowd]
        gale = Storm(lambda people: crowd[:people], [town.noor.user], town.sam, Random(7))
        rig.world.requests.clear()
        watch, sizes = Watch(rig, town), list[float]()
        began = time.time()
        tasks = [asyncio.create_task(watch.observe()), asyncio.create_task(_weigh(pid, sizes))]
        async with open_page(town, gale):
            counts = await gale.run(Plan(RATE, round(seconds), mix, CROWD, REVERSALS))
            end = time.perf_counter()
            surplus = await _wait_until_told(rig, town)
            wait = time.perf_counter() - end
        for task in tasks:
            task.cancel()
        # The last change may have come after the last look.
        watch.look()
        behind, unnamed, messages = watch.behind(), watch.unnamed(), watch.messages()
    refusals = [record for record in watch.records if record.status == 429]
    steady = sizes[len(sizes) // 3 :]
    name = f"{mix} storm"
    return [
        *_outcomes(name, counts),
        below(f"{name}: messages in ten seconds, at most", _most(messages), "", MOST_MESSAGES),
        below(f"{name}: requests refused with 429 once it was learnt", _late(refusals, began), "", 0),
        Figure(f"{name}: requests refused with 429 at all", len(refusals), ""),
        *_waits(f"{name}: the board is behind", behind),
        *(_waits(f"{name}: until a grand gift is named", unnamed) if unnamed else []),
        below(f"{name}: seconds from the last gift until all are told", wait, "s", 10),
        below(f"{name}: coins told or shown that are not in the journal", surplus, "", 0),
        below(f"{name}: memory, at the end beside the middle", steady[-1] / steady[len(steady) // 2], "x", 1.1),
    ]


def _most(times: Sequence[float]) -> int:
    """Return the largest number of `times` within one window."""
    return max(sum(start <= at < start + WINDOW_S for at in times) for start in times)


async def storm_with_kills(seconds: float, kills: int) -> list[Figure]:
    """Measure a storm in which the bot is killed with SIGKILL.

    The figures are the gifts that are announced twice or never, and how long the board takes to be right again.
    """
    async with show() as town:
        rig = town.rig
        answers_task = asyncio.create_task(stream(town, RATE, seconds, live=True))
        late: list[float] = []
        for _ in range(kills):
            await asyncio.sleep(seconds / (kills + 1))
            await rig.kill_bot()
            gift_count = books.only_value(
                rig.database, "SELECT count(*) FROM journal WHERE guild_id = ? AND kind = 'gift'", town.guild.id
            )
            await rig.start_bot()
            ready = time.perf_counter()
            await until(_shows(rig, town, gift_count), 60)
            late.append(time.perf_counter() - ready)
        answers = await answers_task
        surplus = await _wait_until_told(rig, town)
    return [
        Figure(f"storm with {kills} kills: commands that were answered", len(answers.waits) - answers.failed, ""),
        Figure(f"storm with {kills} kills: commands that nobody answered", answers.failed, ""),
        below("storm with kills: coins told or shown that are not in the journal", surplus, "", 0),
        below("storm with kills: the board is right after a start, at most", max(late), "s", 5),
    ]


def _shows(rig: Rig, town: Town, gifts: int):  # noqa: ANN202 - what `until` takes
    async def shows() -> bool:
        return board_totals(rig, town.live.id)[0] >= gifts

    return shows


async def _wait_until_told(rig: Rig, town: Town) -> int:
    """Wait until every gift is shown, and return by how many coins anything differs from the journal."""

    async def all_told() -> bool:
        return not wrong_coins(rig, town.guild.id, town.live.id)

    with contextlib.suppress(TimeoutError):
        await until(all_told, 60)
    return sum(map(abs, wrong_coins(rig, town.guild.id, town.live.id).values()))


def _outcomes(name: str, counts: Counts) -> list[Figure]:
    return [
        Figure(f"{name}: gifts that were answered in time", counts.answered, ""),
        Figure(f"{name}: gifts that were refused in words", counts.refused, ""),
        Figure(f"{name}: gifts that were taken back", counts.reversed, ""),
        below(f"{name}: gifts that were answered late", counts.late, "", 0),
        below(f"{name}: gifts without an answer", counts.unanswered + counts.failed, "", 0),
        Figure(f"{name}: answers, p50", counts.percentile(0.5) / 1_000, "s"),
        below(f"{name}: answers, p99", counts.percentile(0.99) / 1_000, "s", 3),
    ]


def _late(refusals: Sequence[RequestRecord], began: float) -> int:
    return sum(record.at - began > LEARNING_S for record in refusals)


def _waits(name: str, seconds: Sequence[float]) -> list[Figure]:
    return [
        Figure(f"{name}, p50", percentile(seconds, 50), "s"),
        Figure(f"{name}, p99", percentile(seconds, 99), "s"),
        below(f"{name}, at most", max(seconds), "s", 5),
    ]


async def measured(_folder: Path, *, long: bool) -> Iterator[Figure]:
    """Return the figures of storms, which last as long as the bars require if `long`."""
    storms = [figure for mix in ("small", "legendary") for figure in await storm(60 if long else 15, mix)]
    return iter([*storms, *(await storm_with_kills(60, 5) if long else [])])
