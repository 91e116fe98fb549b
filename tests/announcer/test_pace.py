"""Whose turn it is to send a request to a channel."""

import asyncio
import itertools
from collections.abc import Coroutine, Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.announcer.pace import BOT_GAP_S, MOST_LANES, Pace, TurnKind
from bot.domain.turns import CHANNEL_GAP_S, WINDOW_S
from tests.clock import Clock

HALL, YARD = 11, 12


class Channels:
    """Discord's side: counts requests to channels in windows, and reports its limits in headers."""

    def __init__(self, clock: Clock, limit: int = 5, window_s: float = 5.0, lane_limit: int = MOST_LANES) -> None:
        self.clock, self.limit, self.window_s = clock, limit, window_s
        self.pace = Pace(clock, clock.sleep, lane_limit)
        self.requests: list[tuple[float, int, str]] = []
        self.refusals = 0
        self._windows: dict[tuple[int, str], tuple[float, int]] = {}

    def request(self, channel_id: int, verb: str, name: str) -> None:
        now = self.clock.now
        ends_at, remaining = self._windows.get((channel_id, verb), (0.0, 0))
        if ends_at <= now:
            ends_at, remaining = now + self.window_s, self.limit
        self.refusals += remaining == 0
        remaining = max(0, remaining - 1)
        self._windows[channel_id, verb] = ends_at, remaining
        self.requests.append((now, channel_id, name))
        headers = {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(remaining),
            "X-RateLimit-Reset-After": str(ends_at - now),
        }
        self.pace.heard(verb, f"/api/v10/channels/{channel_id}/messages", 200, headers)

    async def speak(
        self, kind: TurnKind, name: str, channel: int = HALL, *, verb: str = "POST", takes: float = 0.1
    ) -> None:
        async with self.pace.turn(channel, kind, verb=verb):
            await self.clock.sleep(takes)
            self.request(channel, verb, name)

    @property
    def names(self) -> list[str]:
        return [name for _at, _channel, name in self.requests]


async def together(works: Iterable[Coroutine[Any, Any, None]]) -> None:
    await asyncio.gather(*works)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def channels(clock: Clock) -> Channels:
    return Channels(clock)


async def test_a_lone_message_waits_for_nothing(clock: Clock, channels: Channels) -> None:
    await clock.run(channels.speak(TurnKind.MERGED, "hello", takes=0.0))

    assert channels.requests == [(0.0, HALL, "hello")]


async def test_a_channel_gets_one_request_a_second_and_the_next_one_only_after_the_answer(
    clock: Clock, channels: Channels
) -> None:
    await clock.run(together(channels.speak(TurnKind.MERGED, str(n)) for n in range(20)))
    gaps = [later[0] - earlier[0] for earlier, later in itertools.pairwise(channels.requests)]

    assert min(gaps) >= CHANNEL_GAP_S
    assert channels.refusals == 0


async def test_what_matters_goes_first_and_nothing_waits_for_ever(clock: Clock, channels: Channels) -> None:
    async def storm() -> None:
        speakers = [asyncio.ensure_future(channels.speak(TurnKind.MERGED, "first"))]
        await clock.sleep(0.01)
        speakers += [
            asyncio.ensure_future(channels.speak(kind, kind.name.lower(), verb=verb))
            for kind, verb in (
                (TurnKind.TOTALS, "POST"),
                (TurnKind.MERGED, "POST"),
                (TurnKind.LOUD, "POST"),
                (TurnKind.BOARD, "PATCH"),
                (TurnKind.GRAND, "POST"),
            )
        ]
        await clock.sleep(0.01)
        for number in range(12):
            await channels.speak(TurnKind.MERGED, f"storm {number}")
        await asyncio.gather(*speakers)

    await clock.run(storm())

    assert channels.names[:5] == ["first", "board", "grand", "loud", "merged"]
    assert "totals" in channels.names[5:12]


