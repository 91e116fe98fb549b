"""What a fold is made of."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection


class FoldRow(NamedTuple):
    """A row of a guild's journal, as folds read it. `actor` is a holder id."""

    seq: int
    kind: str
    actor: int
    at_ms: int
    facts: dict[str, Any]


class Fold(NamedTuple):
    """A standing that follows from the journal alone.

    `name` is stored with its cursor. `add` adds rows, in order, to what is counted so far. `is_astray` tells whether
    what is counted so far is wrong, given the time in milliseconds; then `reset` removes a guild's rows, and everything
    is counted again.
    """

    name: str
    add: Callable[[Connection, int, Sequence[FoldRow]], None]
    is_astray: Callable[[Connection, int, int], bool]
    reset: Callable[[Connection, int, int], None]
