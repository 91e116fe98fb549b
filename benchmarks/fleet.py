"""Several real bots with many shards on one PostgreSQL server: how they start, what a guild costs, and how much load
they can bear.

The local Discord, the crowd and the bots share this machine, so the gifts per second say where it ends, not where a
fleet would.
"""

import asyncio
import contextlib
import itertools
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.books import FIRST_GUILD, FIRST_MEMBER, fill
from benchmarks.copied_books import copy_books
from benchmarks.figures import Figure, below, percentile, say
from benchmarks.live import memory, send_gift
from bot.storage.connect import postgresql
from bot.storage.connect.address import database_url
from bot.storage.maintenance import migrate
from sandbox.discord.exchange import NoAnswer
from sandbox.discord.people import Person
from sandbox.supervisor import BotProcess
from tests import postgres
from tests.rig import ROOT, Rig, until

BOTS, SHARDS = 4, 64
MEMBERS = 100
"""Members of a guild."""
SPACING_S = 5.0
"""Discord lets a bot identify once in this time."""
HASTE_S = 0.5
"""How much earlier an identify may arrive here: two of them do not take equally long to travel."""
CALLERS = 64
FLOOD_S = 20.0
BUSY_GUILDS = 64
CALM_S = 1.0
"""An answer within this time shows that a bot has dealt with what was due in its guilds since they were last served."""
LONGEST_START_S = 900.0
BOOKS = ("books not served for a month", "the same books a minute later")
"""Two starts: the first finds a lot to catch up on, the second what a restart finds."""


class Flood(NamedTuple):
    """Gifts that CALLERS sent one after the other, for FLOOD_S seconds or a little longer."""

    took_s: float
    waits_s: list[float]
    """How long each answer took."""
    unanswered: int
    """Gifts to which the bot did not respond in time: "The application did not respond"."""

    def figures(self, name: str) -> Iterable[Figure]:
        """Yield what is reported of it."""
        yield Figure(f"{name}: /gift answers/s", len(self.waits_s) / self.took_s, "1/s")
        if self.waits_s:
            yield Figure(f"{name}: /gift, p99", percentile(self.waits_s, 99) * 1000, "ms")
        yield below(f"{name}: /gift without an answer in time", self.unanswered, "", 0)


class Start(NamedTuple):
    """A start of all bots, and what they bore after it."""

    took_s: float
    weights: list[float]
    """The MiB of each bot when all were ready."""
    calm_s: float
    floods: dict[str, Flood]

    def figures(self, name: str, guilds: int, alone: float) -> Iterable[Figure]:
        """Yield what is reported of it. A bot without guilds weighs `alone` MiB."""
        per_guild = (sum(self.weights) - BOTS * alone) * 1024 / guilds
        weight, least_s = sum(self.weights) / BOTS, SHARDS * SPACING_S
        yield Figure(f"{name}: start to ready", self.took_s, "s", least_s, self.took_s / least_s)
        yield Figure(f"{name}: ready to gifts within {CALM_S:.0f} s", self.calm_s, "s")
        yield Figure(f"{name}: memory of a bot", weight, "MiB", alone, weight / alone)
        yield Figure(f"{name}: memory per guild", per_guild, "KiB")
        for gifts, flood in self.floods.items():
            yield from flood.figures(f"{name}, {gifts}")


def guild_ids(count: int) -> list[int]:
    """Return ids of guilds that are spread evenly over all shards."""
    return [FIRST_GUILD + (number << 22) for number in range(count)]


async def measured(folder: Path, *, guilds: int) -> Iterator[Figure]:
    """Measure BOTS bots with SHARDS shards and this many guilds of MEMBERS members each."""
    with postgres.running(sys.exit, durable=True) as server, server.database() as name:
        address = server.address(name)
        _fill(address, guilds)
        rig = Rig(folder, address)
        await rig.open()
        try:
            say("starting a bot without guilds")
            alone = await _weigh_without_guilds(rig)
            people = _found(rig, guilds)
            rig.server.gateway.identify_spacing_s = SPACING_S - HASTE_S
            starts = [await _start_all(rig, people) for _ in BOOKS]
            hasty = rig.server.gateway.hasty_identifies
        finally:
            await rig.close()
    fleet = f"{BOTS} bots, {SHARDS} shards, {guilds:,} guilds, {guilds * MEMBERS:,} members"
    return iter(
        [
            below(f"{fleet}: identifies that came too soon", hasty, "", 0),
            *(
                figure
                for books, start in zip(BOOKS, starts, strict=True)
                for figure in start.figures(f"{fleet}, {books}", guilds, alone)
            ),
        ]
    )