async def test_a_second_waiter_about_the_same_thing_leaves_it_to_the_first(clock: Clock, channels: Channels) -> None:
    turns: list[str] = []

    async def show(name: str, subject: int) -> None:
        async with channels.pace.turn(HALL, TurnKind.BOARD, verb="PATCH", subject=subject) as is_mine:
            turns.append(name if is_mine else f"not {name}")

    async def storm() -> None:
        await channels.speak(TurnKind.MERGED, "before")
        await asyncio.gather(show("one", 1), show("one again", 1), show("two", 2))

    await clock.run(storm())

    assert turns == ["not one again", "one", "two"]


async def test_a_verb_that_has_to_rest_does_not_hold_up_another(clock: Clock, channels: Channels) -> None:
    await clock.run(channels.speak(TurnKind.MERGED, "before"))
    headers = {"X-RateLimit-Limit": "5", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": "60"}
    channels.pace.heard("POST", f"/api/v10/channels/{HALL}/messages", 200, headers)

    async def speak_both() -> None:
        await asyncio.gather(
            channels.speak(TurnKind.LOUD, "posted"), channels.speak(TurnKind.TOTALS, "edited", verb="PATCH", takes=0.0)
        )

    await clock.run(speak_both())

    assert channels.names == ["before", "edited", "posted"]
    assert channels.requests[1][0] < 2
    assert channels.requests[2][0] > 60


@pytest.mark.parametrize("headers", [{"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}, {}])
async def test_a_refusal_that_is_about_the_whole_bot_stills_every_channel(
    clock: Clock, channels: Channels, headers: dict[str, str]
) -> None:
    channels.pace.heard("PATCH", "/api/v10/guilds/1", 429, {"Retry-After": "30", **headers})
    await clock.run(channels.speak(TurnKind.LOUD, "late", channel=YARD))

    assert channels.requests[0][0] >= 30


async def test_many_channels_together_stay_inside_what_one_bot_may_ask(clock: Clock, channels: Channels) -> None:
    await clock.run(together(channels.speak(TurnKind.MERGED, str(n), n, takes=0.0) for n in range(100, 300)))
    times = [at for at, _channel, _name in channels.requests]

    assert len(times) == 200
    assert min(later - earlier for earlier, later in itertools.pairwise(times)) >= BOT_GAP_S * 0.99


async def test_whoever_gives_up_waiting_leaves_the_turn_to_the_next(clock: Clock, channels: Channels) -> None:
    async def storm() -> None:
        await channels.speak(TurnKind.MERGED, "before")
        impatient = asyncio.ensure_future(channels.speak(TurnKind.LOUD, "given up"))
        speaker = asyncio.ensure_future(channels.speak(TurnKind.MERGED, "after"))
        await clock.sleep(0.5)
        impatient.cancel()
        await speaker
        speaker = asyncio.ensure_future(channels.speak(TurnKind.MERGED, "called off", takes=5))
        await clock.sleep(2)
        speaker.cancel()
        await channels.speak(TurnKind.MERGED, "at last")

    await clock.run(storm())

    assert channels.names == ["before", "after", "at last"]


@given(limit=st.integers(1, 10), window_s=st.floats(0.5, 60), messages=st.integers(2, 40))
async def test_after_the_first_answer_no_request_is_one_too_many(limit: int, window_s: float, messages: int) -> None:
    clock = Clock()
    channels = Channels(clock, limit, window_s)

    await clock.run(together(channels.speak(TurnKind.MERGED, str(n), takes=0.0) for n in range(messages)))

    assert len(channels.requests) == messages
    assert channels.refusals == 0


async def test_channels_at_rest_are_forgotten(clock: Clock) -> None:
    channels = Channels(clock, lane_limit=3)
    for channel in range(100, 110):
        await clock.run(channels.speak(TurnKind.MERGED, "hello", channel=channel))
        clock.now += WINDOW_S

    assert len(channels.pace._lanes) <= 3
