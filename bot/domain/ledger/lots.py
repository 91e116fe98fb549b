"""How transactions change the lots of an account (see `bot.domain.lots`)."""

from typing import NamedTuple, cast

from bot.domain.accounts import Account
from bot.domain.ledger.books import Books
from bot.domain.ledger.journal import JournalRow
from bot.domain.lots import Lots, unlisted


class LotsChanged(NamedTuple):
    """Coins came into lots of an account, or went out of them."""

    account: Account
    before: Lots
    after: Lots

    def apply(self, books: Books, guild_id: int) -> None:
        """Change the lots in `books`."""
        books.lots[guild_id, self.account] = self.after


def lots_changed(account: Account, before: Lots, after: Lots) -> tuple[LotsChanged, ...]:
    """Return the effect of a change, none if nothing has changed."""
    return () if before == after else (LotsChanged(account, before, after),)


def lots_in(row: JournalRow, books: Books) -> Lots:
    """Return the lots that a gift or a reversal took from. Old rows do not list them, but the books do."""
    fact = row.facts.get("lots")
    if fact is None:
        return books.unlisted_lots.get((row.guild_id, row.seq), ())
    return unlisted(cast("list[list[int]]", fact))
