"""A stand-in for Discord's list of entitlements, whose pages come in any order that a server could choose."""

import random
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.payments.discord_sku import SourceDown
from bot.payments.discord_sku.pages import Page

ENTITLEMENT: dict[str, Any] = {
    "id": "900", "sku_id": "40", "user_id": "11", "type": 1, "deleted": False, "consumed": False,
}  # fmt: skip
Choose = Callable[[list[int], int, int | None], list[int]]


def newest_first(ids: list[int], size: int, after: int | None) -> list[int]:
    return ids[::-1][:size]


def oldest_first(ids: list[int], size: int, after: int | None) -> list[int]:
    return ids[:size]


def nearest(ids: list[int], size: int, after: int | None) -> list[int]:
    return ids[::-1][:size] if after is None else ids[:size]


def somewhere(ids: list[int], size: int, after: int | None) -> list[int]:
    start = random.Random(len(ids)).randrange(max(len(ids) - size, 0) + 1)
    return random.Random(size).sample(ids[start : start + size], len(ids[start : start + size]))


PAGE_ORDERS = [newest_first, oldest_first, nearest, somewhere]


class Discord:
    """A list of entitlements, of which each page has those that `choose` picks from the sorted ids in its range."""

    def __init__(self, ids: Iterable[int] = (), choose: Choose = newest_first, size: int = 100) -> None:
        self.entries = {number: ENTITLEMENT | {"id": str(number)} for number in ids}
        self.consumed: list[int] = []
        self.requests: list[tuple[int | None, int | None]] = []
        self.is_down = self.is_jammed = False
        self.choose, self.size = choose, size

    def sells(self, entitlement_id: int, **changes: Any) -> None:
        """Give somebody an entitlement, or change it."""
        entry = self.entries.get(entitlement_id, ENTITLEMENT | {"id": str(entitlement_id)})
        self.entries[entitlement_id] = entry | changes

    async def page(self, *, before: int | None, after: int | None) -> Page:
        if self.is_down:
            raise SourceDown("503")
        self.requests.append((after, before))
        low, high = after or 0, before or 2**63
        ids = sorted(number for number in self.entries if low < number < high)
        return [self.entries[number] for number in self.choose(ids, self.size, after)]

    async def find(self, entitlement_id: int) -> Mapping[str, Any] | None:
        return self.entries.get(entitlement_id)

    async def consume(self, entitlement_id: int) -> None:
        if self.is_down or self.is_jammed:
            raise SourceDown("503")
        self.consumed.append(entitlement_id)
        self.sells(entitlement_id, consumed=True)
