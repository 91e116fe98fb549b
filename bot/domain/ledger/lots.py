"""How transactions change the lots of an account (see `bot.domain.lots`)."""

from typing import NamedTuple, cast

from bot.domain.accounts import Account
from bot.domain.ledger.books import Books
from bot.domain.ledger.journal import JournalRow
from bot.domain.lots import Lots, changed, unlisted


class LotsChanged(NamedTuple):
    """Coins came into lots of an account, `more`, or out of them, `less`."""

    account: Account
    more: Lots = ()
    less: Lots = ()

    def apply(self, books: Books, guild_id: int) -> None:
        """Change the lots in `books`."""
        books.lots[guild_id, self.account] = changed(books.lots_of(guild_id, self.account), self.more, self.less)


def into(account: Account, lots: Lots) -> tuple[LotsChanged, ...]:
    """Return the effect of coins that come into lots of `account`, none without coins."""
    return (LotsChanged(account, more=lots),) if lots else ()


def out_of(account: Account, lots: Lots) -> tuple[LotsChanged, ...]:
    """Return the effect of coins that leave lots of `account`, none without coins."""
    return (LotsChanged(account, less=lots),) if lots else ()


def lots_in(row: JournalRow, books: Books) -> Lots:
    """Return the lots that a gift or a reversal took from. Old rows do not list them, but the books do."""
    fact = row.facts.get("lots")
    if fact is None:
        return books.unlisted_lots.get((row.guild_id, row.seq), ())
    return unlisted(cast("list[list[int]]", fact))
