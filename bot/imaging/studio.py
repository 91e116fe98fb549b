"""The studio: draws pictures in a thread of its own, equal ones only once, and limits how many may be waiting.

Drawing takes tens of milliseconds of work. On the event loop, nobody would be answered meanwhile. So callers wait for
the studio, and answer in words if there is no picture.
"""

import asyncio
import dataclasses
import hashlib
import logging
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVarTuple, cast

Values = TypeVarTuple("Values")

log = logging.getLogger(__name__)

_KEPT_BYTES = 16 * 1024 * 1024
_MOST_WAITING = 32


class Studio:
    """Draws with one thread, because fonts must not be shared between threads and one core is fast enough.

    Up to `kept_bytes` of finished pictures are cached, and the least recently used are dropped first. Up to
    `most_waiting` different pictures may be waited for at a time.
    """

    def __init__(self, *, kept_bytes: int = _KEPT_BYTES, most_waiting: int = _MOST_WAITING) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="studio")
        self._pictures: OrderedDict[bytes, bytes] = OrderedDict()
        self._free_bytes = kept_bytes
        self._most_waiting = most_waiting
        self._drawings: dict[bytes, asyncio.Future[bytes | None]] = {}

    async def draw(self, render: Callable[[*Values], bytes], *values: *Values) -> bytes | None:
        """Return the PNG that `render` makes of the values, None if there is no picture now. Then answer in words.

        `render` is one of this package's pure functions. Equal values give the cached picture, and callers who ask for
        a picture that is being drawn wait for that one. None means that the queue is full or that drawing failed, which
        is logged.
        """
        key = digest(f"{render.__module__}.{render.__qualname__}", *values)
        if (picture := self._pictures.get(key)) is not None:
            self._pictures.move_to_end(key)
            return picture
        drawing = self._drawings.get(key)
        if drawing is None:
            if len(self._drawings) >= self._most_waiting:
                return None
            drawing = asyncio.ensure_future(self._draw_and_keep(key, render, *values))
            self._drawings[key] = drawing
        # A caller who is cancelled must not cancel the picture that others wait for.
        return await asyncio.shield(drawing)

    async def close(self) -> None:
        """Finish the picture that is being drawn, drop those that have not been started, and end the thread."""
        await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)
        await asyncio.gather(*self._drawings.values(), return_exceptions=True)

    async def _draw_and_keep(self, key: bytes, render: Callable[[*Values], bytes], *values: *Values) -> bytes | None:
        try:
            picture = await asyncio.get_running_loop().run_in_executor(self._pool, render, *values)
        except asyncio.CancelledError:
            return None  # the studio closes
        except Exception:
            log.exception("The picture %r could not be drawn; members get text instead", render.__name__)
            return None
        finally:
            del self._drawings[key]
        self._keep(key, picture)
        return picture

    def _keep(self, key: bytes, picture: bytes) -> None:
        self._pictures[key] = picture
        self._free_bytes -= len(picture)
        while self._free_bytes < 0:
            _, oldest = self._pictures.popitem(last=False)
            self._free_bytes += len(oldest)


def digest(*values: object) -> bytes:
    """Return a hash of the content of values: dataclasses, tuples, bytes, and anything with a stable repr."""
    total = hashlib.blake2b(digest_size=24)
    for value in values:
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            parts = (getattr(value, field.name) for field in dataclasses.fields(value))
            part = digest(type(value).__qualname__, *parts)
        elif isinstance(value, tuple):
            part = digest("tuple", *cast("tuple[Any, ...]", value))
        elif isinstance(value, bytes):
            part = hashlib.blake2b(value, digest_size=24, person=b"bytes").digest()
        else:
            part = hashlib.blake2b(repr(value).encode("utf-8", "backslashreplace"), digest_size=24).digest()
        total.update(part)
    return total.digest()
