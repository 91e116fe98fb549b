"""What a member sees of a transaction. It is read from the journal, so the same key gives the same receipt."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from bot.domain.ledger import KINDS
from bot.domain.ledger.journal import JournalRow


class Receipt(NamedTuple):
    """One transaction of a guild's journal, with the members it names.

    `kind` is a key of `bot.domain.ledger.KINDS`. `facts` is the row's body, whose types are in the module of its kind.
    `note` is the sender's message or the grantor's reason. An erased member has the id 0. `replayed` says that the key
    had been recorded before, so nothing was charged again. `people` are those of the first row of a joint gift, each
    with their part in coins.
    """

    guild_id: int
    seq: int
    kind: str
    at_ms: int
    actor_id: int
    other_id: int
    facts: Mapping[str, Any]
    note: str = ""
    replayed: bool = False
    people: tuple[tuple[int, int], ...] = ()

    @property
    def is_test(self) -> bool:
        """Whether it is about test coins. If so, its facts are in test coins."""
        return bool(self.facts.get("test"))

    @property
    def balance(self) -> int:
        """The coins of this kind that could be spent right after the transaction."""
        return self.facts["paid_after"] + self.facts["promo_after"]


def other_holder(row: JournalRow) -> int:
    """Return the second holder of a row: a gift's creator or a grant's receiver, 0 for none."""
    return KINDS[row.kind].other_holder(row.facts)


def people_in(facts: Mapping[str, Any]) -> tuple[tuple[int, int], ...]:
    """Return the holders whom the first row of a joint gift lists, each with their part in coins."""
    return tuple((holder, coins) for holder, coins in facts.get("team") or facts.get("pool", ()))


class OutcomeUnknown(Exception):  # noqa: N818 - a state of affairs
    """Nobody knows whether a command was booked: the connection was lost at the commit, and the server did not return
    in time to be asked for the outcome, or the disk failed then.

    A look at the books proves nothing: they may be those of a server, or of a disk, that is lost in the next moment.
    """
