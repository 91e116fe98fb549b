"""Held earnings: where an order goes back whose coins are spent, the gifts that they paid for give back what waits.

A refund of 100 coins, of which 30 are unspent and 70 paid for a gift of which the creator has 35, takes

    30   what the buyer has not spent
    35   what the creator waits for: the gift stays, and so do boards and totals
    35   the house, and then a debt of the buyer

What is released stays with its creator, and no gift gives back more than the coins of that order have earned with it.
The newest gifts give back first, since they would wait the longest.

What a gift has lost does not come back to its sender, should the gift be taken back as well: the money for it went back
before. If the money returns to the seller, as when a dispute is won, the creator gets the same diamonds again. Where
the gift is gone by then, they are the buyer's.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.domain.holds import UNKNOWN, Hold, HoldRules, earned_by_lot, earns, holds_of
from bot.domain.lots import Lots, coins_in, part_between

if TYPE_CHECKING:
    # The books of the ledger know what is held, and gifts are decided over those books.
    from bot.domain.ledger.gift import GiftFacts


class HeldGift(NamedTuple):
    """What the gift in row `seq` can give back of one order: `diamonds` that wait until the day `until_day` begins."""

    seq: int
    creator: int
    diamonds: int
    is_anonymous: bool
    until_day: int


class Loss(NamedTuple):
    """What the row `reversal` took of the earnings of the gift in row `gift`, since the coins of `lot` went back."""

    gift: int
    reversal: int
    lot: int
    diamonds: int


class Correction(NamedTuple):
    """A change of what is taken back of a gift's earnings, of those that the coins of `lot` have paid for."""

    gift: int
    lot: int
    diamonds: int


def diamonds_left(facts: "GiftFacts", lots: Lots, lot: int, pieces_gone: int) -> int:
    """Return what the coins of a lot have earned with the pieces of a gift that were not taken back.

    `lots` are all that the gift took. It is no more than those pieces cost, so that the gift can still be taken back.
    """
    if not earns(facts):
        return 0
    of_all, of_before = (coins_in(earned_by_lot(facts, pieces), lot) for pieces in (facts["count"], pieces_gone))
    paid_before = facts["paid"] * pieces_gone // facts["count"]
    return min(of_all - of_before, coins_in(part_between(lots, paid_before, facts["paid"]), lot))


def pieces_left(
    seq: int,
    at_ms: int,
    facts: "GiftFacts",
    sources: Mapping[int, str],
    rules: HoldRules,
    pieces_gone: int,
    losses: Iterable[Loss],
) -> list[Hold]:
    """Return what is left of what a gift has earned, by source, without pieces that came back and without `losses`."""
    if not earns(facts):
        return []
    less = Counter[str]()
    for loss in losses:
        less[sources.get(loss.lot, UNKNOWN)] += loss.diamonds
    for source, _, diamonds in holds_of(seq, at_ms, facts, sources, rules, pieces_gone):
        less[source] += diamonds
    whole = holds_of(seq, at_ms, facts, sources, rules, facts["count"])
    return [hold._replace(diamonds=hold.diamonds - less[hold.source]) for hold in whole]


def take(
    gifts: tuple[HeldGift, ...], coins: int, balances: Mapping[int, int], today: int
) -> tuple[tuple[HeldGift, ...], int]:
    """Return what `gifts` give back of `coins`, and what is still missing. `balances` are those of their creators.

    No account is overdrawn: a debt may have taken what a gift has earned.
    """
    takes: list[HeldGift] = []
    funds = dict(balances)
    for gift in gifts:
        if gift.until_day <= today:
            continue
        diamonds = min(gift.diamonds, coins, funds[gift.creator])
        if diamonds:
            takes.append(gift._replace(diamonds=diamonds))
            funds[gift.creator] -= diamonds
            coins -= diamonds
    return tuple(takes), coins


def corrections(facts: Mapping[str, Any]) -> Iterator[Correction]:
    """Yield how a reversal or a reinstatement changes what is taken back of earnings, besides pieces of gifts.

    An order takes from gifts. A gift that has lost something cannot lose it again. What returns is not taken any more.
    """
    for gift, _, diamonds, _ in facts.get("from_gifts", ()):
        yield Correction(gift, facts["of"], diamonds)
    for lot, diamonds in facts.get("losses", ()):
        yield Correction(facts["of"], lot, -diamonds)
    for gift, _, diamonds, *_ in facts.get("to_gifts", ()):
        yield Correction(gift, facts["of"], -diamonds)
