"""Fans of a creator: the members of their fan club, who have sent a gift that joins it and was not taken back.

Gifts for fans are open to a paused member as well, because sending one is what ends the pause. An anonymous gift makes
nobody a fan, because others see who sends gifts that only fans can send.
"""

from dataclasses import dataclass
from typing import NamedTuple

from bot.domain.errors import Refusal
from bot.domain.ledger.books import Books


@dataclass(unsafe_hash=True)
class FansOnly(Refusal):
    """A gift for the creator's fan club, and a sender who is not in it.

    `way_in` is the name of a gift that joins the club, "" if there is none.
    """

    name: str
    creator_id: int
    way_in: str = ""


class Joined(NamedTuple):
    """A member sent a creator `hearts`: pieces that join the fan club. Below 0, they got them back. Both are holders.

    Later commands of the batch look at it. Between batches it follows from the journal.
    """

    sender: int
    creator: int
    hearts: int

    def apply(self, books: Books, guild_id: int) -> None:
        """Add to what the sender has sent, if anybody asks."""
        pair = guild_id, self.sender, self.creator
        if pair in books.hearts:
            books.hearts[pair] += self.hearts


def is_fan(books: Books, guild_id: int, sender: int, creator: int) -> bool:
    """Whether a member is in a creator's club. Both are holders, and a pair for which `Books.hearts` is loaded."""
    return books.hearts[guild_id, sender, creator] > 0


def check_fan(books: Books, guild_id: int, sender: int, creator: int, *, name: str, creator_id: int) -> None:
    """Raise FansOnly, about the gift `name`, unless the sender is a fan of the creator, whose member id is given."""
    if not is_fan(books, guild_id, sender, creator):
        raise FansOnly(name, creator_id, books.ways_in.get(guild_id, ""))


def joined(books: Books, guild_id: int, sender: int, creator: int, hearts: int) -> tuple[Joined, ...]:
    """Return what a gift that joins the club, or its reversal, changes for pairs that this batch asks about."""
    if (guild_id, sender, creator) not in books.hearts:
        return ()
    return (Joined(sender, creator, hearts),)
