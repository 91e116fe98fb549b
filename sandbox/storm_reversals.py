"""Staff take back a few gifts in the middle of a storm, so that totals have to shrink while they grow."""

import logging
from collections import deque
from collections.abc import Awaitable, Callable
from random import Random
from typing import Final

from sandbox.discord.exchange import NoAnswer
from sandbox.discord.people import Person, Refused
from sandbox.storm_answers import Answer

log = logging.getLogger(__name__)

REMEMBERED: Final = 100
"""Receipts among which one is chosen. Some of them are already announced, and some are not yet."""
ATTEMPTS: Final = 10
PAUSE_SECONDS: Final = 0.5


class Reversals:
    """Takes back gifts of a storm: `staff` do it, `rng` chooses, `sleep` takes seconds."""

    def __init__(self, staff: Person, rng: Random, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._staff = staff
        self._rng = rng
        self._sleep = sleep
        self._receipts: deque[int] = deque(maxlen=REMEMBERED)

    def note(self, receipt: int) -> None:
        """Remember a gift that was sent, by the number of its receipt."""
        self._receipts.append(receipt)

    async def reverse_one(self) -> bool:
        """Take back one of the latest gifts, and return whether the bot says so. A busy bot is asked again."""
        for _ in range(ATTEMPTS):
            if self._receipts:
                number = self._rng.choice(self._receipts)
                self._receipts.remove(number)
                if await self._reverse(number):
                    return True
            await self._sleep(PAUSE_SECONDS)
        return False

    async def _reverse(self, number: int) -> bool:
        try:
            panel = await (await self._staff.slash("coins reverse", receipt=number, reason="sent by mistake")).message()
            button = Answer.of(panel).yes
            if button is None:
                return False
            answer = await self._staff.press(panel, button).message()
        except (NoAnswer, Refused, TypeError) as error:
            log.debug("receipt %s was not taken back: %r", number, error)
            return False
        return Answer.of(answer).receipt is not None
