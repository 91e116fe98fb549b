"""A gift storm: a crowd sends gifts at a rate, each of them over the wire, as in a live show."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final, Literal

from sandbox.discord.exchange import NoAnswer
from sandbox.discord.model import Message, User
from sandbox.discord.people import Person, Refused

log = logging.getLogger(__name__)

GRANT: Final = 5_000
CHEAP_ITEMS: Final = 7
REPORT_SECONDS: Final = 0.25
_GRANTS_AT_ONCE: Final = 10
_COUNTS: Final = (1, 1, 1, 1, 1, 2, 3, 5, 10)
_WORDS: Final = (
    "",
    "",
    "",
    "",
    "You are amazing!",
    "Encore! 🎶",
    "from all of us 💜",
    "первый раз здесь 🌷",
    "がんばって!",
)

Outcome = Literal["answered", "refused", "failed"]


@dataclass(slots=True)
class Counts:
    """How a storm goes: `sent` of `total` gifts went out, and what became of them."""

    total: int = 0
    sent: int = 0
    answered: int = 0
    refused: int = 0
    failed: int = 0

    def to_json(self, *, running: bool, note: str = "") -> dict[str, object]:
        """Return the event for the page."""
        return {
            "t": "storm",
            "running": running,
            "sent": self.sent,
            "total": self.total,
            "answered": self.answered,
            "refused": self.refused,
            "failed": self.failed,
            "note": note,
        }


class Storm:
    """Sends gifts of `crowd` to `creators` where `banker` grants coins; choices come from `rng`."""

    def __init__(
        self,
        crowd: Sequence[Person],
        creators: Sequence[User],
        banker: Person,
        rng: Random,
        *,
        report: Callable[[dict[str, object]], None] = lambda _: None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._crowd = crowd
        self._creators = creators
        self._banker = banker
        self._rng = rng
        self._report = report
        self._sleep = sleep
        self.counts = Counts()

    async def run(self, gifts: int, seconds: float) -> Counts:
        """Grant coins, then send `gifts` within about `seconds`; return what became of them."""
        self.counts = Counts(total=gifts)
        self._tell("The moderator hands out coins …")
        await self._grant_all()
        items = [choice["value"] for choice in await self._crowd[0].autocomplete("gift", "gift", gift="")]
        reporter = asyncio.create_task(self._report_often(), name="storm reporter")
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(gifts):
                    group.create_task(self._send(items[:CHEAP_ITEMS]))
                    self.counts.sent += 1
                    await self._sleep(seconds / gifts)
        finally:
            reporter.cancel()
        return self.counts

    async def _grant_all(self) -> None:
        gate = asyncio.Semaphore(_GRANTS_AT_ONCE)

        async def grant(person: Person) -> None:
            async with gate:
                exchange = await self._banker.slash(
                    "coins grant", member=person.user, amount=GRANT, reason="coins for the show"
                )
                await exchange.message()

        async with asyncio.TaskGroup() as group:
            for person in self._crowd:
                group.create_task(grant(person))

    async def _send(self, items: Sequence[str]) -> None:
        person = self._rng.choice(self._crowd)
        options: dict[str, Any] = {
            "gift": self._rng.choice(items),
            "creator": self._rng.choice(self._creators),
            "count": self._rng.choice(_COUNTS),
        }
        if words := self._rng.choice(_WORDS):
            options["message"] = words
        try:
            exchange = await person.slash("gift", **options)
            outcome = outcome_of(await exchange.message())
        except (NoAnswer, Refused, TypeError) as error:
            log.debug("a gift of the storm failed: %r", error)
            outcome = "failed"
        setattr(self.counts, outcome, getattr(self.counts, outcome) + 1)

    async def _report_often(self) -> None:
        while True:
            self._tell()
            await asyncio.sleep(REPORT_SECONDS)

    def _tell(self, note: str = "") -> None:
        self._report(self.counts.to_json(running=True, note=note))


def outcome_of(reply: Message) -> Outcome:
    """Tell a receipt (numbered in its footer) from a refusal (a sentence) and an error (a title)."""
    if any("footer" in embed for embed in reply.embeds):
        return "answered"
    return "failed" if any("title" in embed for embed in reply.embeds) else "refused"
