"""What was unspent of old tests: it stood among the coins that were bought with money, and became test coins.

A migration has booked these rows, one for each member, when test coins got accounts of their own. No command does.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict, cast

from bot.domain.accounts import REAL_COINS, TEST_COINS
from bot.domain.ledger.books import Recorded
from bot.domain.ledger.kinds import MISMATCH, Kind, Leg

NAME = "test_coins"


class UnspentTestsFacts(TypedDict):
    """The body of such a row: `coins` that were unspent, and the `lots` that they are in, which are orders of tests."""

    coins: int
    lots: list[list[int]]


def facts_of(row: Recorded) -> UnspentTestsFacts:
    """Return the facts of such a row or receipt."""
    assert row.kind == NAME, row.kind
    return cast("UnspentTestsFacts", row.facts)


def check(facts: Mapping[str, Any], legs: Sequence[Leg]) -> str:
    """Return what is wrong with such a row, "" for nothing."""
    coins = facts["coins"]
    sold = {REAL_COINS.wallet: -coins, REAL_COINS.source.kind: coins}
    sold_as_test = {TEST_COINS.wallet: coins, TEST_COINS.source.kind: -coins}
    is_right = sorted((kind, change) for _, kind, _, change in legs) == sorted((sold | sold_as_test).items())
    return "" if is_right else MISMATCH


KIND = Kind(NAME, None, None, check, wallet_facts=("coins", "lots"), is_answered=False)
