"""Looking up a member: which rows of the books staff see, and what they may do about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from bot.domain.anonymity import in_public, moves_held_earnings
from bot.domain.freezes import CaseRef, Freeze
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.grant import Grant
from bot.domain.ledger.grant_many import GrantMany
from bot.domain.ledger.order import CreditOrder
from bot.domain.ledger.reversal import Reverse
from bot.domain.ledger.undoing import UNDO
from bot.domain.orders import Order
from bot.domain.payment_cases import PaymentCase
from bot.domain.receipts import Receipt
from bot.domain.wallets import Wallet, WalletLine


class LookupKind(StrEnum):
    """The kinds of rows that can be asked for."""

    ALL = "all"
    GIFTS = SendGift.kind
    PURCHASES = CreditOrder.kind
    GRANTS = Grant.kind
    REVERSALS = Reverse.kind


class LookupFilter(NamedTuple):
    """Rows of a kind, from `from_ms` on and before `until_ms`, 0 for no bound. Pages count from 0."""

    kind: LookupKind = LookupKind.ALL
    from_ms: int = 0
    until_ms: int = 0
    page: int = 0


class LeftOver(NamedTuple):
    """The unspent coins of a purchase: of the order in row `seq`."""

    seq: int
    coins: int
    is_test: bool


@dataclass(frozen=True, slots=True)
class Lookup:
    """What staff see of a member. `taken_back` is how much of each row on this page was taken back: pieces of a gift,
    or coins.

    `count` is how many rows fit the filter. `orders` and `cases` are the newest, newest first, and `outcomes` says when
    orders reached their state, by order id, as far as known. Of the earnings, `available` can be paid out. `freezes`
    say why the member is frozen, and `open_cases` are the cases that name the member without a freeze.
    """

    member_id: int
    wallet: Wallet
    lots: Sequence[LeftOver]
    orders: Sequence[Order]
    cases: Sequence[PaymentCase]
    lines: Sequence[WalletLine]
    taken_back: Mapping[int, int]
    filter: LookupFilter
    count: int
    freezes: Sequence[Freeze] = ()
    open_cases: Sequence[CaseRef] = ()
    outcomes: Mapping[int, int] = field(default_factory=dict[int, int])
    available: int = 0

    def is_undoable(self, line: WalletLine) -> bool:
        """Whether a row is a grant to many members that still stands. It can only be taken back from all of them."""
        return line.kind == GrantMany.kind and line.seq not in self.taken_back

    def is_reversible(self, line: WalletLine) -> bool:
        """Whether something of a row can still be taken back, as far as the row itself tells."""
        if line.kind not in UNDO:
            return False
        whole: int = line.receipt.facts["count" if line.kind == SendGift.kind else "coins"]
        return self.taken_back.get(line.seq, 0) < whole


def as_read(receipt: Receipt, reader_id: int, creator_id: int) -> Receipt:
    """Return a transaction as `reader_id`, who is staff, may read it. `creator_id` is the creator of a gift.

    Staff read who sent an anonymous gift, but not if it was sent to themselves. Nor do they read whose purchase went
    back with what they had earned.
    """
    is_theirs = creator_id == reader_id and receipt.actor_id != reader_id
    is_hidden = receipt.facts.get("anonymous") or moves_held_earnings(receipt)
    return in_public(receipt) if is_hidden and is_theirs else receipt
