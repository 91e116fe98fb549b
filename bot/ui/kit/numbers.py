"""Numbers by which buttons and menus know things that have no id of their own: boards, staff roles, forms, topics.

Messages with these numbers are out there for years. A position in an enum or a list would not do: a new entry in the
middle would make old buttons mean its neighbours.
"""

from collections.abc import Hashable, Iterator, Mapping
from typing import Generic, TypeVar

from bot.ui.text.refusals import Unreadable

T = TypeVar("T", bound=Hashable)


class Numbers(Generic[T]):
    """Things by their permanent numbers, in the order in which they are shown.

    A new thing takes a number that none has had.
    """

    def __init__(self, things: Mapping[int, T]) -> None:
        self._things = things
        self._numbers = {thing: number for number, thing in things.items()}
        assert len(self._numbers) == len(things), "Two numbers stand for one thing"

    def __iter__(self) -> Iterator[tuple[int, T]]:
        """Yield each number and its thing."""
        return iter(self._things.items())

    def of(self, thing: T) -> int:
        """Return the number of a thing."""
        return self._numbers[thing]

    def thing(self, number: int) -> T:
        """Return the thing with a number; raise Unreadable if there is none, which only a forged control can cause."""
        if number not in self._things:
            raise Unreadable
        return self._things[number]
