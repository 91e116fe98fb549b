"""The studio: draws equal pictures only once, keeps some of them, and limits how many may be waiting.

Drawing takes tens of milliseconds of work. So callers wait for the studio, and answer in words if there is no picture.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.imaging.drawables import Drawable
from bot.imaging.files import PictureFiles, digest
from bot.imaging.values import GiftPicture
from bot.services.byte_cache import ByteCache
from bot.services.drawing import DrawingError
from bot.services.single_flight import SingleFlight
from bot.tallies import Tally

log = logging.getLogger(__name__)

_KEPT_BYTES = 4 * 1024 * 1024
"""About a hundred pictures."""
_MOST_WAITING = 32


class Studio:
    """Hands values to `draw`, which raises DrawingError if there is no picture.

    Gifts come from `files` if they are there. Up to `kept_bytes` of finished pictures are cached, and the least
    recently used are dropped first. Up to `most_waiting` different pictures may be waited for at a time.
    """

    def __init__(
        self,
        draw: Callable[[Drawable], Awaitable[bytes]],
        files: PictureFiles | None = None,
        *,
        kept_bytes: int = _KEPT_BYTES,
        most_waiting: int = _MOST_WAITING,
    ) -> None:
        self._render = draw
        self._files = files
        self._pictures: ByteCache[bytes] = ByteCache(kept_bytes)
        self._most_waiting = most_waiting
        self._drawings: SingleFlight[bytes, bytes | None] = SingleFlight()
        self.outcomes = Tally((outcome,) for outcome in ("kept", "file", "drawn", "failed", "crowded"))
        """The outcomes of requests for pictures: from memory, from a file, drawn, failed, or refused because too many
        were waiting."""

    async def draw(self, values: Drawable) -> bytes | None:
        """Return the PNG of the values, None if there is no picture now. Then answer in words.

        Equal values give the cached picture, and callers who ask for a picture that is being drawn wait for that one.
        None means that the queue is full or that drawing failed, which is logged.
        """
        key = digest(values)
        if (picture := self._pictures.get(key)) is not None:
            self.outcomes.add("kept")
            return picture
        if key not in self._drawings and len(self._drawings) >= self._most_waiting:
            self.outcomes.add("crowded")
            return None
        return await self._drawings.run(key, lambda: self._draw_and_keep(key, values))

    async def close(self) -> None:
        """Wait until nothing is being drawn any more. Close what draws before."""
        await self._drawings.close()

    async def _draw_and_keep(self, key: bytes, values: Drawable) -> bytes | None:
        try:
            stored = await self._stored(values)
            picture = stored or await self._render(values)
        except DrawingError as error:
            self.outcomes.add("failed")
            log.warning("No %s: words take the place of the picture. %s", type(values).__name__, error)
            return None
        self.outcomes.add("file" if stored else "drawn")
        self._pictures.keep(key, picture)
        return picture

    async def _stored(self, values: Drawable) -> bytes | None:
        if self._files is None or not isinstance(values, GiftPicture):
            return None
        return await asyncio.to_thread(self._files.load, values)
