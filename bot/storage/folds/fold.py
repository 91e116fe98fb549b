"""What a fold is made of."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, Table

from bot.domain.leaderboards import Credit
from bot.domain.ledger import credit_of


class FoldRow(NamedTuple):
    """A row of a guild's journal, as folds read it. `actor` is a holder id.

    `credit` is what it adds to leaderboards, None for nothing.
    """

    seq: int
    kind: str
    actor: int
    at_ms: int
    facts: dict[str, Any]
    credit: Credit | None


def row_of(seq: int, kind: str, actor: int, at_ms: int, body: str) -> FoldRow:
    """Return a row of the journal as folds read it: parsed once for all of them."""
    facts: dict[str, Any] = orjson.loads(body)
    return FoldRow(seq, kind, actor, at_ms, facts, credit_of(kind, seq, actor, at_ms, facts))


class Fold(NamedTuple):
    """A standing that follows from the journal alone.

    `name` is stored with its cursor. `add` adds rows, in order, to what is counted so far. `is_astray` tells whether
    what is counted so far is wrong, given the time in milliseconds; then `reset` removes a guild's rows, and everything
    is counted again. Nothing else writes to its `tables`, so they stay as they are until the cursor moves.
    """

    name: str
    add: Callable[[Connection, int, Sequence[FoldRow]], None]
    is_astray: Callable[[Connection, int, int], bool]
    reset: Callable[[Connection, int, int], None]
    tables: tuple[Table, ...]
