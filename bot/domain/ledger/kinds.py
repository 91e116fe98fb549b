"""What every kind of money says about itself, so that nothing else has to know which kinds there are."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from bot.domain.ledger.books import Books, Decision


class Command(Protocol):
    """What the books are asked to do. Commands are tuples, like receipts.

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


class Kind(NamedTuple):
    """One kind of money. `name` is stored in the journal, and never changes.

    `reads` names the fields of the books that its rule looks at, besides accounts, in the order in which they are
    loaded. `other` is the fact that names the other holder on a receipt, "" if there is none. With `is_answered`, the
    actor gets a reply that may be missed.
    """

    name: str
    command: type[Any]
    decide: Callable[[Any, Books, int], Decision]
    reads: tuple[str, ...] = ()
    other: str = ""
    is_answered: bool = True

    def other_holder(self, facts: Mapping[str, Any]) -> int:
        """Return the second holder of a row: a gift's creator or a grant's receiver, 0 for none."""
        return facts[self.other] if self.other else 0
