"""Undoing a grant to many members: what they still have of promo coins is taken back.

What they have spent comes out of the house, where spent promo coins are, and becomes debt where that is not enough, as
reversals do it. Bought coins stay: a mistake of staff with a file must not reach what members have paid for.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypedDict, cast

from bot.domain.accounts import GRANTED, HOUSE, Account, debt_of, promo_of
from bot.domain.errors import NotFound
from bot.domain.ledger.books import Books, Decision, Recorded
from bot.domain.ledger.grant_many import GrantMany, Shares
from bot.domain.ledger.grant_many import facts_of as grants_facts
from bot.domain.ledger.kinds import MISMATCH, Kind, Leg
from bot.domain.ledger.postings import Posting
from bot.domain.reversal_errors import AlreadyReversed
from bot.domain.staff_acts import NOBODY, ActKind, MoneyMoved


class UndoGrants(NamedTuple):
    """Take back the grants to many in row `seq`. `shares` are what each holder got; the row never changes."""

    guild_id: int
    key: str
    actor_id: int
    seq: int
    shares: Shares
    reason: str

    kind = "grants_undo"
    other_id = 0

    @property
    def of_seq(self) -> int:
        """The row that counts how much of it was taken back."""
        return self.seq

    @property
    def member_ids(self) -> tuple[int, ...]:
        """The members whose accounts it may touch."""
        return (self.actor_id,)

    @property
    def holder_ids(self) -> tuple[int, ...]:
        """The holders whose accounts it touches."""
        return tuple(holder for holder, _ in self.shares)


class GrantsUndone(NamedTuple):
    """All `coins` of row `of` were taken back."""

    of: int
    coins: int

    def apply(self, books: Books, guild_id: int) -> None:
        """Note that nothing of the row is left."""
        books.reversed[guild_id, self.of] = self.coins


class UndoFacts(TypedDict):
    """The body of a row: it takes back the `coins` that row `of` gave to a number of `members`.

    They come from their `promo` coins, then from the `house`; the rest becomes `debt`.
    """

    of: int
    members: int
    coins: int
    promo: int
    house: int
    debt: int


def facts_of(row: Recorded) -> UndoFacts:
    """Return the facts of a row or receipt of this kind."""
    assert row.kind == UndoGrants.kind, row.kind
    return cast("UndoFacts", row.facts)


def decide(command: UndoGrants, books: Books, _now_ms: int) -> Decision:
    """Return what undoing does. Raise NotFound, AlreadyReversed or WalletFull."""
    guild = command.guild_id
    books.rules_of(guild)
    row = books.rows.get((guild, command.seq))
    if row is None or row.kind != GrantMany.kind:
        raise NotFound("batch")
    coins = grants_facts(row)["coins"]
    if books.reversed.get((guild, command.seq), 0):
        raise AlreadyReversed(command.seq)
    assert sum(share for _, share in command.shares) == coins, command.seq
    facts: UndoFacts = {
        "of": command.seq, "members": len(command.shares), "coins": coins, "promo": 0, "house": 0, "debt": 0
    }  # fmt: skip
    postings: list[Posting] = []
    house = books.balance(guild, HOUSE)
    for holder, share in command.shares:
        for name, account, part in _takes(books, guild, holder, share, house - facts["house"]):
            if part:
                facts[name] += part
                postings.append(Posting(account, GRANTED, part))
    actor = books.holders[guild, command.actor_id]
    act = MoneyMoved(ActKind.REVERSAL, actor, NOBODY, command.key)
    return Decision(
        kind=UndoGrants.kind,
        actor=actor,
        postings=tuple(postings),
        facts=facts,
        effects=(GrantsUndone(command.seq, coins), act),
        note=command.reason,
    )


def _takes(books: Books, guild: int, holder: int, share: int, house: int) -> list[tuple[Any, Account, int]]:
    """Return where the coins of one share come from, as the name of the fact, the account and the coins."""
    promo = min(books.balance(guild, promo_of(holder)), share)
    from_house = min(house, share - promo)
    missing = share - promo - from_house
    books.check_room(guild, debt_of(holder), -missing)
    return [("promo", promo_of(holder), promo), ("house", HOUSE, from_house), ("debt", debt_of(holder), missing)]


def check(facts: Mapping[str, Any], legs: Sequence[Leg]) -> str:
    """Return what is wrong with a row, "" for nothing."""
    names = ("promo", "house", "debt")
    entries = [-sum(amount for _, kind, _, amount in legs if kind == name) for name in names]
    is_right = entries == [facts[name] for name in names] and sum(entries) == facts["coins"]
    return "" if is_right else MISMATCH


KIND = Kind(
    UndoGrants.kind,
    UndoGrants,
    decide,
    check,
    reads=("rules", "rows", "reversed"),
    wallet_facts=("promo", "house", "debt"),
)
