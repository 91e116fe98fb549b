"""A dispute that is won brings back what it took: the coins, and the perks that had gone with them.

The coins come first, and pay for the perks again, for no more than they had cost. A perk that cannot be had any more,
because it is sold out, is offered no longer or costs more, leaves its coins in the wallet, and the member is told so.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.domain.errors import Refusal
from bot.domain.ledger import perk, reinstatement
from bot.domain.ledger.books import Books, Decision
from bot.domain.ledger.kinds import Kind, check_none, key_of_row
from bot.domain.ledger.perk import BuyPerk
from bot.domain.ledger.perk_return import BuyerNoticed
from bot.domain.ledger.reinstatement import Reinstate


class WinDispute(NamedTuple):
    """Give back the coins that a dispute took, and unlock again what they had bought, as far as that can be had."""

    guild_id: int
    key: str
    reinstatement: Reinstate
    purchases: tuple[BuyPerk, ...]

    kind = "won_dispute"
    other_id = 0

    @property
    def actor_id(self) -> int:
        """The buyer, on whose behalf it happens."""
        return Reinstate._make(self.reinstatement).member_id

    @property
    def member_ids(self) -> tuple[int, ...]:
        """The members whose accounts it may touch."""
        return Reinstate._make(self.reinstatement).member_ids

    @property
    def holder_ids(self) -> tuple[int, ...]:
        """The buyer's holder."""
        return Reinstate._make(self.reinstatement).holder_ids


def parts_of(command: WinDispute) -> tuple[Reinstate | BuyPerk, ...]:
    """Return the reinstatement and the purchases, of which some may have no row."""
    # They may have come here as plain tuples.
    return Reinstate._make(command.reinstatement), *(BuyPerk._make(purchase) for purchase in command.purchases)


def steps(command: WinDispute, books: Books, now_ms: int) -> Iterator[Decision]:
    """Yield the rows. Raise what a reinstatement raises."""
    coins_back = reinstatement.decide(Reinstate._make(command.reinstatement), books, now_ms)
    holder = coins_back.actor
    purchases = [BuyPerk._make(purchase) for purchase in command.purchases]
    possible = _possible(command, coins_back, purchases, books, now_ms)
    if len(possible) < len(purchases):
        coins_back = _told(coins_back, holder, command.key)
    yield coins_back
    for place, purchase in enumerate(possible, start=1):
        yield _told(perk.decide(purchase, books, now_ms), holder, key_of_row(command.key, place))


def _possible(
    command: WinDispute, coins_back: Decision, purchases: Sequence[BuyPerk], books: Books, now_ms: int
) -> list[BuyPerk]:
    """Return the purchases that the rules allow once the coins are back."""
    trial = books.copied()
    trial.record(command.guild_id, command.key, coins_back, now_ms)
    possible: list[BuyPerk] = []
    for purchase in purchases:
        try:
            decision = perk.decide(purchase, trial, now_ms)
        except Refusal:
            continue
        possible.append(purchase)
        trial.record(command.guild_id, key_of_row(command.key, len(possible)), decision, now_ms)
    return possible


def _told(decision: Decision, holder: int, key: str) -> Decision:
    return decision._replace(effects=(*decision.effects, BuyerNoticed(holder, key)))


KIND = Kind(
    WinDispute.kind,
    WinDispute,
    None,
    check_none,
    is_answered=False,
    is_first=True,
    steps=steps,
    parts=parts_of,
    row_kind=Reinstate.kind,
)
