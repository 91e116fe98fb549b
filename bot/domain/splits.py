"""Splitting coins among several, so that the parts always add up to the whole."""

from collections.abc import Sequence


def equal_parts(coins: int, people: int) -> tuple[int, ...]:
    """Return `coins` in equal parts for a number of people, in their order. The first ones get the remaining coins."""
    part, over = divmod(coins, people)
    return tuple(part + (place < over) for place in range(people))


def shares_of(coins: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Return the part of `coins` that falls to each weight, in proportion, in their order.

    Rounding is cumulative, so the parts add up to `coins`, and none is above its weight if `coins` are not above all.
    """
    whole, before = sum(weights), 0
    parts: list[int] = []
    for weight in weights:
        parts.append(coins * (before + weight) // whole - coins * before // whole)
        before += weight
    return tuple(parts)
