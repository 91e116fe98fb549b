"""Books whose writer stops before and after each call, and a provider that does so at each acknowledgement.

At one of these places something happens: the process dies, or another process does the same thing to its end.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, cast

from bot.payments.provider import Capability
from bot.storage.database import Database
from tests.services.paying import Till


class Death(BaseException):
    """The end of a process. Nothing catches it."""


@dataclass
class Places:
    """Counts the places that are passed, and lets `happen` at place number `at`; `struck` is the name of that place."""

    at: int = 0
    happen: Callable[[], Awaitable[object]] | None = None
    count: int = 0
    struck: str = ""

    async def pass_by(self, name: str) -> None:
        self.count += 1
        if self.count == self.at and self.happen is not None:
            self.struck = name
            await self.happen()


async def die() -> None:
    """End the process."""
    raise Death


@dataclass
class InterruptedWriter:
    """A writer that passes a place before and after each call."""

    writer: Any
    places: Places

    async def submit(self, command: Any) -> Any:
        return await self._call(command.kind, self.writer.submit, command)

    async def perform(self, job: Callable[..., Any], *args: Any) -> Any:
        return await self._call(job.__name__, self.writer.perform, job, *args)

    async def _call(self, name: str, call: Callable[..., Awaitable[Any]], *args: Any) -> Any:
        await self.places.pass_by(f"before {name}")
        outcome = await call(*args)
        await self.places.pass_by(f"after {name}")
        return outcome


class InterruptedBooks:
    """Books with such a writer. Everything else is the books' own."""

    def __init__(self, books: Database, places: Places) -> None:
        self.books, self.writer = books, InterruptedWriter(books.writer, places)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.books, name)


def interrupted(books: Database, places: Places) -> Database:
    """Return `books` through which all writing passes `places`."""
    return cast("Database", InterruptedBooks(books, places))


@dataclass
class InterruptedTill(Till):
    """A provider that wants to know of credits, and passes a place before and after it hears of one."""

    capabilities: frozenset[Capability] = frozenset(Capability)
    places: Places = field(default_factory=Places)

    async def acknowledge(self, external_id: str) -> None:
        await self.places.pass_by("before the acknowledgement")
        await super().acknowledge(external_id)
        await self.places.pass_by("after the acknowledgement")
