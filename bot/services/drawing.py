"""The child process that draws, so that Pillow, fonts and artwork take none of the bot's memory and time.

It starts with the first picture, ends when none was asked for in a while, and always with the bot: its input then ends.
An executor of the standard library would outlive a killed bot, and keep a second process only to track the first.
"""

import asyncio
import contextlib
import logging
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Collection, Sequence
from pathlib import Path

from bot.domain.catalogue import ItemPicture
from bot.domain.errors import BooksClosed
from bot.domain.staff_errors import InvalidPicture
from bot.imaging.drawables import Drawable, uploads_in
from bot.imaging.packages import SYSTEM_FONTS

log = logging.getLogger(__name__)

IDLE_S = 60.0
"""Seconds without a request, after which the process ends and gives back its memory."""
LIMIT_S = 25.0
"""Seconds that an answer may take. The process gives itself a little less."""

_LENGTH = 4
_DRAWN, _REFUSED = 1, 2
"""As `bot.imaging.child` has them, which this process does not load."""
_END_S = 2.0
_ROOT = Path(__file__).parents[2]
_COMMAND = (sys.executable, "-m", "bot.imaging.child")

Uploads = Callable[[Collection[ItemPicture]], Awaitable[dict[ItemPicture, bytes]]]
"""Returns the uploaded pictures that exist; raises BooksClosed."""


async def no_uploads(ids: Collection[ItemPicture]) -> dict[ItemPicture, bytes]:
    """Know no uploaded pictures."""
    del ids
    return {}


class DrawingError(Exception):
    """There is no picture. The text says why, and is only for the log."""


class DrawingProcess:
    """Draws one picture at a time. `folder` is where the process keeps what takes long to draw, None for nowhere.

    `uploads` fetches the uploaded pictures that appear in what is drawn, and `fonts` is where the system has fonts, for
    want of our packages. `timeout` makes what ends the wait for an
    answer after so many seconds.
    """

    def __init__(
        self,
        folder: Path | None,
        *,
        fonts: Path = SYSTEM_FONTS,
        uploads: Uploads = no_uploads,
        idle_s: float = IDLE_S,
        timeout: Callable[[float], asyncio.Timeout] = asyncio.timeout,
        command: Sequence[str] = _COMMAND,
    ) -> None:
        self._command = [*command, *(str(path.absolute()) for path in (fonts, folder) if path)]
        self._uploads = uploads
        self._idle_s = idle_s
        self._timeout = timeout
        self._turn = asyncio.Lock()
        self._process: Process | None = None
        self._idle: asyncio.Task[None] | None = None
        self._is_closed = False

    @property
    def pid(self) -> int | None:
        """The process's id, None while there is none."""
        return self._process.pid if self._process else None

    async def draw(self, values: Drawable) -> bytes:
        """Return the PNG of the values. Raises DrawingError, and InvalidPicture for an uploaded file.

        If the process dies, another one tries again: the first may have died of something else.
        """
        ids = uploads_in(values)
        try:
            uploads = await self._uploads(ids) if ids else {}
        except BooksClosed as error:
            raise DrawingError("The uploaded pictures cannot be read") from error
        request = pickle.dumps((values, uploads), pickle.HIGHEST_PROTOCOL)
        request = len(request).to_bytes(_LENGTH, "big") + request
        async with self._turn:
            try:
                outcome, content = await self._answer(request)
            except (OSError, asyncio.IncompleteReadError):
                log.warning("The process that draws has died; another one takes over")
                try:
                    outcome, content = await self._answer(request)
                except (OSError, asyncio.IncompleteReadError) as error:
                    raise DrawingError("The process that draws has died twice") from error
        if outcome == _REFUSED:
            raise InvalidPicture(content.decode())
        if outcome != _DRAWN:
            raise DrawingError(content.decode())
        return content

    async def close(self) -> None:
        """Finish the picture that is being drawn, and end the process. Others get no picture."""
        self._is_closed = True
        if self._idle is not None:
            self._idle.cancel()
            await asyncio.gather(self._idle, return_exceptions=True)
        async with self._turn:
            await self._end()

    async def _answer(self, request: bytes) -> tuple[int, bytes]:
        if self._is_closed:
            raise DrawingError("The bot stops")
        process = await self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            async with self._timeout(LIMIT_S):
                process.stdin.write(request)
                await process.stdin.drain()
                head = await process.stdout.readexactly(1 + _LENGTH)
                return head[0], await process.stdout.readexactly(int.from_bytes(head[1:], "big"))
        except TimeoutError:
            await self._kill()
            raise DrawingError(f"The picture took longer than {LIMIT_S:.0f} s") from None
        except BaseException:
            # Also if the caller is cancelled: the next one would read the answer to this request.
            await self._kill()
            raise

    async def _running(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            # In a session of its own, no Ctrl-C reaches it before it can ignore that.
            self._process = await asyncio.create_subprocess_exec(
                *self._command, stdin=PIPE, stdout=PIPE, cwd=_ROOT, start_new_session=True
            )
        if self._idle is not None:
            self._idle.cancel()
        self._idle = asyncio.create_task(self._end_when_idle(), name="idle drawing")
        return self._process

    async def _end_when_idle(self) -> None:
        await asyncio.sleep(self._idle_s)
        async with self._turn:
            await self._end()

    async def _end(self) -> None:
        """Let the process end by itself, and help if it does not."""
        if self._process is None:
            return
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            async with asyncio.timeout(_END_S):
                await self._process.wait()
        except TimeoutError:
            await self._kill()
        self._process = None

    async def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await asyncio.shield(process.wait())
