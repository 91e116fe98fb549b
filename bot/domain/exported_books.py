"""The books as a file for a guild's owner: every row, in a form that keeps anonymous senders hidden.

A file travels further than a page that staff look at. So the rule of `bot.domain.anonymity` applies here to everything
that could reveal a sender, not only to names: which coins paid for a gift, how much of it a creator earned, what a
reversal found in a wallet. Each of these depends on what the member had spent before, including anonymously. Therefore
the postings of a row say only whose coins moved where, and how many. The split into bought and promo coins, debts,
earnings and the guild's share is given for all members together, by month.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from bot.domain.accounts import NOBODY, AccountKind
from bot.domain.anonymity import in_public
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.grant import Grant
from bot.domain.ledger.grants_undo import UndoGrants
from bot.domain.ledger.kinds import Leg
from bot.domain.ledger.payout import RecordPayout, RejectPayout, RequestPayout
from bot.domain.ledger.perk import BuyPerk
from bot.domain.ledger.perk_return import ReturnPerk
from bot.domain.ledger.reinstatement import Reinstate
from bot.domain.ledger.reversal import Reverse
from bot.domain.receipts import Receipt

HIDDEN: Final = -1
"""The holder of a movement whose member is the sender of an anonymous gift."""

COINS, GIFTS, EARNINGS, PERKS = "coins", "gifts", "earnings", "perks"
"""Groups of accounts: what a member holds or owes, what was given to a creator, what a creator has earned, and what
the server got for perks."""

ALONE: Final = frozenset(
    kind.value
    for kind in (
        AccountKind.SOLD,
        AccountKind.GRANTED,
        AccountKind.TEST_SOLD,
        AccountKind.RESERVED,
        AccountKind.CHEST,
        AccountKind.PAID_OUT,
    )
)
"""Kinds of account that are shown as they are: no wallet decides what moves there."""

_TAKING_BACK: Final = frozenset({Reverse.kind, Reinstate.kind})
"""Kinds that take back something of one member, or bring it back. Those about gifts have a rule of their own."""

_PERKS: Final = frozenset({BuyPerk.kind, ReturnPerk.kind})
_PAYOUTS: Final = frozenset({RequestPayout.kind, RecordPayout.kind, RejectPayout.kind})


class Movement(NamedTuple):
    """What a row does to one account or group of accounts. The movements of a row sum to zero."""

    account: str
    holder: int
    coins: int


class Row(NamedTuple):
    """A row of the journal, as the audit reads it."""

    seq: int
    kind: str
    actor: int
    facts: Mapping[str, Any]
    legs: Sequence[Leg]

    @property
    def is_about_gift(self) -> bool:
        """Whether it is a gift, or takes one back."""
        return self.kind == SendGift.kind or (self.kind == Reverse.kind and self.facts["of_kind"] == SendGift.kind)

    @property
    def is_anonymous(self) -> bool:
        """Whether its sender is hidden."""
        return self.is_about_gift and bool(self.facts["anonymous"])

    @property
    def member(self) -> int:
        """The holder whose coins it moves, where it is one member."""
        return self.facts.get("member", self.actor)


def movements(row: Row) -> list[Movement]:
    """Return what a row does, with its sender hidden if it is anonymous."""
    sums: dict[tuple[str, int], int] = {}
    for account, holder, coins in _grouped(row):
        sums[account, holder] = sums.get((account, holder), 0) + coins
    return [Movement(account, holder, coins) for (account, holder), coins in sums.items() if coins]


def _grouped(row: Row) -> Iterator[Movement]:
    if row.is_about_gift:
        # How much of it comes out of each account depends on what the sender had spent before.
        coins = row.facts["coins"] if row.kind == SendGift.kind else -row.facts["coins"]
        sender = row.actor if row.kind == SendGift.kind else row.member
        yield Movement(COINS, HIDDEN if row.is_anonymous else sender, -coins)
        yield Movement(GIFTS, row.facts["creator"], coins)
        return
    if row.kind in _PERKS:
        coins = row.facts["coins"] if row.kind == BuyPerk.kind else -row.facts["coins"]
        yield Movement(COINS, row.member, -coins)
        yield Movement(PERKS, NOBODY, coins)
        return
    for _, kind, owner, coins in row.legs:
        if kind in ALONE:
            yield Movement(kind, owner, coins)
        elif row.kind in _PAYOUTS:
            yield Movement(EARNINGS, owner, coins)
        elif row.kind == UndoGrants.kind:
            # What each of them still had is theirs to know. The grant says what each of them got.
            yield Movement(COINS, NOBODY, coins)
        elif row.kind in _TAKING_BACK:
            # What the guild's share made up for, and the creators to whom the coins were given, was the member's.
            yield Movement(COINS, row.member, coins)
        else:
            yield Movement(COINS, owner or row.member, coins)


def seen_in_file(receipt: Receipt) -> Receipt:
    """Return a transaction as the file shows it.

    A purchase that went back names its buyer here, as its order does, and not the creators whose held earnings it took.
    """
    facts = {name: value for name, value in receipt.facts.items() if name not in {"from_gifts", "to_gifts"}}
    return in_public(receipt._replace(facts=facts))


def made_up_for(row: Row) -> int:
    """Return the row that a grant makes up for, 0 for none. Only its sender may be granted that."""
    return row.facts.get("goodwill", 0) if row.kind == Grant.kind else 0


def subject(kind: str, facts: Mapping[str, Any]) -> str:
    """Return what a row is about besides members: "order 5". Numbers are those of other files."""
    for noun in ("order", "payout", "batch", "offer", "chest"):
        if noun in facts and kind != SendGift.kind:
            return f"{noun} {facts[noun]}"
    return ""
