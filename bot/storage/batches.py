"""Settling a batch of commands in one transaction: load the books, decide on each in order, write what came of it."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from bot.domain.commands import Command, CreditOrder, Grant, SendGift
from bot.domain.decide import decide
from bot.domain.errors import NotFound, Refusal
from bot.domain.receipts import Receipt
from bot.storage import holders
from bot.storage.loading import Loaded, load
from bot.storage.recording import Recorded, record

_KINDS = {SendGift: "gift", CreditOrder: "order", Grant: "grant"}


def settle(
    c: Connection, commands: Sequence[Command], now_ms: int, new_holder: Callable[[], int]
) -> list[Receipt | Refusal]:
    """Return what each command is answered, in order. All that was not refused is written, but not committed."""
    loaded = load(c, commands, new_holder)
    recorded: list[Recorded] = []
    answers: list[Receipt | Refusal] = []
    for command in commands:
        try:
            answers.append(_answer(command, loaded, recorded, now_ms))
        except Refusal as refusal:
            answers.append(refusal.with_traceback(None))
    if recorded:
        _keep_newcomers(c, commands, answers, loaded)
        record(c, recorded, loaded.books)
    return answers


def _answer(command: Command, loaded: Loaded, recorded: list[Recorded], now_ms: int) -> Receipt:
    key = (command.guild_id, command.key)
    if key in loaded.books.recorded:
        _check_same(command, loaded)
        return loaded.receipts[key]._replace(replayed=True)
    at_ms = loaded.books.moment(command.guild_id, now_ms)
    decision = decide(command, loaded.books, at_ms)
    row = loaded.books.record(*key, decision, at_ms)
    recorded.append((row, decision))
    actor_id, other_id = _named(command)
    receipt = Receipt(
        guild_id=row.guild_id,
        seq=row.seq,
        kind=row.kind,
        at_ms=row.at_ms,
        actor_id=actor_id,
        other_id=other_id,
        facts=decision.facts,
        note=decision.note,
    )
    loaded.receipts[key] = receipt
    return receipt


def _keep_newcomers(
    c: Connection, commands: Sequence[Command], answers: Sequence[Receipt | Refusal], loaded: Loaded
) -> None:
    """Insert the holders that recorded transactions name; who was only refused something stays unknown."""
    accepted = [command for command, answer in zip(commands, answers, strict=True) if isinstance(answer, Receipt)]
    named = {(command.guild_id, member_id) for command in accepted for member_id in command.member_ids}
    holders.insert(c, {member: holder for member, holder in loaded.newcomers.items() if member in named})


def _check_same(command: Command, loaded: Loaded) -> None:
    """Raise NotFound if the command's key belongs to somebody else's transaction, or to one of another kind."""
    row = loaded.books.recorded[command.guild_id, command.key]
    actor_id, _ = _named(command)
    if row.kind != _KINDS[type(command)] or row.actor != loaded.books.holders[command.guild_id, actor_id]:
        raise NotFound("receipt")


def _named(command: Command) -> tuple[int, int]:
    """Return the members that the command's receipt names: who acts, and whom it concerns besides (0 for nobody)."""
    match command:
        case SendGift():
            return command.sender_id, command.creator_id
        case CreditOrder():
            return command.member_id, 0
        case Grant():
            return command.actor_id, command.member_id
