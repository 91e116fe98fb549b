"""The ledger: everything that moves coins. Each kind of transaction has a file with its command, its facts and its
rule.

A rule takes a command and the books, and gives a decision or a refusal: no I/O, no clock, no randomness. KINDS is the
one table of all of them. Code that differs by kind looks there, and raises for a kind that is missing.
"""

from collections.abc import Mapping
from typing import Any

from bot.domain.bookings import Bookings
from bot.domain.leaderboards import Credit
from bot.domain.ledger import (
    chest,
    chip_returns,
    chips,
    claim,
    gift,
    grant,
    grant_many,
    grants_undo,
    joint_reversal,
    order,
    payout,
    perk,
    perk_return,
    pool_gift,
    reinstatement,
    reversal,
    team_gift,
    unspent_tests,
    won_dispute,
)
from bot.domain.ledger.books import Books, Decision
from bot.domain.ledger.journal import JournalRow
from bot.domain.ledger.kinds import Command, Kind, key_of_row

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        *(gift.KIND, order.KIND, grant.KIND, grant_many.KIND, grants_undo.KIND, reversal.KIND, reinstatement.KIND),
        *(claim.KIND, unspent_tests.KIND, team_gift.KIND, joint_reversal.KIND),
        *(chest.OPENING, chest.SHARE, chest.RETURN),
        *(chips.KIND, chip_returns.KIND, pool_gift.KIND),
        *(payout.REQUEST, payout.PAYMENT, payout.REJECTION),
        *(perk.KIND, perk_return.KIND, won_dispute.KIND),
    )
}
"""Every kind of money, by its name in the journal."""

COMMANDS = {name: kind.command for name, kind in KINDS.items() if kind.command is not None}
"""The type of command of each kind that can be asked for."""

RULES = {kind.command: kind.decide for kind in KINDS.values() if kind.decide is not None}
"""The rule of each type of command."""

STEPS = {kind.command: kind.steps for kind in KINDS.values() if kind.steps is not None}
"""The rules of commands that book several rows, all of them or none."""

CREDITS = {name: kind.credit for name, kind in KINDS.items() if kind.credit is not None}
"""What rows add to leaderboards, by the kinds of money that do. The fold and the audit both count what these say."""

BOOKINGS = {name: kind.bookings for name, kind in KINDS.items() if kind.bookings is not None}
"""What rows do to creators' earnings, by the kinds of money that do anything."""


def credit_of(kind: str, seq: int, actor: int, at_ms: int, facts: Mapping[str, Any]) -> Credit | None:
    """Return what a row of the journal adds to leaderboards, None for nothing."""
    credit = CREDITS.get(kind)
    return credit(seq, actor, at_ms, facts) if credit is not None else None


def bookings_of(kind: str, facts: Mapping[str, Any]) -> Bookings:
    """Return what a row of the journal does to creators' earnings."""
    bookings = BOOKINGS.get(kind)
    return bookings(facts) if bookings is not None else ()


def decide(command: Command, books: Books, now_ms: int) -> Decision:
    """Return what `command` does to `books` at `now_ms`, or raise a Refusal. The books themselves stay as they are."""
    return RULES[type(command)](command, books, now_ms)


def book(command: Command, books: Books, now_ms: int) -> list[tuple[JournalRow, Decision]]:
    """Return the rows that `command` adds to `books` at `now_ms`, with what each does, or raise a Refusal.

    After a refusal of a command that books several rows, the books must not be used any more.
    """
    steps = STEPS.get(type(command))
    if steps is None:
        decision = decide(command, books, now_ms)
        return [(books.record(command.guild_id, command.key, decision, now_ms), decision)]
    records: list[tuple[JournalRow, Decision]] = []
    for place, decision in enumerate(steps(command, books, now_ms)):
        key = key_of_row(command.key, place)
        records.append((books.record(command.guild_id, key, decision, now_ms), decision))
    return records
