"""What rules read and change besides accounts: the one table of how each is loaded, saved and checked.

Each store registers its own noun here, under the name of the field that holds it in `Books`. So a new noun needs no
change in the ledger. A noun or an effect that nobody has registered raises.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from bot.domain.ledger import KINDS
from bot.domain.ledger.books import Books, Effect
from bot.domain.ledger.kinds import Command
from bot.storage.ledger.batch_cache import BatchCache

Load = Callable[[Connection, Sequence[Any], Books, BatchCache], None]
"""Put into the books what the commands of a batch need."""

Save = Callable[[Connection, Sequence[tuple[int, Any]], Books], None]
"""Write what effects, (guild id, effect) each, have changed in the books."""

Check = Callable[[Connection, int], Iterable[tuple[int, str]]]
"""Yield what does not match the journal of a guild, (row or 0, sentence) each. The audit calls it."""


PROJECTIONS: dict[str, Load] = {}
"""How every projection is loaded, by the field of `Books` that it fills."""

CHECKS: dict[str, Check] = {}
"""How the audit checks what rules change, by its noun."""

SAVES: dict[type[Effect], Save] = {}
"""How each type of effect is written."""


def register(
    noun: str, load: Load, *, saves: Mapping[type[Effect], Save] | None = None, check: Check | None = None
) -> None:
    """Add the projection of `noun`. `saves` says for each type of effect how to write what it has changed."""
    assert noun not in PROJECTIONS, noun
    PROJECTIONS[noun] = load
    register_saves(saves or {})
    if check is not None:
        register_check(noun, check)


def register_saves(saves: Mapping[type[Effect], Save]) -> None:
    """Say for each type of effect how to write what it has changed. Alone, it is for what no rule reads."""
    SAVES.update(saves)


def register_check(noun: str, check: Check) -> None:
    """Say how the audit checks `noun`. Alone, it is for what no rule reads."""
    assert noun not in CHECKS, noun
    CHECKS[noun] = check


def load_projections(c: Connection, commands: Sequence[Command], books: Books, cache: BatchCache) -> None:
    """Put into `books` everything that the rules of `commands` read besides accounts."""
    commands_by_kind: dict[str, list[Command]] = {}
    for command in commands:
        commands_by_kind.setdefault(command.kind, []).append(command)
    readers: dict[str, list[Command]] = {}
    for kind, kind_commands in commands_by_kind.items():
        for noun in KINDS[kind].reads:
            readers.setdefault(noun, []).extend(kind_commands)
    for noun, noun_readers in readers.items():
        PROJECTIONS[noun](c, noun_readers, books, cache)


def save_projections(c: Connection, effects: Iterable[tuple[int, Effect]], books: Books) -> None:
    """Write what `effects`, (guild id, effect) each, have changed in `books`."""
    effects_by_type: dict[type[Effect], list[tuple[int, Effect]]] = {}
    for guild_id, effect in effects:
        effects_by_type.setdefault(type(effect), []).append((guild_id, effect))
    for effect_type, typed_effects in effects_by_type.items():
        SAVES[effect_type](c, typed_effects, books)
