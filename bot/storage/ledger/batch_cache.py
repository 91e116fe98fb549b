"""A cache of what batches read, valid as long as nobody can have changed it.

Under load every batch needs the same few settings, items, creators and members. Only jobs change those, and jobs go
through the same writer: each of them clears the cache. It is also cleared when another connection has changed the file,
and before every batch where several processes write.
"""

from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Any, TypeVar

from sqlalchemy import Connection, event

from bot.storage.sql.statements import cursor_of

MOST = 50_000
"""The most cached entries of one kind: some 20 MB of the largest kind."""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class BatchCache:
    """The cache of one connection, by kind of entry."""

    def __init__(self) -> None:
        self._version: int | None = None
        self._caches: dict[str, dict[Any, Any]] = {}

    def check(self, c: Connection) -> None:
        """Clear the cache unless only `c` can have written since the last check. Call it within a transaction."""
        if c.dialect.name != "sqlite":
            self.forget()
            return
        cursor = cursor_of(c)
        # This number changes with every commit of another connection. Our own transaction already holds the lock.
        cursor.execute("PRAGMA data_version")
        (version,) = cursor.fetchall()[0]
        if version != self._version:
            self.forget()
            self._version = version

    def forget(self) -> None:
        """Clear the cache, so that everything is read again."""
        self._caches.clear()

    def put(self, kind: str, values: Mapping[Any, object]) -> None:
        """Cache what this batch has written, and the next one would have to read."""
        self._caches.setdefault(kind, {}).update(values)

    def look_up(
        self,
        c: Connection,
        kind: str,
        keys: Collection[K],
        read: Callable[[Connection, Collection[K]], Mapping[K, V]],
        *,
        keep: Callable[[V | None], bool] = lambda _: True,
    ) -> dict[K, V]:
        """Return the values of `keys` that exist. Those not cached are `read`, and cached if `keep` returns True.

        A key without a value is cached, too: `keep` is called with None for it.
        """
        cache: dict[K, V | None] = self._caches.setdefault(kind, {})
        if len(cache) > MOST:
            cache.clear()
        missing = [key for key in keys if key not in cache]
        values: dict[K, V] = {key: value for key in keys if (value := cache.get(key)) is not None}
        if missing:
            fresh_values = read(c, missing)
            values.update(fresh_values)
            cache.update((key, fresh_values.get(key)) for key in missing if keep(fresh_values.get(key)))
        return values


def cache_of(c: Connection) -> BatchCache:
    """Return the cache of a connection, which lives as long as the connection."""
    cache: BatchCache | None = c.info.get("batch_cache")
    if cache is None:
        cache = c.info["batch_cache"] = BatchCache()
        # What a batch has put into it is not true if the batch is rolled back.
        event.listen(c, "rollback", _forget)
    return cache


def _forget(c: Connection) -> None:
    cache_of(c).forget()
