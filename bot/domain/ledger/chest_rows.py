"""The rows of chests in the journal: what their facts say, and what is wrong with one."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

from bot.domain.ledger.kinds import Leg, check_moves


class ChestFacts(TypedDict):
    """The body of the row that opens a chest: `coins` in `shares` of `share` each. Two facts are balances after it."""

    coins: int
    share: int
    shares: int
    until_ms: int
    channel: int
    paid_after: int
    promo_after: int


class ShareFacts(TypedDict):
    """The body of the row of a share. `chest` is the row that opened the chest, and people are holders.

    Of the `coins`, `payoff` went into the member's debt, if any. Two facts are balances after it.
    """

    chest: int
    sponsor: int
    member: int
    coins: int
    paid_after: int
    promo_after: int
    payoff: NotRequired[int]


class ReturnFacts(TypedDict):
    """The body of the row with which `coins` go back to the sponsor, `payoff` of them into a debt."""

    chest: int
    coins: int
    shares: int
    paid_after: int
    promo_after: int
    payoff: NotRequired[int]


def check_opened(facts: Mapping[str, Any], legs: Sequence[Leg]) -> str:
    """Return what is wrong with the row that opens a chest, "" for nothing."""
    coins = facts["coins"]
    if facts["share"] * facts["shares"] != coins:
        return "its shares are not its coins"
    return check_moves(legs, {"promo": -coins, "chest": coins})


def check_moved(facts: Mapping[str, Any], legs: Sequence[Leg]) -> str:
    """Return what is wrong with the row of a share, or of what went back, "" for nothing."""
    coins, payoff = facts["coins"], facts.get("payoff", 0)
    return check_moves(legs, {"chest": -coins, "promo": coins - payoff, "debt": payoff})
