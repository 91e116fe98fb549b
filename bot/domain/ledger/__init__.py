"""The ledger: what moves coins. One file a kind of money holds its command, its facts and its rule.

A rule takes a command and the books, and gives a decision or a refusal: no I/O, no clock, no randomness. KINDS is the
one table of all of them. Whatever differs by kind looks there, and raises for a kind that is not in it.
"""

from collections.abc import Mapping

from bot.domain.ledger import gift, grant, order
from bot.domain.ledger.books import Books, Decision
from bot.domain.ledger.kinds import Command, Kind

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (gift.KIND, order.KIND, grant.KIND)}
"""Every kind of money, by its name in the journal."""

RULES = {kind.command: kind.decide for kind in KINDS.values()}
"""The rule of each type of command."""


def decide(command: Command, books: Books, now_ms: int) -> Decision:
    """Return what `command` does to `books` at `now_ms`, or raise a Refusal. The books themselves stay as they are."""
    return RULES[type(command)](command, books, now_ms)
