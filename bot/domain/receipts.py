"""What a member learns about a transaction. It is read from the journal, so the same key gives the same receipt."""

from typing import Any, NamedTuple

from bot.domain.journal import JournalRow


class Receipt(NamedTuple):
    """One transaction of a guild's journal, with the members it names.

    `kind` is gift, order or grant. `facts` is the row's body (see `bot.domain.decide`), in coins. `note` is the
    sender's message or the grantor's reason. An erased member has the id 0. `replayed` says that the key had been
    recorded before, so nothing was charged again.
    """

    guild_id: int
    seq: int
    kind: str
    at_ms: int
    actor_id: int
    other_id: int
    facts: dict[str, Any]
    note: str = ""
    replayed: bool = False

    @property
    def balance(self) -> int:
        """The spendable coins in the wallet right after the transaction."""
        return self.facts["paid_after"] + self.facts["promo_after"]


def other_holder(row: JournalRow) -> int:
    """Return the second holder of a row: a gift's creator or a grant's receiver, 0 for none."""
    facts = row.facts
    return facts.get("creator") or facts.get("member") or 0
