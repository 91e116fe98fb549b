"""Small facts that outlive the process, such as the hash of the commands that were registered last."""

from bot.storage.database import OpenBooks
from bot.storage.stores import app_state


class AppState:
    """Facts by name."""

    def __init__(self, books: OpenBooks) -> None:
        self._books = books

    async def get(self, name: str) -> str | None:
        """Return a fact, None if it was never stored."""
        return await self._books.read(app_state.get, name)

    async def put(self, name: str, value: str) -> None:
        """Store a fact."""
        await self._books.writer.perform(app_state.put, name, value)
