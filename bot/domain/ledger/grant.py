"""Grants: promo coins that a moderator gives to a member."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, NotRequired, TypedDict, cast

from bot.domain.accounts import GRANTED, paid_of, promo_of
from bot.domain.grant_errors import ForeignReceipt, NeedsSecondPerson
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

    A grant to oneself needs an `approver_id`, somebody else on the staff. With `is_automatic`, it is not an act of
    staff: the member is named as the actor, and no limit applies. A refund of goodwill names a `receipt`: the row of a
    gift that the member sent, or of a purchase of theirs.
    """

    guild_id: int
    key: str
    actor_id: int
    member_id: int
    amount: int
    reason: str
    approver_id: int = 0
    is_automatic: bool = False
    receipt: int = 0

    kind = "grant"
    holder_ids = ()

    @property
    def seq(self) -> int:
        """The row that it makes up for, 0 for none."""
        return self.receipt

    @property
    def of_seq(self) -> int:
        """The same row; nothing of it is taken back."""
        return self.receipt

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
    `goodwill` is the row that the grant makes up for.
    """

    member: int
    coins: int
    paid_after: int
    promo_after: int
    payoff: NotRequired[int]
    approver: NotRequired[int]
    goodwill: NotRequired[int]


def facts_of(row: Recorded) -> GrantFacts:
    """Return the facts of a grant's row or receipt."""
    assert row.kind == Grant.kind, row.kind
    return cast("GrantFacts", row.facts)


def decide(command: Grant, books: Books, now_ms: int) -> Decision:
    """Return what a grant does.

    Raise WalletFull if the coins do not fit, NeedsSecondPerson, GrantTooLarge, DailyGrantLimit, or ForeignReceipt.
    """
    guild = command.guild_id
    books.rules_of(guild)
    coins = amount(command.amount)
    _check_second_person(command)
    giver = books.holders[guild, command.actor_id]
    limit_effects = () if command.is_automatic else (allow(books, guild, giver, coins=coins, now_ms=now_ms),)
    receiver = books.holders[guild, command.member_id]
    if command.receipt:
        _check_receipt(command, books, receiver)
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
    if command.receipt:
        facts["goodwill"] = command.receipt
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


def _check_receipt(command: Grant, books: Books, receiver: int) -> None:
    """Raise ForeignReceipt unless the grant makes up for a gift or a purchase of its receiver."""
    row = books.rows.get((command.guild_id, command.receipt))
    if row is None or row.kind not in {"gift", "order"} or row.actor != receiver:
        raise ForeignReceipt(command.receipt, command.member_id)


def check(facts: Mapping[str, Any], legs: Sequence[Leg]) -> str:
    """Return what is wrong with a grant's row, "" for nothing."""
    return check_credit(facts["coins"] - facts.get("payoff", 0), "promo", legs)


KIND = Kind(Grant.kind, Grant, decide, check, reads=("rules", "rows", *READS), other="member")
