"""What every kind of transaction says about itself, so that nothing else has to know which kinds there are."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

from bot.domain.bookings import Bookings
from bot.domain.leaderboards import Credit
from bot.domain.ledger.books import Books, Decision

Leg = tuple[int, str, int, int]
"""An entry as it is stored: its row, the kind and owner of its account, and its amount."""

MISMATCH: Final = "its coins and its entries do not agree"
"""What is wrong with a row whose facts say something else than its entries."""


class Command(Protocol):
    """A request to the books. Commands are tuples, like receipts.

    Thousands per second are made and sent to the writer process; a frozen dataclass takes four times as long to make
    and five times as long to send.
    """

    @property
    def guild_id(self) -> int:
        """The guild whose books it is about."""
        ...

    @property
    def key(self) -> str:
        """The same key twice charges once and gives the same answer."""
        ...

    @property
    def kind(self) -> str:
        """The name of its kind, as the journal has it."""
        ...

    @property
    def actor_id(self) -> int:
        """The member who acts."""
        ...

    @property
    def other_id(self) -> int:
        """The other member on its receipt, 0 for none."""
        ...

    @property
    def member_ids(self) -> tuple[int, ...]:
        """The members whose accounts it may touch."""
        ...

    @property
    def holder_ids(self) -> tuple[int, ...]:
        """Holders whose accounts it may touch, besides those of its members. Some may have been erased."""
        ...


def key_of_row(key: str, place: int) -> str:
    """Return the key of one of the rows that a command books, from 0."""
    return f"{key}#{place}" if place else key


class Kind(NamedTuple):
    """One kind of money. `name` is stored in the journal, and never changes.

    `command` and `decide`, its rule, are None for rows that only a migration has booked.

    `reads` names the fields of the books that its rule looks at, besides accounts, in the order in which they are
    loaded. `check` returns what is wrong with a recorded row, given its facts and entries, "" for nothing; facts that
    make no sense raise Python's own errors. `other` is the fact that names the other holder on a receipt, "" if there
    is none. `wallet_facts` are the facts that reveal a wallet, which only its owner may know. `credit` returns what a
    row (its number, actor, time and facts) adds to leaderboards, and `bookings` what its facts do to creators'
    earnings. Both are None for kinds that do nothing there. With `is_answered`, the actor gets a reply that may be
    missed. With `is_first`, a command is the first of its batch: its rule reads what a fold has counted, and no fold
    has counted the rows of the same batch.

    A command that books several rows, all or none of them, has `steps` instead of a rule. It decides one row after the
    other, and the books that it reads have those before. The first row has the key of the command, and its kind is
    `row_kind`, by default the command's own. What it reads is what its `parts`, which are other commands, read.
    """

    name: str
    command: type[Any] | None
    decide: Callable[[Any, Books, int], Decision] | None
    check: Callable[[Mapping[str, Any], Sequence[Leg]], str]
    reads: tuple[str, ...] = ()
    other: str = ""
    wallet_facts: tuple[str, ...] = ("paid_after", "promo_after", "payoff")
    credit: Callable[[int, int, int, Mapping[str, Any]], Credit | None] | None = None
    bookings: Callable[[Mapping[str, Any]], Bookings] | None = None
    is_answered: bool = True
    is_first: bool = False
    steps: Callable[[Any, Books, int], Iterator[Decision]] | None = None
    parts: Callable[[Any], tuple[Command, ...]] | None = None
    row_kind: str = ""

    @property
    def booked_as(self) -> str:
        """The kind of the row that has the key of its command."""
        return self.row_kind or self.name

    def other_holder(self, facts: Mapping[str, Any]) -> int:
        """Return the second holder of a row: a gift's creator or a grant's receiver, 0 for none."""
        return facts[self.other] if self.other else 0


def check_moves(legs: Sequence[Leg], changes: Mapping[str, int]) -> str:
    """Return what is wrong with a row that is to change these kinds of accounts and no others, "" for nothing."""
    entries: Counter[str] = Counter()
    for _, kind, _, change in legs:
        entries[kind] += change
    is_right = dict(entries) == {str(kind): change for kind, change in changes.items() if change}
    return "" if is_right else MISMATCH


def check_none(_facts: Mapping[str, Any], _legs: Sequence[Leg]) -> str:
    """Return what is wrong with a row of a kind that no row is of: the rows of its commands are of other kinds."""
    return "no row is of this kind"


def check_credit(coins: int, account_kind: str, legs: Sequence[Leg]) -> str:
    """Return what is wrong with a row about `coins` that the entries of a kind of account have to add up to."""
    credit = sum(amount for _, leg_kind, _, amount in legs if leg_kind == account_kind)
    return "" if credit == coins else f"it is about {coins} coins, its entries credit {credit}"
