"""Boards of two live events with joined gift trains, turn by turn: each shows the joint progress so far."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.announcer.board_delivery import BoardDelivery
from bot.announcer.live_board import LOOK_GAP_MS, LiveBoard
from bot.announcer.live_boards import LiveBoards
from bot.domain.live import LiveEvent
from bot.domain.live_progress import LiveProgress
from bot.services.assembly import build
from bot.storage.database import Database
from bot.storage.memory.live_displays import StoredLiveMemory
from bot.storage.stores import live
from tests.storage.town import (
    ALICE,
    BOB,
    GUILD,
    LIVE_CHANNEL,
    MIA,
    NOAH,
    PAPER_CRANE,
    ROB,
    Clock,
    event,
    gift,
    grant,
    settle_in,
)

pytestmark = pytest.mark.databases("sqlite")

SONGS, GAMES = 900, 901
CREATORS = {SONGS: MIA, GAMES: NOAH}


def opened() -> asyncio.Event:
    """Return a gate that is open."""
    gate = asyncio.Event()
    gate.set()
    return gate


class Discord:
    """As much of Discord as boards without messages need: everybody is there."""

    async def wait_until_ready(self) -> None: ...

    def serves(self, _guild_id: int) -> bool:
        return True

    def reaches(self, _guild_id: int) -> bool:
        return True


class Everything(set[str]):
    """A set that contains everything."""

    def __contains__(self, _name: object) -> bool:
        return True


class Memory(StoredLiveMemory):
    """Remembers all moments as announced."""

    async def announced_moments(self, event: LiveEvent) -> set[str]:
        return Everything()


class Desk(BoardDelivery):
    """Notes the progress of the trains at each turn of a board. Its reads and its turns can be held."""

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        self.reads: defaultdict[int, asyncio.Event] = defaultdict(opened)
        self.turns: defaultdict[int, asyncio.Event] = defaultdict(opened)
        self.sums: dict[int, list[int]] = {SONGS: [], GAMES: []}
        self.now_ms: Any = parts["clock"]

    async def read(self, board: LiveBoard) -> LiveProgress:
        await self.reads[board.event.event_id].wait()
        return await super().read(board)

    async def update(self, board: LiveBoard) -> None:
        await self.turns[board.event.event_id].wait()
        (train,) = board.trains(self.now_ms())
        self.sums[board.event.event_id].append(board.rails.coins(train))
        board.unshown.show(board.seq, self.now_ms())


class Show:
    """Two live events with a train each, and their boards."""

    def __init__(self, books: Database, clock: Clock) -> None:
        self.books, self.clock = books, clock
        services, discord = build(books, [], clock), Discord()
        memory = Memory(books, clock)
        beside: dict[str, Any] = {"memory": memory, "client": discord, "courier": discord, "clock": clock}
        self.desk = Desk(
            displays=services.live_displays, pictures=services.pictures, staff=None, sleep=asyncio.sleep, **beside
        )
        self.boards = LiveBoards(services, delivery=self.desk, **beside)
        self.woken = asyncio.Event()
        self.boards.wake = self.woken.set
        self.gifts = 0

    async def give(self, event_id: int, sender_id: int, count: int) -> None:
        """Send a number of gifts of 99 coins, and tell the boards."""
        self.gifts += 1
        command = gift(f"gift {self.gifts}", sender_id=sender_id, creator_id=CREATORS[event_id], quantity=count)
        await self.books.writer.submit(command._replace(item_id=PAPER_CRANE))
        self.clock.now_ms += 1
        self.boards.hear([GUILD])

    async def look(self, *waiting: int) -> None:
        """Have boards look until nothing wakes them any more, except for those that are `waiting` at a gate."""
        self.woken.set()
        while self.woken.is_set():
            self.woken.clear()
            self.clock.now_ms += LOOK_GAP_MS
            await self.boards.refresh()
            names = {f"board of {event_id}" for event_id in CREATORS.keys() - {*waiting}}
            await asyncio.gather(*(task for task in asyncio.all_tasks() if task.get_name() in names))


@pytest.fixture
async def show(address: str) -> AsyncIterator[Show]:
    clock = Clock()
    database = await Database.open(address, clock=clock)
    await database.writer.perform(settle_in)
    for event_id, creator_id in CREATORS.items():
        await database.writer.perform(
            live.insert, event(event_id=event_id, creator_id=creator_id, channel_id=LIVE_CHANNEL + event_id)
        )
    for member_id in (ALICE, BOB, ROB):
        await database.writer.submit(grant(f"grant {member_id}", actor_id=1, member_id=member_id, amount=9_000))
    stage = Show(database, clock)
    for event_id in CREATORS:
        for sender_id in (ALICE, BOB, ROB):
            await stage.give(event_id, sender_id, 2)
    await stage.look()
    yield stage
    for gate in (*stage.desk.reads.values(), *stage.desk.turns.values()):
        gate.set()
    await stage.look()
    await stage.boards.stop()
    await database.close()


async def test_a_board_whose_turn_comes_late_shows_what_was_given_beside_it_meanwhile(show: Show) -> None:
    await show.give(GAMES, ALICE, 1)
    show.desk.turns[GAMES].clear()
    await show.look(GAMES)
    await show.give(SONGS, BOB, 3)
    await show.look(GAMES)
    late = len(show.desk.sums[GAMES])
    show.desk.turns[GAMES].set()
    await show.look()

    assert show.desk.sums[GAMES][late] == 4 * 99
    assert {sums[-1] for sums in show.desk.sums.values()} == {4 * 99}


async def test_a_board_looks_again_once_the_one_beside_it_has_read_what_was_given_there(show: Show) -> None:
    show.desk.reads[SONGS].clear()
    await show.give(SONGS, BOB, 3)
    await show.look(SONGS)
    before = show.desk.sums[GAMES][-1]
    show.desk.reads[SONGS].set()
    await show.look()

    assert before == 0
    assert {sums[-1] for sums in show.desk.sums.values()} == {3 * 99}
