"""Who is a fan of a creator: whoever has sent them a gift under their own name that has not been taken back.

Nothing else says so. A fan club for each creator is to take the place of `is_fan`. An anonymous gift makes nobody a
fan, because others see who sends what only fans can.
"""

from dataclasses import dataclass
from typing import NamedTuple

from bot.domain.errors import Refusal
from bot.domain.ledger.books import Books


@dataclass(unsafe_hash=True)
class FansOnly(Refusal):
    """A gift for fans of the creator, and a sender who is none."""

    name: str
    creator_id: int


class Gave(NamedTuple):
    """A member gave coins to a creator under their own name, or got them back if `coins` is below 0. Both are holders.

    Later commands of the batch look at it. Between batches it follows from the journal.
    """

    sender: int
    creator: int
    coins: int

    def apply(self, books: Books, guild_id: int) -> None:
        """Add to what the sender has given, if anybody asks."""
        pair = guild_id, self.sender, self.creator
        if pair in books.given:
            books.given[pair] += self.coins


def is_fan(books: Books, guild_id: int, sender: int, creator: int) -> bool:
    """Whether a member is a fan of a creator. Both are holders, and a pair for which `Books.given` has been loaded."""
    return books.given[guild_id, sender, creator] > 0


def check_fan(books: Books, guild_id: int, sender: int, creator: int, *, name: str, creator_id: int) -> None:
    """Raise FansOnly, about the gift `name`, unless the sender is a fan of the creator, whose member id is given."""
    if not is_fan(books, guild_id, sender, creator):
        raise FansOnly(name, creator_id)


def gave(books: Books, guild_id: int, sender: int, creator: int, coins: int, *, anonymous: bool) -> tuple[Gave, ...]:
    """Return what a gift or its reversal changes about who is a fan, for pairs that this batch asks about."""
    if anonymous or (guild_id, sender, creator) not in books.given:
        return ()
    return (Gave(sender, creator, coins),)