async def _start_all(rig: Rig, people: Sequence[Person]) -> Start:
    """Start the bots, let members give, and stop the bots."""
    say(f"starting {BOTS} bots: {SHARDS} shards take {SHARDS * SPACING_S / 60:.0f} minutes and more")
    began = time.perf_counter()
    bots = [await _start(rig, number) for number in range(BOTS)]
    await asyncio.gather(*(_ready(bot, SHARDS * SPACING_S + 300) for bot in bots))
    took_s = time.perf_counter() - began
    say(f"all bots are ready after {took_s:.0f} s")
    weights = [memory(bot.pid) for bot in bots if bot.pid is not None]
    calm_s = await _until_calm(people)
    say(f"gifts are answered within a second after {calm_s:.0f} s more")
    floods = {
        "each gift in another guild": await _flood(people),
        f"gifts in {BUSY_GUILDS} guilds": await _flood(people[:: max(1, len(people) // BUSY_GUILDS)]),
    }
    for bot in bots:
        await bot.stop()
    return Start(took_s, weights, calm_s, floods)


def _fill(address: str, guilds: int) -> None:
    """Make the books of the first guild as the bot does, and have the server copy them."""
    url = database_url(address)
    migrate.upgrade(url)
    first, *copies = guild_ids(guilds)

    def progress(count: int) -> None:
        say(f"made books of {count + 1:,} of {guilds:,} guilds")

    postgresql.alone(url, lambda c: fill(c, gifts=MEMBERS, members=MEMBERS, creators=1, guild_id=first))
    progress(0)
    postgresql.alone(url, lambda c: copy_books(c, first, copies, progress))


def _found(rig: Rig, guilds: int) -> list[Person]:
    """Found the guilds of the books, and return a giver of each."""
    world = rig.world
    owner = world.add_user("owner")
    creator = world.add_user("creator", user_id=FIRST_MEMBER)
    giver = world.add_user("giver", user_id=FIRST_MEMBER + 1)
    people: list[Person] = []
    for guild_id in guild_ids(guilds):
        guild = world.add_guild(f"Guild {len(people)}", owner=owner, guild_id=guild_id)
        channel = world.add_channel(guild, "general")
        for user in (creator, giver):
            world.join(guild, user)
        people.append(Person(world, giver, channel))
    return people


async def _weigh_without_guilds(rig: Rig) -> float:
    """Return the MiB of a bot that serves nobody. It also registers the commands, before anyone measures a start."""
    bot = await _start(rig, 0)
    await _ready(bot, 300)
    assert bot.pid is not None
    weight = memory(bot.pid)
    await bot.stop()
    return weight


async def _start(rig: Rig, number: int) -> BotProcess:
    """Start a bot with its part of the shards."""
    own = range(number * SHARDS // BOTS, (number + 1) * SHARDS // BOTS)
    shards = {"SHARD_COUNT": str(SHARDS), "SHARD_IDS": ",".join(map(str, own)), "WEB_PORT": "0"}
    bot = BotProcess((sys.executable, "-m", "bot"), rig.variables | shards, folder=ROOT)
    await bot.start()
    return bot


async def _ready(bot: BotProcess, patience_s: float) -> None:
    """Wait until all shards of a bot are connected."""

    async def is_ready() -> bool:
        assert bot.state != "dead", "\n".join(bot.lines)
        return any("Ready as" in line for line in bot.lines)

    await until(is_ready, patience_s)


async def _until_calm(people: Sequence[Person]) -> float:
    """Return the seconds until a gift in a guild of each bot is answered within CALM_S."""
    creator = people[0].world.users[FIRST_MEMBER]
    began = time.perf_counter()
    for number in range(BOTS):
        # Guilds are spread over the shards in turn, and each bot has the next part of the shards.
        person = people[number * SHARDS // BOTS]

        async def is_calm(person: Person = person) -> bool:
            with contextlib.suppress(NoAnswer):
                return await send_gift(person, "1", creator) < CALM_S
            return False

        await until(is_calm, LONGEST_START_S)
    return time.perf_counter() - began


async def _flood(people: Sequence[Person]) -> Flood:
    """Let each of the people give in turn, CALLERS at a time."""
    say(f"giving for {FLOOD_S:.0f} s in {len(people):,} guilds")
    turns = itertools.cycle(people)
    creator = people[0].world.users[FIRST_MEMBER]
    waits_s: list[float] = []
    unanswered = 0
    began = time.perf_counter()

    async def keep_on() -> None:
        nonlocal unanswered
        while time.perf_counter() - began < FLOOD_S:
            try:
                waits_s.append(await send_gift(next(turns), "1", creator))
            except NoAnswer:
                unanswered += 1

    await asyncio.gather(*(keep_on() for _ in range(CALLERS)))
    return Flood(time.perf_counter() - began, waits_s, unanswered)
