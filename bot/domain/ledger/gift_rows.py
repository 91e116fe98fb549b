"""What the row of a gift has to say: whether it adds up, and what it adds to leaderboards."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

from bot.domain.accounts import TEST_KINDS, AccountKind
from bot.domain.leaderboards import Credit
from bot.domain.ledger.kinds import Leg
from bot.domain.lots import sum_listed


class GiftFacts(TypedDict):
    """The body of a gift's row.

    `creator` is a holder id. `price` is for one piece, `count` the number of pieces, and `coins` the total, of which
    `paid` and `promo` were taken. `share` is the creator's part, of which `payoff`, if any, went into the creator's
    debt. `lots` are those that paid coins came from, if any: the row of an order, and coins, each. Old rows have none.
    `tier` is there if the guild had chosen the item's. `channel`, `message`, `event` and `live_channel` are 0 for
    none. The audit and leaderboards need `zone`, the guild's time zone then. What is public has no `paid`, `promo`,
    `share`, `paid_after` and `promo_after`: see `bot.domain.anonymity`.

    Only a gift of test coins has `test`: its paid coins, share and debt are test coins. If members could also pay with
    real money then, it has `counts`, which is False: it counts on no board. A gift with which its sender joins the
    creator's fan club has `club`. Only a gift whose sender wanted no combos has `quiet`.

    Only a gift that uses most of a budget of its sender has `budget`: the place of its period in PERIODS, the coins
    that are used, the limit, and 1 if that is the guild's for young accounts.

    Only a part of a joint gift has `joint`: its place among the rows that together are the gift (from 0; they follow
    each other), how many those are, and what all of them cost. Its own price is that of the part. The first row of a
    gift for several creators has `team`: each creator, and their part. That of a gift that members pooled for has
    `pool`: each of them, with what they gave. All rows of the latter have `chip_in`, and change no wallet.
    """

    creator: int
    item: int
    name: str
    emoji: str
    price: int
    count: int
    coins: int
    paid: int
    promo: int
    share: int
    share_percent: int
    anonymous: bool
    channel: int
    message: int
    event: int
    live_channel: int
    noted: bool
    paid_after: int
    promo_after: int
    zone: str
    payoff: NotRequired[int]
    lots: NotRequired[list[list[int]]]
    tier: NotRequired[str]
    test: NotRequired[bool]
    counts: NotRequired[bool]
    budget: NotRequired[list[int]]
    club: NotRequired[bool]
    quiet: NotRequired[bool]
    joint: NotRequired[list[int]]
    team: NotRequired[list[list[int]]]
    pool: NotRequired[list[list[int]]]
    chip_in: NotRequired[int]
    chips: NotRequired[list[list[int]]]


def check(facts: Mapping[str, Any], legs: Sequence[Leg]) -> str:
    """Return what is wrong with a gift's row, "" for nothing."""
    coins = facts["coins"]
    if (
        coins != facts["price"] * facts["count"]
        or coins != facts["paid"] + facts["promo"]
        or not 0 <= facts["share"] <= coins
        or ("lots" in facts and sum_listed(facts["lots"]) != facts["paid"])
        or ("test" in facts and any(kind not in _KINDS_OF_TESTS for _, kind, _, _ in legs))
    ):
        return "its coins, price and payment do not agree"
    return ""


_KINDS_OF_TESTS = TEST_KINDS | {AccountKind.PROMO, AccountKind.PROMO_CHIPS}
"""Kinds of account among which a gift of test coins moves coins."""


def credit_of(seq: int, sender: int, at_ms: int, facts: Mapping[str, Any]) -> Credit | None:
    """Return what the gift in row `seq` adds to leaderboards, None for a test that counts on no board."""
    if not facts.get("counts", True):
        return None
    # In order, not by name: every gift is counted, and twice as fast like this.
    place = facts["creator"], facts["item"], facts["anonymous"], facts["event"]
    return Credit(seq, at_ms, facts["zone"], sender, *place, facts["coins"], facts["count"])


def coins_of(facts: GiftFacts) -> int:
    """Return what a gift costs, with all rows of a joint one."""
    return facts["joint"][2] if "joint" in facts else facts["coins"]


def piece_coins_of(facts: GiftFacts) -> int:
    """Return what one piece costs, with all rows of a joint gift."""
    return facts["joint"][2] if "joint" in facts else facts["price"]


def is_later_part(facts: GiftFacts) -> bool:
    """Whether the row is a part of a joint gift, and not the first one, which stands for all of it."""
    return "joint" in facts and facts["joint"][0] > 0
