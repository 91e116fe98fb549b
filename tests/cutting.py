"""A wire that can be cut at an exact byte: it sits between the bot and PostgreSQL, and notices when a commit passes."""

import asyncio
from typing import Literal

Cut = Literal["before", "after"]
"""Before the commit reaches the server, or after the server has committed but before it can say so."""


class Wire:
    """Passes bytes between its clients and the server at `server_port`."""

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._next: Cut | None = None
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.cuts = 0
        self.refuses = False

    async def open(self) -> int:
        """Listen; return the port."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        return self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop listening and passing."""
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut_at_commit(self, when: Cut) -> None:
        """Cut the connection that sends the next commit."""
        self._next = when

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refuses:
            writer.transport.abort()
            return
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self._server_port)
        is_answered = asyncio.Event()
        is_answered.set()
        for task in (
            asyncio.create_task(self._pass_on(reader, to_server, writer, is_answered)),
            asyncio.create_task(self._pass_back(from_server, writer, is_answered)),
        ):
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass_on(
        self,
        reader: asyncio.StreamReader,
        to_server: asyncio.StreamWriter,
        to_bot: asyncio.StreamWriter,
        is_answered: asyncio.Event,
    ) -> None:
        while chunk := await reader.read(65_536):
            if self._next is not None and b"COMMIT;" in chunk:
                when, self._next = self._next, None
                self.cuts += 1
                if when == "after":
                    is_answered.clear()
                    to_server.write(chunk)
                    await is_answered.wait()
                to_bot.transport.abort()
                to_server.transport.abort()
                return
            to_server.write(chunk)
        to_server.close()

    @staticmethod
    async def _pass_back(
        from_server: asyncio.StreamReader, to_bot: asyncio.StreamWriter, is_answered: asyncio.Event
    ) -> None:
        while chunk := await from_server.read(65_536):
            if not is_answered.is_set():
                # This is the answer to the commit, which is done but is not reported to the bot.
                is_answered.set()
                return
            to_bot.write(chunk)
        to_bot.close()
