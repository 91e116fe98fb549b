"""Grants to many members at once: one row of the journal, so all of them get their coins or none.

A row for each of 10,000 members would keep every gift waiting three times as long. What each of them got stands in the
entries of the row, and its body stays small for all who read it later.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, NotRequired, TypedDict, cast

from bot.domain.accounts import GRANTED, promo_of
from bot.domain.grant_errors import NeedsSecondPerson
from bot.domain.ledger.allowance import READS, allow
from bot.domain.ledger.books import Books, Decision, Recorded
from bot.domain.ledger.kinds import Kind, Leg, check_credit
from bot.domain.ledger.postings import Posting
from bot.domain.money import amount
from bot.domain.staff_acts import NOBODY, ActKind, MoneyMoved

Shares = tuple[tuple[int, int], ...]
"""Who gets how many coins, each of them once."""


class GrantMany(NamedTuple):
    """Give promo coins to the members in `shares`, for a reason that the books keep. Staff saw `batch_id`."""

    guild_id: int
    key: str
    actor_id: int
    batch_id: int
    shares: Shares
    reason: str

    kind = "grants"
    holder_ids = ()
    other_id = 0

    @property
    def member_ids(self) -> tuple[int, ...]:
        """The members whose accounts the command may touch."""
        return (self.actor_id, *(member_id for member_id, _ in self.shares))


class BatchGranted(NamedTuple):
    """The batch was booked under `key`, and its `receivers`, who are holders, are told with their next replies."""

    batch_id: int
    key: str
    receivers: tuple[int, ...]

    def apply(self, books: Books, guild_id: int) -> None:
        """Change nothing: no rule asks about it."""


class GrantManyFacts(TypedDict):
    """The body of a row: `coins` for a number of `members`. `payoff` of these coins, if any, went into debts of
    theirs."""

    batch: int
    members: int
    coins: int
    payoff: NotRequired[int]


def facts_of(row: Recorded) -> GrantManyFacts:
    """Return the facts of a row or receipt of this kind."""
    assert row.kind == GrantMany.kind, row.kind
    return cast("GrantManyFacts", row.facts)


def decide(command: GrantMany, books: Books, now_ms: int) -> Decision:
    """Return what granting to many does. Raise InvalidAmount, WalletFull, or what limits grants."""
    guild = command.guild_id
    books.rules_of(guild)
    giver = books.holders[guild, command.actor_id]
    receivers = [books.holders[guild, member_id] for member_id, _ in command.shares]
    assert receivers, command.key
    assert len({*receivers}) == len(receivers), command.key
    if giver in receivers:
        raise NeedsSecondPerson
    coins = [amount(share) for _, share in command.shares]
    counted = allow(books, guild, giver, coins=sum(coins), now_ms=now_ms, largest=max(coins))
    books.check_room(guild, GRANTED, -sum(coins))
    postings: list[Posting] = []
    total_payoff = 0
    for receiver, share in zip(receivers, coins, strict=True):
        wallet = promo_of(receiver)
        payoff, payoff_postings = books.pay_off(guild, wallet, share)
        books.check_room(guild, wallet, share - payoff)
        postings += (Posting(GRANTED, wallet, share), *payoff_postings)
        total_payoff += payoff
    facts: GrantManyFacts = {"batch": command.batch_id, "members": len(receivers), "coins": sum(coins)}
    if total_payoff:
        facts["payoff"] = total_payoff
    return Decision(
        kind=GrantMany.kind,
        actor=giver,
        postings=tuple(postings),
        facts=facts,
        effects=(
            MoneyMoved(ActKind.GRANT, giver, NOBODY, command.key),
            counted,
            BatchGranted(command.batch_id, command.key, tuple(receivers)),
        ),
        note=command.reason,
    )


def check(facts: Mapping[str, Any], legs: Sequence[Leg]) -> str:
    """Return what is wrong with a row, "" for nothing."""
    receivers = {owner for _, kind, owner, _ in legs if kind in {"promo", "debt"}}
    if len(receivers) != facts["members"]:
        return f"it is about {facts['members']} members, its entries about {len(receivers)}"
    return check_credit(facts["coins"] - facts.get("payoff", 0), "promo", legs)


KIND = Kind(GrantMany.kind, GrantMany, decide, check, reads=("rules", *READS), wallet_facts=("payoff",))
