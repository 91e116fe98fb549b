"""What a row of each kind of money must add up to by itself, from its facts and its entries."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.storage.audit.hash_chain import Leg

Check = Callable[[Mapping[str, Any], Sequence[Leg]], str]
"""Returns what is wrong with a row, "" for nothing. Facts that make no sense raise Python's own errors."""


def _gift(facts: Mapping[str, Any], _legs: Sequence[Leg]) -> str:
    coins = facts["coins"]
    if (
        coins != facts["price"] * facts["count"]
        or coins != facts["paid"] + facts["promo"]
        or not 0 <= facts["share"] <= coins
    ):
        return "its coins, price and payment do not agree"
    return ""


def _order(facts: Mapping[str, Any], legs: Sequence[Leg]) -> str:
    return _credits(facts["coins"], "paid", legs)


def _grant(facts: Mapping[str, Any], legs: Sequence[Leg]) -> str:
    return _credits(facts["coins"], "promo", legs)


def _credits(coins: int, kind: str, legs: Sequence[Leg]) -> str:
    credit = sum(amount for _, leg_kind, _, amount in legs if leg_kind == kind)
    return "" if credit == coins else f"it is about {coins} coins, its entries credit {credit}"


CHECKS: Mapping[str, Check] = {"gift": _gift, "order": _order, "grant": _grant}
"""The check of each kind of money. A row of any other kind is a finding."""
