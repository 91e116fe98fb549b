"""Walks all pages of a list whose order is not documented."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Protocol

from bot.domain.ids import id_in

Page = Sequence[Mapping[str, Any]]


class ReadPage(Protocol):
    """Reads one page: some entries whose ids lie between two others, exclusively, and without a gap among them."""

    async def __call__(self, *, before: int | None, after: int | None) -> Page:
        """Return the page."""
        ...


async def entitlements(read_page: ReadPage, after: int | None = None) -> AsyncIterator[Mapping[str, Any]]:
    """Yield every entry above the id `after`, once, whether pages begin with the newest, the oldest or the nearest.

    Each page leaves at most two gaps, below it and above it, which are read until they turn out to be empty. A page may
    have fewer entries than it has room for, so only an empty one says that nothing is left.
    """
    seen_ids: set[int] = set()
    gaps: list[tuple[int | None, int | None]] = [(after, None)]
    while gaps:
        low, high = gaps.pop()
        page = {id_in(str(entry.get("id"))): entry for entry in await read_page(before=high, after=low)}
        ids = sorted(number for number in page if number and number not in seen_ids)
        if not ids:
            continue
        seen_ids.update(ids)
        for number in ids:
            yield page[number]
        gaps += [(low, ids[0]), (ids[-1], high)]
