"""Matches what members type into a list that narrows as they type: which entries fit, and in which order."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")


def matching(things: Iterable[T], query: str, names_of: Callable[[T], Sequence[str]]) -> list[T]:
    """Return the things with a name that contains `query`; those with one that begins with it come first.

    A name that is a number has to begin with it: nobody thinks of 1,499 as something with a 49 in it. Otherwise the
    order stays.
    """
    needle = query.strip().casefold()
    ranked: list[tuple[bool, T]] = []
    for thing in things:
        names = [name.casefold() for name in names_of(thing)]
        begins = any(name.startswith(needle) for name in names)
        if begins or any(needle in name for name in names if not name.isdigit()):
            ranked.append((not begins, thing))
    return [thing for _, thing in sorted(ranked, key=lambda pair: pair[0])]
