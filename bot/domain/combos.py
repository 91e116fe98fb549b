"""Combos: the same gift from the same member to the same creator, again and again."""

from dataclasses import dataclass
from typing import NamedTuple

GAP_MS = 20_000
"""A combo ends when nothing is added to it for longer than this."""

FEWEST = 2
"""The fewest pieces that make a combo."""

_MOST_OPEN = 1_000
"""Combos that are kept before those that have ended are dropped, which bounds memory in a busy show."""


class EventGift(NamedTuple):
    """One gift of a live event, with only what is public.

    `sender` is a holder id, None for an anonymous gift. `creator_id` is the member who received it, 0 if erased.
    `coins` is for all of `quantity`. `joins_combos` and `shows_quantity` are what its sender has chosen.
    `piece_coins` is what one piece costs, with all parts of a joint gift. A pooled gift is that of several members.
    """

    seq: int
    at_ms: int
    sender: int | None
    creator_id: int
    name: str
    emoji: str
    quantity: int
    coins: int
    joins_combos: bool = True
    shows_quantity: bool = True
    piece_coins: int = 0
    is_pooled: bool = False


@dataclass(frozen=True, slots=True)
class Combo:
    """A combo of `quantity` pieces. `sender` is a holder id."""

    sender: int
    creator_id: int
    name: str
    emoji: str
    quantity: int


class Combos:
    """Finds the best combo of a show. It must be fed the gifts in order."""

    def __init__(self) -> None:
        self.best: Combo | None = None
        self._open: dict[tuple[int, int, str], tuple[int, int]] = {}

    def feed(self, gift: EventGift) -> None:
        """Count a gift. An anonymous one makes no combo, nor does one of a member who wants none."""
        if gift.sender is None or not gift.joins_combos:
            return
        key = (gift.sender, gift.creator_id, gift.name)
        quantity, last_ms = self._open.get(key, (0, gift.at_ms))
        quantity = gift.quantity + (quantity if gift.at_ms - last_ms <= GAP_MS else 0)
        self._open[key] = quantity, gift.at_ms
        if len(self._open) > _MOST_OPEN:
            self._forget(gift.at_ms)
        if quantity >= FEWEST and (self.best is None or quantity > self.best.quantity):
            self.best = Combo(gift.sender, gift.creator_id, gift.name, gift.emoji, quantity)

    def _forget(self, now_ms: int) -> None:
        self._open = {key: combo for key, combo in self._open.items() if now_ms - combo[1] <= GAP_MS}
