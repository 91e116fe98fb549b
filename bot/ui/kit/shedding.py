"""Refuses what has waited too long before it reached this process, before anything is built of it.

Where a machine is overloaded, the queue is in front of us, in the gateway's socket. What is read from there is late,
and everything behind it is later still. To parse, check and refuse it as usual would cost too much of the time that is
missing already. What is refused here has cost little, and what can no longer be answered nearly nothing.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any, Final

import discord

from bot.domain.errors import Busy
from bot.logs import of_kind
from bot.ui.kit.errors import failure
from bot.ui.kit.replies import UNREACHABLE
from bot.ui.text.reader import FALLBACK, reader_for

log = logging.getLogger(__name__)

QUEUED_S: Final = 1.0
"""What has waited longer before it got here is refused: its work and its answer need the rest of the three seconds."""
LOST_S: Final = 2.0
"""What has waited longer than this is dropped: where the queue is so long, no answer would be in time."""
IN_A_ROW: Final = 20
"""This many that waited too long make a queue. A few are merely late, for instance after a network hiccup."""
MOST_TRAVEL_S: Final = 1.0
"""The longest time between a press and its arrival that is put down to the network and to our clock."""
AHEAD_S: Final = 3.0
"""How far Discord's clock may seem to be ahead of ours. Beyond that, one of the two is wrong, and to believe it would
make all that comes later seem to have waited."""
SPAN_S: Final = 300.0
"""For how long the shortest such time counts."""

_ANSWERABLE: Final = frozenset(
    kind.value
    for kind in (
        discord.InteractionType.application_command,
        discord.InteractionType.component,
        discord.InteractionType.autocomplete,
        discord.InteractionType.modal_submit,
    )
)
_AUTOCOMPLETE: Final = discord.InteractionType.autocomplete.value
_NO_CHOICES: Final[dict[str, Any]] = {
    "type": discord.InteractionResponseType.autocomplete_result.value,
    "data": {"choices": []},
}


_SHED: Final = of_kind("shed")


class Queue:
    """Tells how long interactions wait in front of this process, from their ages. `clock` counts seconds.

    An age also holds the way here, and how far our clock is ahead. Both are in the least age of the last minutes.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._least: deque[tuple[float, float]] = deque([(clock(), MOST_TRAVEL_S)], maxlen=2)
        """When a span began, and the least age in it, of the last span and this one."""
        self._late_in_a_row = 0

    def wait_of(self, age_s: float) -> float:
        """Return for how many seconds an interaction of this age has waited in a queue, 0 if there is none."""
        if age_s < -AHEAD_S:
            self._late_in_a_row = 0
            return 0.0
        now = self._clock()
        began, least = self._least[-1]
        if now - began >= SPAN_S:
            self._least.append((now, min(age_s, MOST_TRAVEL_S)))
        elif age_s < least:
            self._least[-1] = began, age_s
        wait_s = age_s - min(least for _, least in self._least)
        self._late_in_a_row = self._late_in_a_row + 1 if wait_s >= QUEUED_S else 0
        return wait_s if self._late_in_a_row >= IN_A_ROW else 0.0


class Shedding:
    """Decides for each interaction, as it arrives, whether it is taken.

    `age_of` returns the seconds since an interaction with this id was created. `charges` tells from the data of an
    interaction whether it would move the caller's coins, and `is_alone` whether no other process can be at it.
    `respond` posts an answer, given the interaction's id and token. `on_shed` hears of each that is not taken.
    """

    def __init__(
        self,
        queue: Queue,
        age_of: Callable[[int], float],
        charges: Callable[[dict[str, Any]], bool],
        is_alone: Callable[[], bool],
        respond: Callable[[int, str, dict[str, Any]], Awaitable[None]],
        on_shed: Callable[[], None] = lambda: None,
    ) -> None:
        self._queue = queue
        self._age_of = age_of
        self._charges = charges
        self._is_alone = is_alone
        self._respond = respond
        self._on_shed = on_shed
        self._refusing: set[asyncio.Task[None]] = set()

    def takes(self, data: dict[str, Any]) -> bool:
        """Whether an interaction may begin. If not, it is refused here, or dropped if that would be too late."""
        if data["type"] not in _ANSWERABLE:
            return True
        wait_s = self._queue.wait_of(self._age_of(int(data["id"])))
        if wait_s < QUEUED_S:
            return True
        self._on_shed()
        if wait_s < LOST_S:
            task = asyncio.get_running_loop().create_task(self._refuse(data))
            self._refusing.add(task)
            task.add_done_callback(self._refusing.discard)
        log.warning(
            "Too much at once: what waited for more than %s s before it was read is refused", QUEUED_S, extra=_SHED
        )
        return False

    async def _refuse(self, data: dict[str, Any]) -> None:
        is_denied = self._charges(data) and self._is_alone()
        answer = _NO_CHOICES if data["type"] == _AUTOCOMPLETE else _refusal(data.get("locale", FALLBACK), is_denied)
        with contextlib.suppress(*UNREACHABLE):
            await self._respond(int(data["id"]), data["token"], answer)


@lru_cache(maxsize=64)
def _refusal(locale: str, is_denied: bool) -> dict[str, Any]:
    """Return the refusal that only the caller sees; `is_denied` says that nothing was charged."""
    words = failure(Busy(), reader_for(locale), 0, uncharged=is_denied)
    flags = discord.MessageFlags(ephemeral=True, components_v2=True).value
    data = {"components": words.components(), "flags": flags}
    return {"type": discord.InteractionResponseType.channel_message.value, "data": data}
