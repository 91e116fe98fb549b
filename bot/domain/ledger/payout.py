"""Payouts: a request reserves earnings. It ends when they are paid, or go back.

An approval moves nothing, so it is not a transaction. The row that records the payment says who approved it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, NotRequired, TypedDict, cast

from bot.domain.accounts import PAID_OUT, REAL_COINS, reserved_of
from bot.domain.bookings import of_payout, of_rejection
from bot.domain.earnings import available_of, released
from bot.domain.errors import Busy
from bot.domain.freezes import check_creator_frozen, check_frozen
from bot.domain.holds import day_of
from bot.domain.ledger.books import Books, Decision, Effect, Recorded
from bot.domain.ledger.kinds import Kind, Leg, check_moves
from bot.domain.ledger.postings import Posting
from bot.domain.payout_errors import EarningsUncounted, PayoutOpen
from bot.domain.payouts import Payout, PayoutState, check_payment, check_rejection, check_request, check_sent
from bot.domain.staff_acts import ActKind, MoneyMoved


class RequestPayout(NamedTuple):
    """Reserve available earnings of a creator, who asks for them in money."""

    guild_id: int
    key: str
    member_id: int
    diamonds: int

    kind = "payout_request"
    holder_ids = ()
    other_id = 0

    @property
    def actor_id(self) -> int:
        """The creator, who acts."""
        return self.member_id

    @property
    def member_ids(self) -> tuple[int, ...]:
        """The members whose accounts the command may touch."""
        return (self.member_id,)


class RecordPayout(NamedTuple):
    """Record that a payout was paid, under a `reference` that the books keep. `member_id` is the creator, 0 if erased.

    A payout never changes its creator, so `holder_ids`, which has that holder, can be read beforehand. With an
    `attempt`, the provider has already sent the money, so only the record remains to be decided.
    """

    guild_id: int
    key: str
    actor_id: int
    member_id: int
    payout_id: int
    reference: str
    holder_ids: tuple[int, ...]
    attempt: int = 0

    kind = "payout"

    @property
    def other_id(self) -> int:
        """The creator, who is the other member on the receipt."""
        return self.member_id

    @property
    def member_ids(self) -> tuple[int, ...]:
        """The members whose accounts the command may touch, besides the creator's."""
        return (self.actor_id,)


class RejectPayout(NamedTuple):
    """Give a payout's reserved earnings back to its creator, for a `reason` that the books keep. See RecordPayout."""

    guild_id: int
    key: str
    actor_id: int
    member_id: int
    payout_id: int
    reason: str
    holder_ids: tuple[int, ...]

    kind = "payout_rejection"

    @property
    def other_id(self) -> int:
        """The creator, who is the other member on the receipt."""
        return self.member_id

    @property
    def member_ids(self) -> tuple[int, ...]:
        """The members whose accounts the command may touch, besides the creator's."""
        return (self.actor_id,)


class PayoutRequested(NamedTuple):
    """A creator has asked for a payout, and staff are to be told."""

    payout: Payout

    def apply(self, books: Books, guild_id: int) -> None:
        """Add the payout to `books`, as the one that the creator has open."""
        payout = self.payout
        books.payouts[guild_id, payout.payout_id] = payout
        payable = books.payables[guild_id, payout.creator]
        books.payables[guild_id, payout.creator] = payable._replace(open_payout=payout.payout_id)


class PayoutClosed(NamedTuple):
    """A payout was paid or rejected."""

    payout: Payout

    def apply(self, books: Books, guild_id: int) -> None:
        """Change the payout in `books`."""
        books.payouts[guild_id, self.payout.payout_id] = self.payout


class CreatorTold(NamedTuple):
    """The creator, a holder, learns with their next reply what became of a payout."""

    creator: int
    payout_id: int
    at_ms: int

    def apply(self, books: Books, guild_id: int) -> None:
        """Change nothing: no rule asks what members have read."""


class RequestFacts(TypedDict):
    """The body of a request's row: `coins` of earnings are reserved.

    `withheld`, if any, are the sources whose earnings were waiting for the operator, so none of the payout comes from
    them.
    """

    coins: int
    withheld: NotRequired[list[str]]


class PayoutFacts(TypedDict):
    """The body of the row of a payment or a rejection.

    `payout` is the row of the request, `member` the creator's holder, and `coins` are what was reserved. Of what went
    back, `payoff`, if any, paid off the creator's debt. `approved_by` is the holder who approved, 0 for nobody.
    """

    payout: int
    member: int
    coins: int
    approved_by: int
    payoff: NotRequired[int]


def facts_of(row: Recorded) -> PayoutFacts:
    """Return the facts of the row or receipt of a payment or a rejection."""
    assert row.kind in {RecordPayout.kind, RejectPayout.kind}, row.kind
    return cast("PayoutFacts", row.facts)


