"""Grants to many members: prepared, then confirmed by the same member of staff, and undone as a whole if need be."""

from dataclasses import dataclass
from typing import Final

PREPARED_MS: Final = 24 * 3600 * 1000
"""For how long a prepared batch waits to be confirmed."""


@dataclass(frozen=True, slots=True)
class GrantBatch:
    """A grant of `coins` in all to a number of `members`. `seq` is its row in the journal, None until it is booked."""

    guild_id: int
    batch_id: int
    members: int
    coins: int
    reason: str
    made_ms: int
    seq: int | None = None


def key_of(batch_id: int) -> str:
    """Return the key of the row that a batch becomes."""
    return f"grants:{batch_id}"


def undo_key(seq: int) -> str:
    """Return the key of what undoes a batch. There is one for each."""
    return f"grants-undo:{seq}"
