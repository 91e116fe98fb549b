"""The child process that draws, so that Pillow, fonts and artwork take none of the bot's memory and time."""

import asyncio
import logging
import pickle
import sys
from collections.abc import Awaitable, Callable, Collection, Sequence
from pathlib import Path

from bot.child_process import IDLE_S, ChildClosed, ChildEnded, ChildProcess
from bot.domain.catalogue import ItemPicture
from bot.domain.errors import BooksClosed
from bot.domain.staff_errors import InvalidPicture
from bot.imaging.drawables import Drawable, uploads_in
from bot.imaging.packages import SYSTEM_FONTS

log = logging.getLogger(__name__)

LIMIT_S = 25.0
"""Seconds that an answer may take. The process gives itself a little less."""

_DRAWN, _REFUSED = 1, 2
"""As `bot.imaging.child` has them, which this process does not load."""
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
    want of our packages. The rest is as for `ChildProcess`.
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
        folders = [str(path.absolute()) for path in (fonts, folder) if path]
        self._child = ChildProcess([*command, *folders], limit_s=LIMIT_S, idle_s=idle_s, timeout=timeout)
        self._uploads = uploads

    @property
    def pid(self) -> int | None:
        """The process's id, None while there is none."""
        return self._child.pid

    async def draw(self, values: Drawable) -> bytes:
        """Return the PNG of the values. Raises DrawingError, and InvalidPicture for an uploaded file.

        If the process dies, another one tries again: the first may have died of something else.
        """
        ids = uploads_in(values)
        try:
            uploads = await self._uploads(ids) if ids else {}
        except BooksClosed as error:
            raise DrawingError("The uploaded pictures cannot be read") from error
        outcome, content = await self._answer(pickle.dumps((values, uploads), pickle.HIGHEST_PROTOCOL))
        if outcome == _REFUSED:
            raise InvalidPicture(content.decode())
        if outcome != _DRAWN:
            raise DrawingError(content.decode())
        return content

    async def close(self) -> None:
        """Finish the picture that is being drawn, and end the process. Others get no picture."""
        await self._child.close()

    async def _answer(self, request: bytes) -> tuple[int, bytes]:
        try:
            try:
                return await self._child.ask(request)
            except ChildEnded:
                log.warning("The process that draws has died; another one takes over")
                return await self._child.ask(request)
        except ChildEnded as error:
            raise DrawingError("The process that draws has died twice") from error
        except ChildClosed:
            raise DrawingError("The bot stops") from None
        except TimeoutError:
            raise DrawingError(f"The picture took longer than {LIMIT_S:.0f} s") from None