def request(command: RequestPayout, books: Books, now_ms: int) -> Decision:
    """Return what a request does.

    Raise MemberFrozen, PayoutOpen, EarningsUncounted, what `check_request` does, or Busy if the books have rows that
    the fold has not counted.
    """
    guild = command.guild_id
    books.rules_of(guild)
    creator = books.holders[guild, command.member_id]
    check_frozen(books.frozen.get((guild, creator), ()))
    payable = books.payables[guild, creator]
    if payable.open_payout:
        raise PayoutOpen(payable.open_payout)
    # A request is the first of its batch, so this is only a safety net.
    if payable.seq != books.next_seq(guild) - 1:
        raise Busy
    if payable.holds is None:
        raise EarningsUncounted
    earned, reserved = REAL_COINS.earnings_of(creator), reserved_of(creator)
    today = day_of(now_ms)
    total = books.balance(guild, earned)
    available = available_of(total - released(payable.flags, today), payable.holds, today)
    minimum, debt = books.payout_rules[guild].minimum, books.debt(guild, creator)
    diamonds = check_request(command.diamonds, available=available, held=total - available, debt=debt, minimum=minimum)
    facts: RequestFacts = {"coins": diamonds}
    if payable.withheld:
        facts["withheld"] = [*payable.withheld]
    payout = Payout(guild, books.next_seq(guild), creator, diamonds, now_ms)
    return Decision(
        kind=RequestPayout.kind,
        actor=creator,
        postings=(Posting(earned, reserved, diamonds),),
        facts=facts,
        effects=(PayoutRequested(payout),),
    )


def record(command: RecordPayout, books: Books, now_ms: int) -> Decision:
    """Return what recording a payment does. Raise NotFound, CreatorFrozen, WalletFull, or as `check_payment`."""
    guild = command.guild_id
    books.rules_of(guild)
    payout, by = books.payout(guild, command.payout_id), books.holders[guild, command.actor_id]
    if command.attempt:
        check_sent(payout, command.attempt)
    else:
        check_payment(payout, by, books.debt(guild, payout.creator), books.payout_rules[guild].people)
        check_creator_frozen(books.frozen.get((guild, payout.creator), ()))
    books.check_room(guild, PAID_OUT, payout.diamonds)
    return Decision(
        kind=RecordPayout.kind,
        actor=by,
        postings=(Posting(reserved_of(payout.creator), PAID_OUT, payout.diamonds),),
        facts=_facts(payout),
        effects=_effects(books, command, PayoutState.PAID, now_ms),
        note=command.reference,
    )


def reject(command: RejectPayout, books: Books, now_ms: int) -> Decision:
    """Return what rejecting a payout does: a debt is settled first. Raise NotFound, or what `check_rejection` does."""
    guild = command.guild_id
    books.rules_of(guild)
    payout, by = books.payout(guild, command.payout_id), books.holders[guild, command.actor_id]
    check_rejection(payout)
    earned = REAL_COINS.earnings_of(payout.creator)
    payoff, payoff_postings = books.pay_off(guild, earned, payout.diamonds)
    books.check_room(guild, earned, payout.diamonds - payoff)
    facts = _facts(payout)
    if payoff:
        facts["payoff"] = payoff
    return Decision(
        kind=RejectPayout.kind,
        actor=by,
        postings=(Posting(reserved_of(payout.creator), earned, payout.diamonds), *payoff_postings),
        facts=facts,
        effects=_effects(books, command, PayoutState.REJECTED, now_ms),
        note=command.reason,
    )


def _facts(payout: Payout) -> PayoutFacts:
    return {
        "payout": payout.payout_id,
        "member": payout.creator,
        "coins": payout.diamonds,
        "approved_by": payout.approved_by,
    }


def _effects(books: Books, command: RecordPayout | RejectPayout, state: PayoutState, now_ms: int) -> tuple[Effect, ...]:
    guild, by = command.guild_id, books.holders[command.guild_id, command.actor_id]
    payout, seq = books.payout(guild, command.payout_id), books.next_seq(guild)
    end = PayoutClosed(replace(payout, state=state, closed_by=by, closed_ms=now_ms, closed_seq=seq, sending=None))
    if by == payout.creator:
        # A creator who withdraws their own request has just seen that it worked.
        return (end,)
    news = CreatorTold(payout.creator, payout.payout_id, now_ms)
    return (end, news, MoneyMoved(ActKind.PAYOUT, by, payout.creator, command.key))


def check_requested(facts: Mapping[str, Any], legs: Sequence[Leg]) -> str:
    """Return what is wrong with a request's row, "" for nothing."""
    coins = facts["coins"]
    return check_moves(legs, {"earnings": -coins, "reserved": coins})


def check_paid(facts: Mapping[str, Any], legs: Sequence[Leg]) -> str:
    """Return what is wrong with the row of a payment, "" for nothing."""
    if not facts["approved_by"] or facts["approved_by"] == facts["member"]:
        return "nobody else has approved the payout"
    return check_moves(legs, {"reserved": -facts["coins"], "paid_out": facts["coins"]})


def check_rejected(facts: Mapping[str, Any], legs: Sequence[Leg]) -> str:
    """Return what is wrong with a rejection's row, "" for nothing."""
    coins, payoff = facts["coins"], facts.get("payoff", 0)
    return check_moves(legs, {"reserved": -coins, "earnings": coins - payoff, "debt": payoff})


_READS = ("rules", "frozen", "payout_rules", "payouts")
REQUEST = Kind(
    RequestPayout.kind,
    RequestPayout,
    request,
    check_requested,
    ("rules", "frozen", "payout_rules", "payables"),
    is_first=True,
)
PAYMENT = Kind(RecordPayout.kind, RecordPayout, record, check_paid, _READS, other="member", bookings=of_payout)
REJECTION = Kind(
    RejectPayout.kind, RejectPayout, reject, check_rejected, ("rules", "payouts"), other="member", bookings=of_rejection
)
