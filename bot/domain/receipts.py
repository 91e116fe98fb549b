"""What a member is told about a transaction: read from its journal row, so the same key always tells the same."""

from typing import Any, NamedTuple

from bot.domain.journal import JournalRow


class Receipt(NamedTuple):
    """One transaction of a guild's journal, with the members it names.

    `kind` is gift, order or grant; `facts` is the row's body (see `bot.domain.decide`), in coins; `note` is the
    sender's message or the grantor's reason. A member who was erased is 0. `replayed` tells that the key had been
    recorded before, and nothing was charged again.
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
        """Coins that the wallet held right after the transaction."""
        return self.facts["paid_after"] + self.facts["promo_after"]


def other_holder(row: JournalRow) -> int:
    """Return the holder that a row names besides its actor: a gift's creator, a grant's receiver; 0 for none."""
    facts = row.facts
    return facts.get("creator") or facts.get("member") or 0
