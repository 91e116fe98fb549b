"""Storms of gifts into one channel over the wire, also with a bot that is killed again and again.

What a member sees is measured from outside: the messages of the channel against the journal.
"""

import asyncio
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.figures import Figure, below, percentile
from benchmarks.live import Answers, memory, show, stream
from sandbox.discord.model import Message
from sandbox.discord.state.core import RequestRecord
from tests import books
from tests.stage import Stage, Town, until

RATE = 500
LEARNING_S = 60.0
"""So long a 429 may teach the bot how fast a channel is."""

_SUM = re.compile(r"\S+ 🪙 ([\d,]+) coins?")
"""The footer of an announcement; the board's has other numbers in it, too."""

_NUMBERS = re.compile(r"([\d,]+) gifts? · 🪙 ([\d,]+) coins? · .*")
"""The footer of a board."""

LOOK_S = 0.02


@dataclass(slots=True)
class Watch:
    """What was seen of a channel: requests about it, and since when (seconds of the epoch) the board shows how many
    gifts."""

    stage: Stage
    town: Town
    heard: list[RequestRecord] = field(default_factory=list[RequestRecord])
    shown: list[tuple[float, int]] = field(default_factory=lambda: [(time.time(), 0)])

    async def look(self) -> None:
        """Go on looking until cancelled: the stand-in remembers only the newest requests."""
        requests = self.stage.world.requests
        while True:
            while requests:
                record = requests.popleft()
                if record.path.startswith(f"/channels/{self.town.live.id}/"):
                    self.heard.append(record)
            gifts = shown_on_board(self.stage, self.town)[0]
            if gifts != self.shown[-1][1]:
                self.shown.append((time.time(), gifts))
            await asyncio.sleep(LOOK_S)

    def behind(self) -> list[float]:
        """Return how long (s) the oldest gift had waited that each new state of the board shows for the first time."""
        given = books.rows(
            self.stage.database,
            "SELECT at_ms FROM journal WHERE guild_id = ? AND kind = 'gift' ORDER BY seq",
            self.town.guild.id,
        )
        changes = zip(self.shown, self.shown[1:], strict=False)
        return [at - given[before][0] / 1000 for (_, before), (at, now) in changes if before < now]


def shown_on_board(stage: Stage, town: Town) -> tuple[int, int]:
    """Return the gifts and the coins that the board in the town's #live shows."""
    for message in reversed(stage.world.messages(town.live.id)):
        for footer in _footers(message):
            if found := _NUMBERS.fullmatch(footer):
                return _number(found[1]), _number(found[2])
    return 0, 0


def told(stage: Stage, town: Town) -> int:
    """Return the coins that the announcements in #live add up to: each says its own in the footer."""
    sums = (
        _number(found[1])
        for message in stage.world.messages(town.live.id)
        for footer in _footers(message)
        if (found := _SUM.fullmatch(footer))
    )
    return sum(sums)


def _footers(message: Message) -> list[str]:
    return [embed.get("footer", {}).get("text", "") for embed in message.embeds] if message.author.bot else []


def _number(text: str) -> int:
    return int(text.replace(",", ""))


async def _weigh(pid: int, sizes: list[float]) -> None:
    """Take down the bot's memory in MiB, once a second."""
    while True:
        sizes.append(memory(pid))
        await asyncio.sleep(1)


async def storm(seconds: float) -> list[Figure]:
    """Measure a storm: what the channel is asked, how far the board is behind, and whether everything is told."""
    async with show() as town:
        stage, pid = town.stage, town.stage.bot.pid
        assert pid is not None
        stage.world.requests.clear()
        watch, sizes = Watch(stage, town), list[float]()
        began = time.time()
        tasks = [asyncio.create_task(watch.look()), asyncio.create_task(_weigh(pid, sizes))]
        answers = await stream(town, RATE, seconds, live=True)
        given, ended = books.given(stage.database, town.guild.id), time.perf_counter()
        left = await _settled(stage, town, given)
        waited = time.perf_counter() - ended
        for task in tasks:
            task.cancel()
        behind = watch.behind()
    refused = [one for one in watch.heard if one.status == 429]
    steady = sizes[len(sizes) // 3 :]
    return [
        *_answered(answers),
        below("storm: requests a second into the channel", len(watch.heard) / (seconds + waited), "1/s", 1.0),
        below("storm: requests refused with 429 once it was learnt", _late(refused, began), "", 0),
        Figure("storm: requests refused with 429 at all", len(refused), ""),
        *_waits("storm: the board is behind", behind),
        below("storm: seconds from the last gift until all are told", waited, "s", 5),
        below("storm: coins told or shown that are not in the journal", abs(left), "", 0),
        below("storm: memory, at the end beside the middle", steady[-1] / steady[len(steady) // 2], "x", 1.1),
    ]


async def killed(seconds: float, kills: int) -> list[Figure]:
    """Measure a storm in which the bot is killed with SIGKILL: what is told twice or never, and when the board is
    right again."""
    async with show() as town:
        stage = town.stage
        streaming = asyncio.create_task(stream(town, RATE, seconds, live=True))
        late: list[float] = []
        for _ in range(kills):
            await asyncio.sleep(seconds / (kills + 1))
            await stage.kill_bot()
            there = books.one(
                stage.database, "SELECT count(*) FROM journal WHERE guild_id = ? AND kind = 'gift'", town.guild.id
            )
            await stage.start_bot()
            ready = time.perf_counter()
            await until(_shows(stage, town, there), 60)
            late.append(time.perf_counter() - ready)
        answers = await streaming
        given = books.given(stage.database, town.guild.id)
        left = await _settled(stage, town, given)
    return [
        Figure(f"storm with {kills} kills: commands that were answered", len(answers.waits) - answers.failed, ""),
        Figure(f"storm with {kills} kills: commands that nobody answered", answers.failed, ""),
        below("storm with kills: coins told or shown that are not in the journal", abs(left), "", 0),
        below("storm with kills: the board is right after a start, at most", max(late), "s", 5),
    ]


def _shows(stage: Stage, town: Town, gifts: int):  # noqa: ANN202 - what `until` takes
    async def shows() -> bool:
        return shown_on_board(stage, town)[0] >= gifts

    return shows


async def _settled(stage: Stage, town: Town, given: int) -> int:
    """Wait until everything is told; return the coins that are told too many, or too few (negative)."""

    async def all_told() -> bool:
        return told(stage, town) == shown_on_board(stage, town)[1] == given

    try:
        await until(all_told, 60)
    except TimeoutError:
        return (told(stage, town) - given) or (shown_on_board(stage, town)[1] - given)
    return 0


def _answered(answers: Answers) -> list[Figure]:
    return [
        Figure("storm: gifts a second that were answered", answers.rate, "1/s"),
        below("storm: commands without an answer", answers.failed, "", 0),
    ]


def _late(refused: Sequence[RequestRecord], began: float) -> int:
    return sum(one.at - began > LEARNING_S for one in refused)


def _waits(name: str, seconds: Sequence[float]) -> list[Figure]:
    return [
        Figure(f"{name}, p50", percentile(seconds, 50), "s"),
        Figure(f"{name}, p99", percentile(seconds, 99), "s"),
        below(f"{name}, at most", max(seconds), "s", 5),
    ]


async def measured(_folder: Path, *, long: bool) -> Iterator[Figure]:
    """Return the figures of storms; `long` for as long as the bars say."""
    return iter([*await storm(60 if long else 15), *(await killed(60, 5) if long else [])])
