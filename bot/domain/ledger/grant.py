"""Grants: promo coins that a moderator gives to a member."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, NotRequired, TypedDict, cast

from bot.domain.accounts import GRANTED, paid_of, promo_of
from bot.domain.grant_errors import NeedsSecondPerson
from bot.domain.ledger.allowance import READS, allow
from bot.domain.ledger.books import Books, Decision, Recorded
from bot.domain.ledger.kinds import Kind, Leg, check_credit
from bot.domain.ledger.postings import Posting
from bot.domain.money import amount
from bot.domain.staff_acts import ActKind, MoneyMoved

CONFIRM_ABOVE = 10_000
"""Coins above which staff confirm a grant before it is made: a zero too many is quickly typed."""


class Grant(NamedTuple):
    """Give a member promo coins, for a reason that the books keep.

    Whoever grants to themselves needs an `approver_id`, somebody else on the staff. With `is_automatic`, it is no act
    of staff: the member is named as the one who acts, and no limit applies.
    """

    guild_id: int
    key: str
    actor_id: int
    member_id: int
    amount: int
    reason: str
    approver_id: int = 0
    is_automatic: bool = False

    kind = "grant"
    holder_ids = ()

    @property
    def other_id(self) -> int:
        """The other member on the receipt."""
        return self.member_id

    @property
    def member_ids(self) -> tuple[int, ...]:
        """The members whose accounts the command may touch."""
        members = self.actor_id, self.member_id
        return (*members, self.approver_id) if self.approver_id else members


class ReceiverNoticed(NamedTuple):
    """The receiver of the grant under `key` is told with their next reply."""

    holder: int
    key: str

    def apply(self, books: Books, guild_id: int) -> None:
        """Change nothing: no rule asks what members have read."""


class GrantFacts(TypedDict):
    """The body of a grant's row.

    `member` is a holder id. `coins` were granted, of which `payoff`, if any, went into the member's debt. The other
    two are balances after the grant. `approver` is the holder who confirmed a grant of staff to themselves.
    """

    member: int
    coins: int
    paid_after: int
    promo_after: int
    payoff: NotRequired[int]
    approver: NotRequired[int]


def facts_of(row: Recorded) -> GrantFacts:
    """Return the facts of a grant's row or receipt."""
    assert row.kind == Grant.kind, row.kind
    return cast("GrantFacts", row.facts)


def decide(command: Grant, books: Books, now_ms: int) -> Decision:
    """Return what a grant does.

    Raise WalletFull if the coins do not fit, NeedsSecondPerson, GrantTooLarge or DailyGrantLimit.
    """
    guild = command.guild_id
    books.rules_of(guild)
    coins = amount(command.amount)
    _check_second_person(command)
    giver = books.holders[guild, command.actor_id]
    limit_effects = () if command.is_automatic else (allow(books, guild, giver, coins=coins, now_ms=now_ms),)
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
    if command.approver_id:
        facts["approver"] = books.holders[guild, command.approver_id]
    acts = () if command.is_automatic else (MoneyMoved(ActKind.GRANT, giver, receiver, command.key),)
    # Who gives coins to themselves has just read so.
    notices = () if command.actor_id == command.member_id else (ReceiverNoticed(receiver, command.key),)
    return Decision(
        kind=Grant.kind,
        actor=giver,
        postings=(Posting(GRANTED, wallet, coins), *payoff_postings),
        facts=facts,
        effects=(*acts, *limit_effects, *notices),
        note=command.reason,
    )


def _check_second_person(command: Grant) -> None:
    if command.is_automatic or command.actor_id != command.member_id:
        return
    if command.approver_id in {0, command.actor_id}:
        raise NeedsSecondPerson


def check(facts: Mapping[str, Any], legs: Sequence[Leg]) -> str:
    """Return what is wrong with a grant's row, "" for nothing."""
    return check_credit(facts["coins"] - facts.get("payoff", 0), "promo", legs)


KIND = Kind(Grant.kind, Grant, decide, check, reads=("rules", *READS), other="member")
