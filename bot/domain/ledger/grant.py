"""Grants: promo coins that a moderator gives to a member."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, NotRequired, TypedDict, cast

from bot.domain.accounts import GRANTED, paid_of, promo_of
from bot.domain.ledger.books import Books, Decision, Recorded
from bot.domain.ledger.kinds import Kind, Leg, check_credit
from bot.domain.ledger.postings import Posting
from bot.domain.money import amount
from bot.domain.staff_acts import ActKind, MoneyMoved

CONFIRM_ABOVE = 10_000
"""Coins above which staff confirm a grant before it is made: a zero too many is quickly typed."""


class Grant(NamedTuple):
    """Give a member promo coins, for a reason that the books keep."""

    guild_id: int
    key: str
    actor_id: int
    member_id: int
    amount: int
    reason: str

    kind = "grant"
    holder_ids = ()

    @property
    def other_id(self) -> int:
        """The other member on the receipt."""
        return self.member_id

    @property
    def member_ids(self) -> tuple[int, ...]:
        """The members whose accounts the command may touch."""
        return (self.actor_id, self.member_id)


class ReceiverNoticed(NamedTuple):
    """The receiver of the grant under `key` is told with their next reply."""

    holder: int
    key: str

    def apply(self, books: Books, guild_id: int) -> None:
        """Change nothing: no rule asks what members have read."""


class GrantFacts(TypedDict):
    """The body of a grant's row.

    `member` is a holder id. `coins` were granted, of which `payoff`, if any, went into the member's debt. The other
    two are balances after the grant.
    """

    member: int
    coins: int
    paid_after: int
    promo_after: int
    payoff: NotRequired[int]


def facts_of(row: Recorded) -> GrantFacts:
    """Return the facts of a grant's row or receipt."""
    assert row.kind == Grant.kind, row.kind
    return cast("GrantFacts", row.facts)


def decide(command: Grant, books: Books, _now_ms: int) -> Decision:
    """Return what a grant does. Raise WalletFull if the coins do not fit."""
    guild = command.guild_id
    books.rules_of(guild)
    coins = amount(command.amount)
    receiver = books.holders[guild, command.member_id]
    wallet = promo_of(receiver)
    payoff, payoff_postings = books.pay_off(guild, wallet, coins)
    books.check_room(guild, wallet, coins - payoff)
    books.check_room(guild, GRANTED, -coins)
    facts: GrantFacts = {
        "member": receiver,
        "coins": coins,
        "paid_after": books.balance(guild, paid_of(receiver)),
        "promo_after": books.balance(guild, wallet) + coins - payoff,
    }
    if payoff:
        facts["payoff"] = payoff
    actor = books.holders[guild, command.actor_id]
    act = MoneyMoved(ActKind.GRANT, actor, receiver, command.key)
    return Decision(
        kind=Grant.kind,
        actor=actor,
        postings=(Posting(GRANTED, wallet, coins), *payoff_postings),
        facts=facts,
        # Who gives coins to themselves has just read so.
        effects=(act,) if actor == receiver else (act, ReceiverNoticed(receiver, command.key)),
        note=command.reason,
    )


def check(facts: Mapping[str, Any], legs: Sequence[Leg]) -> str:
    """Return what is wrong with a grant's row, "" for nothing."""
    return check_credit(facts["coins"] - facts.get("payoff", 0), "promo", legs)


KIND = Kind(Grant.kind, Grant, decide, check, reads=("rules",), other="member")
