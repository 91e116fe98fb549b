"""What one batch has read and the next ones use again, as long as nobody can have changed it.

In a storm every batch asks for the same few settings, items, creators and members. Only jobs change those, and jobs go
through the same writer: after one, everything is read anew. So it is when the file was changed by another connection,
and always where several processes write.
"""

from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Any, TypeVar

from sqlalchemy import Connection

from bot.storage.statements import cursor_of

MOST = 50_000
"""Entries of one kind that are kept, some 20 MB of the largest."""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept:
    """What is kept of one connection, by kind."""

    def __init__(self) -> None:
        self._version: int | None = None
        self._known: dict[str, dict[Any, Any]] = {}

    def check(self, c: Connection) -> None:
        """Forget everything unless `c` alone can have written since the last check. Call it within a transaction."""
        if c.dialect.name != "sqlite":
            self.forget()
            return
        cursor = cursor_of(c)
        # A number that changes with every commit of another connection; our own transaction holds the lock already.
        cursor.execute("PRAGMA data_version")
        (version,) = cursor.fetchall()[0]
        if version != self._version:
            self.forget()
            self._version = version

    def forget(self) -> None:
        """Have everything read anew."""
        self._known.clear()

    def put(self, kind: str, values: Mapping[Any, object]) -> None:
        """Keep what this batch has written, and the next one would read."""
        self._known.setdefault(kind, {}).update(values)

    def look_up(
        self,
        c: Connection,
        kind: str,
        keys: Collection[K],
        read: Callable[[Connection, Collection[K]], Mapping[K, V]],
        *,
        keep: Callable[[V | None], bool] = lambda _: True,
    ) -> dict[K, V]:
        """Return what there is for `keys`; what is not known yet is `read`, and kept unless `keep` says no to it.

        What there is nothing for is None to `keep`.
        """
        known: dict[K, V | None] = self._known.setdefault(kind, {})
        if len(known) > MOST:
            known.clear()
        missing = [key for key in keys if key not in known]
        values: dict[K, V] = {key: value for key in keys if (value := known.get(key)) is not None}
        if missing:
            found = read(c, missing)
            values.update(found)
            known.update((key, found.get(key)) for key in missing if keep(found.get(key)))
        return values


def kept_of(c: Connection) -> Kept:
    """Return what is kept of a connection, for as long as it lives."""
    kept: Kept | None = c.info.get("kept")
    if kept is None:
        kept = c.info["kept"] = Kept()
    return kept
