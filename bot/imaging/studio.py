"""The studio: pictures are drawn in a thread of its own, equal ones once, and never more than can be waited for.

Drawing takes tens of milliseconds of work. On the event loop that would be tens of milliseconds in which nobody is
answered; so callers wait here, and say it in words when no picture comes.
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
    """Draws with one thread: fonts are not to be shared between threads, and one core is enough for a guild's pictures.

    `kept_bytes` of finished pictures are kept, those longest unused dropped first; `most_waiting` different pictures
    may be waited for at a time.
    """

    def __init__(self, *, kept_bytes: int = _KEPT_BYTES, most_waiting: int = _MOST_WAITING) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="studio")
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._room = kept_bytes
        self._most_waiting = most_waiting
        self._drawing: dict[bytes, asyncio.Future[bytes | None]] = {}

    async def draw(self, render: Callable[[*Values], bytes], *values: *Values) -> bytes | None:
        """Return what `render` makes of the values, as PNG; None if no picture is to be had now: say it in words then.

        `render` is one of this package's functions of values. Equal values give the picture that was drawn before;
        callers who ask for a picture that is being drawn wait for that one. None is for a queue that is full, and for
        a failure, which is logged.
        """
        key = digest(f"{render.__module__}.{render.__qualname__}", *values)
        if (found := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            return found
        waiting = self._drawing.get(key)
        if waiting is None:
            if len(self._drawing) >= self._most_waiting:
                return None
            waiting = asyncio.ensure_future(self._drawn(key, render, *values))
            self._drawing[key] = waiting
        # A caller who gives up must not take the picture from the others.
        return await asyncio.shield(waiting)

    async def close(self) -> None:
        """Finish the picture that is being drawn, drop those that are not begun, and end the thread."""
        await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)
        await asyncio.gather(*self._drawing.values(), return_exceptions=True)

    async def _drawn(self, key: bytes, render: Callable[[*Values], bytes], *values: *Values) -> bytes | None:
        try:
            picture = await asyncio.get_running_loop().run_in_executor(self._pool, render, *values)
        except asyncio.CancelledError:
            return None  # the studio closes
        except Exception:
            log.exception("%s failed; it is told in words", render.__name__)
            return None
        finally:
            del self._drawing[key]
        self._keep(key, picture)
        return picture

    def _keep(self, key: bytes, picture: bytes) -> None:
        self._kept[key] = picture
        self._room -= len(picture)
        while self._room < 0:
            _, dropped = self._kept.popitem(last=False)
            self._room += len(dropped)


def digest(*values: object) -> bytes:
    """Return what tells values apart by their content: dataclasses, tuples, and what can be written."""
    sum_of = hashlib.blake2b(digest_size=24)
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
        sum_of.update(part)
    return sum_of.digest()
