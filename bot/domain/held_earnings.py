"""Held earnings: when an order is refunded whose coins are spent, the gifts they paid for give back what still waits.

A refund of 100 coins, of which 30 are unspent and 70 paid for a gift of which the creator has 35, takes

    30   what the buyer has not spent
    35   what the creator waits for: the gift stays, and so do boards and totals
    35   the house, and then a debt of the buyer

Released earnings stay with their creator, and no gift gives back more than the coins of that order earned with it. The
newest gifts give back first, because they would wait the longest.

If such a gift is later taken back as well, its sender does not get the lost part: that money has already gone back. If
only some of its pieces are taken back, each bears the same part of the loss. If the money returns to the seller, for
instance because a dispute is won, the creator gets the same diamonds again. Those of pieces that were taken back by
then go to the buyer.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.domain.holds import UNKNOWN, Hold, HoldRules, earned_by_lot, earns, holds_of
from bot.domain.lots import Lot, Lots, coins_in, minus, opened, part_between, unlisted

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


def diamonds_left(facts: "GiftFacts", lot: int, pieces_gone: int) -> int:
    """Return what the coins of a lot have earned with the pieces of a gift that were not taken back.

    It is no more than those pieces can lose, so that each of them can still be taken back.
    """
    return coins_in(losable(facts, pieces_gone, facts["count"]), lot)


def losable(facts: "GiftFacts", before: int, until: int) -> Lots:
    """Return what the pieces `before` + 1 to `until` of a gift can lose, in diamonds, by lot.

    For each piece that is what its coins of a lot have earned, but no more than those coins, and no more than its part
    of the share. Rounding makes a coin of difference between these. Because each piece is counted by itself, what
    several can lose is what they can lose one by one.
    """
    if not earns(facts) or before == until:
        return ()
    count, paid, share = facts["count"], facts["paid"], facts["share"]
    lots = unlisted(facts.get("lots", ()))
    if len(lots) == 1 and not facts["promo"] and "payoff" not in facts:
        # So it is with most gifts: every piece costs the same, and none has earned more than that.
        return opened(lots[0].seq, share * until // count - share * before // count)
    diamonds = Counter[int]()
    for piece in range(before, until):
        cost = part_between(lots, paid * piece // count, paid * (piece + 1) // count)
        limit = share * (piece + 1) // count - share * piece // count
        for lot, earnings in minus(earned_by_lot(facts, piece + 1), earned_by_lot(facts, piece)):
            portion = min(earnings, coins_in(cost, lot), limit)
            diamonds[lot] += portion
            limit -= portion
    return tuple(Lot(*each) for each in sorted((+diamonds).items()))


def losses_of_part(facts: "GiftFacts", losses: Iterable[Loss], before: int, part: int) -> Lots:
    """Return how much of a gift's `losses` falls to the next `part` pieces after the first `before`, by lot.

    Each piece that is left bears the same, but none more than it can lose. The last pieces bear all that is left.

    Losses from before each piece was counted by itself may be some diamonds larger than that. Then these pieces bear
    what those after them have not earned. They never lose more than they cost, but it may be more than their part of
    the share, or than the coins of the lot.
    """
    count, diamonds = facts["count"], Counter[int]()
    for loss in losses:
        diamonds[loss.lot] += loss.diamonds
    until = before + part
    capacity, rest_capacity = losable(facts, before, until), losable(facts, until, count)
    rest_earned = minus(earned_by_lot(facts, count), earned_by_lot(facts, until)) if diamonds else ()
    portions: dict[int, int] = {}
    for lot, whole in diamonds.items():
        room, rest_room = coins_in(capacity, lot), coins_in(rest_capacity, lot)
        if whole > room + rest_room:
            rest_room = coins_in(rest_earned, lot)
        portions[lot] = max(whole - rest_room, min(whole * part // (count - before), room))
    return tuple(Lot(*each) for each in sorted(portions.items()) if each[1])


def losses_left(losses: Iterable[Loss], portions: Lots) -> tuple[Loss, ...]:
    """Return what is left of a gift's `losses` once `portions` of them are settled, oldest first."""
    amounts = dict(portions)
    remainder: list[Loss] = []
    for loss in sorted(losses, key=lambda loss: loss.reversal):
        portion = min(loss.diamonds, amounts.get(loss.lot, 0))
        if portion:
            amounts[loss.lot] -= portion
        if portion < loss.diamonds:
            remainder.append(loss._replace(diamonds=loss.diamonds - portion))
    return tuple(remainder)


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

    An order takes from gifts. A piece that bears a loss does not give back the same diamonds again. What returns is not
    taken any more.
    """
    for gift, _, diamonds, _ in facts.get("from_gifts", ()):
        yield Correction(gift, facts["of"], diamonds)
    for lot, diamonds in facts.get("losses", ()):
        yield Correction(facts["of"], lot, -diamonds)
    for gift, _, diamonds, *_ in facts.get("to_gifts", ()):
        yield Correction(gift, facts["of"], -diamonds)
