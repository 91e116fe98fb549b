"""Lots: which purchase the bought coins on an account come from.

Every order that is credited opens a lot, which has the number of its row in the journal. These are the rules:

- Coins are spent first in, first out.
- Coins that pay off a debt are in no lot. Of coins that come back, the oldest pay it off.
- A gift that is taken back refills the lots that it took from, each in proportion. All parts together are the whole.
- An order that is taken back takes from its own lot first, then from the others, first in, first out.
- When its money returns, the same lots are refilled. What had become a debt, and was paid since, goes to its own lot.
- Coins that came in any other way would be a lot of the row that brought them.

So the lots of an account always add up to its balance.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Lot(NamedTuple):
    """Coins that come from the order in row `seq` of the journal: those in a lot, or those that move."""

    seq: int
    coins: int


Lots = tuple[Lot, ...]
"""Lots of one account, oldest first, each with at least one coin."""


def opened(seq: int, coins: int) -> Lots:
    """Return the lot of the order that is credited in row `seq`: none if all of its coins paid off a debt."""
    return (Lot(seq, coins),) if coins else ()


def spend(lots: Lots, coins: int, *, first: int = 0) -> tuple[Lots, Lots]:
    """Return the lots that `coins` are taken from, and those that remain.

    Those of the lot `first`, if there is one, are spent first, then the oldest. Fewer are, if there are not as many.
    """
    if not first and lots and 0 < coins < lots[0].coins:
        # So it is with nearly every gift, and there are thousands a second.
        seq, available = lots[0]
        return (Lot(seq, coins),), (Lot(seq, available - coins), *lots[1:])
    takes: list[Lot] = []
    rest: list[Lot] = []
    for seq, available in sorted(lots, key=lambda lot: (lot.seq != first, lot.seq)) if first else lots:
        portion = min(available, coins)
        coins -= portion
        if portion:
            takes.append(Lot(seq, portion))
        if portion < available:
            rest.append(Lot(seq, available - portion))
    return (tuple(sorted(takes)), tuple(sorted(rest))) if first else (tuple(takes), tuple(rest))


def plus(lots: Lots, more: Lots) -> Lots:
    """Return `lots` with the coins of `more`."""
    coins = dict(lots)
    for seq, portion in more:
        coins[seq] = coins.get(seq, 0) + portion
    return tuple(Lot(seq, portion) for seq, portion in sorted(coins.items()))


def minus(lots: Lots, less: Lots) -> Lots:
    """Return `lots` without the coins of `less`, which they have."""
    coins = dict(less)
    return tuple(Lot(seq, portion - coins.get(seq, 0)) for seq, portion in lots if portion > coins.get(seq, 0))


def part_between(lots: Lots, before: int, until: int) -> Lots:
    """Return what falls to the coins `before` to `until` of those in `lots`, in proportion to each lot.

    Rounding is cumulative: parts that follow each other add up to the lots, and none is below zero.
    """
    return minus(_first_coins(lots, until), _first_coins(lots, before))


def _first_coins(lots: Lots, coins: int) -> Lots:
    """Return `coins` of the lots. With each coin more, exactly one lot gives one more."""
    total = sum_of(lots)
    portions: list[Lot] = []
    for lot in lots:
        portion = coins * lot.coins // total
        portions.append(Lot(lot.seq, portion))
        # What the first lot leaves over is split among the others, so no remainder has to be placed.
        coins, total = coins - portion, total - lot.coins
    return tuple(lot for lot in portions if lot.coins)


def coins_in(lots: Lots, seq: int) -> int:
    """Return the coins of the lot `seq`, 0 if there is none."""
    return dict(lots).get(seq, 0)


def sum_of(lots: Iterable[Lot]) -> int:
    """Return the coins of `lots`."""
    return sum([coins for _, coins in lots])


def listed(lots: Lots) -> list[list[int]]:
    """Return `lots` as facts of a row have them: [row, coins] each."""
    return [[*lot] for lot in lots]


def unlisted(fact: Iterable[Sequence[int]]) -> Lots:
    """Return the lots that a fact lists."""
    return tuple([Lot(seq, coins) for seq, coins in fact])


def sum_listed(fact: Iterable[Sequence[int]]) -> int:
    """Return the coins of the lots that a fact lists."""
    return sum([coins for _, coins in fact])
