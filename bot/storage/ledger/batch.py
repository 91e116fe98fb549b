"""Book a batch of commands in one transaction: load the books, decide each command in order, write the outcome.

Commands and receipts cross between processes as plain tuples: pickling a named one calls Python for each of them, and
took a quarter of a batch's time with the rest of the crossing.
"""

import contextlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

from sqlalchemy import Connection

from bot.domain.errors import NotFound, Refusal
from bot.domain.ledger import COMMANDS, KINDS, STEPS, book, decide
from bot.domain.ledger.books import Books, Decision
from bot.domain.ledger.journal import JournalRow
from bot.domain.ledger.kinds import Command
from bot.domain.receipts import Receipt, people_in
from bot.storage.ledger import holders
from bot.storage.ledger.load import BatchState, load, load_for_preview
from bot.storage.ledger.record import Record, record

PackedCommand = tuple[str, tuple[Any, ...]]
"""A command's kind and its fields."""

PackedAnswer = tuple[Any, ...] | Refusal
"""The fields of a receipt, or a refusal."""


def packed(commands: Iterable[Command]) -> list[PackedCommand]:
    """Return commands for `book_batch`."""
    return [(command.kind, tuple(cast("tuple[Any, ...]", command))) for command in commands]


def unpacked(answer: PackedAnswer) -> Receipt | Refusal:
    """Return an answer of `book_batch`."""
    return answer if isinstance(answer, Refusal) else Receipt._make(answer)


def book_batch(
    c: Connection, packed_commands: Sequence[PackedCommand], now_ms: int, new_holder: Callable[[], int]
) -> list[PackedAnswer]:
    """Return the answer to each command, in order. Accepted commands are written, but not committed."""
    commands: list[Command] = [COMMANDS[kind](*fields) for kind, fields in packed_commands]
    state = load(c, commands, new_holder)
    records: list[Record] = []
    answers: list[Receipt | Refusal] = []
    for command in commands:
        try:
            answers.append(_answer(command, state, records, now_ms))
        except Refusal as refusal:
            answers.append(refusal.with_traceback(None))
    if records:
        _insert_newcomers(c, commands, answers, state)
        record(c, records, state.books)
    return [answer if isinstance(answer, Refusal) else tuple(answer) for answer in answers]


def dry_run(c: Connection, command: Command, now_ms: int, before: Sequence[Command] = ()) -> Decision:
    """Return what `command` would do if it were submitted now, or raise its refusal. Nothing is written.

    Commands that would come `before` it, in the same guild, are left out if they are refused.
    """
    books = load_for_preview(c, *before, command)
    at_ms = books.moment(command.guild_id, now_ms)
    for earlier in before:
        with contextlib.suppress(Refusal):
            book(earlier, books, at_ms)
    return decide(command, books, at_ms)


def dry_rows(c: Connection, command: Command, now_ms: int) -> list[Decision]:
    """Return each row that `command`, which books several, would book now, or raise its refusal. Nothing is written."""
    books = load_for_preview(c, command)
    return [decision for _, decision in book(command, books, books.moment(command.guild_id, now_ms))]


def _answer(command: Command, state: BatchState, records: list[Record], now_ms: int) -> Receipt:
    key = (command.guild_id, command.key)
    if key in state.books.recorded:
        _check_owner(command, state)
        return state.receipts[key]._replace(replayed=True)
    at_ms = state.books.moment(command.guild_id, now_ms)
    is_joint = type(command) in STEPS
    # A refusal in the middle leaves nothing behind.
    books = state.books.copied() if is_joint else state.books
    new_records = book(command, books, at_ms)
    state.books = books
    records += new_records
    row, decision = new_records[0]
    receipt = Receipt(
        guild_id=row.guild_id,
        seq=row.seq,
        kind=row.kind,
        at_ms=row.at_ms,
        actor_id=command.actor_id,
        other_id=command.other_id,
        facts=decision.facts,
        note=decision.note,
        people=_people(row, books) if is_joint else (),
    )
    state.receipts[key] = receipt
    return receipt


def _people(row: JournalRow, books: Books) -> tuple[tuple[int, int], ...]:
    """Return the members whom the first row of a joint gift lists, each with their part in coins."""
    members = {holder: member_id for (guild_id, member_id), holder in books.holders.items() if guild_id == row.guild_id}
    return tuple((members.get(holder, 0), coins) for holder, coins in people_in(row.facts))


def _insert_newcomers(
    c: Connection, commands: Sequence[Command], answers: Sequence[Receipt | Refusal], state: BatchState
) -> None:
    """Insert the new holders that recorded transactions name. Members who were only refused are not stored."""
    if not state.newcomers:
        return
    accepted = [command for command, answer in zip(commands, answers, strict=True) if isinstance(answer, Receipt)]
    member_keys = {(command.guild_id, member_id) for command in accepted for member_id in command.member_ids}
    holders.insert(c, {key: holder_id for key, holder_id in state.newcomers.items() if key in member_keys})


def _check_owner(command: Command, state: BatchState) -> None:
    """Raise NotFound if the command's key belongs to another member's transaction, or to one of another kind."""
    row = state.books.recorded[command.guild_id, command.key]
    actor = state.books.holders.get((command.guild_id, command.actor_id))
    # A deleted member acts as the holder that they were.
    is_theirs = row.actor in command.holder_ids if actor is None else row.actor == actor
    if row.kind != KINDS[command.kind].booked_as or not is_theirs:
        raise NotFound("receipt")
