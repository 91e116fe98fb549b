"""Bring folds up to date, and tell whether they are."""

import time
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, delete, func, insert, or_, select, update

from bot.domain.errors import Busy
from bot.storage.folds.fold import Fold, row_of
from bot.storage.folds.registry import FOLDS
from bot.storage.ledger.fold_lane import MOST_WAITING
from bot.storage.ledger.fold_steps import Folding, NothingFollows, Progress
from bot.storage.sql.rows import insert_new
from bot.storage.sql.statements import ChangeMany, Lookup, Query
from bot.storage.sql.tables import cursors, heads, journal, uncounted_rows

LATE_MS = 10_000
"""The longest that a committed row waits to be folded, unless something is wrong."""

_ROWS_OF_REST = 1_000
"""Rows of a slice while a job waits. The whole rest would take too much memory if it is long."""

_CURSORS = Lookup(select(cursors.c.follower, cursors.c.seq), (cursors.c.guild_id, cursors.c.follower), lock=True)
_MOVE_CURSORS = ChangeMany(
    update(cursors).values(seq=bindparam("now", type_=BigInteger)), (cursors.c.guild_id, cursors.c.follower), ["now"]
)
_ROWS = Query(
    select(journal.c.seq, journal.c.kind, journal.c.actor, journal.c.at_ms, journal.c.body)
    .where(journal.c.guild_id == bindparam("guild_id"), journal.c.seq > bindparam("seq"))
    .order_by(journal.c.seq)
    .limit(bindparam("most", type_=BigInteger))
)
_OF_FOLDS = or_(*(cursors.c.follower == fold.name for fold in FOLDS))
_STATE = (
    select(heads.c.guild_id, heads.c.seq, func.count(cursors.c.seq), func.min(cursors.c.seq))
    .select_from(heads.outerjoin(cursors, (cursors.c.guild_id == heads.c.guild_id) & _OF_FOLDS))
    .group_by(heads.c.guild_id, heads.c.seq)
)
_BEHIND = _STATE.having(or_(func.count(cursors.c.seq) < len(FOLDS), func.min(cursors.c.seq) < heads.c.seq))
"""Has the database skip guilds that are folded: of ten thousand, all but a few are."""
_STATE_OF_GUILD = Query(_STATE.where(heads.c.guild_id == bindparam("guild_id")))


def fold_slice(c: Connection, guild_id: int, most: int, now_ms: int | None) -> Progress:
    """Fold up to `most` more rows of a guild, and return how far it is folded then.

    If by now (`now_ms`) a fold turns out to have counted what it should not, it starts over.
    """
    # Measured here: on its way back to a busy process, the answer waits for longer than many a slice takes.
    began_s = time.perf_counter()
    _, rows = fold_rows(c, guild_id, most, now_ms)
    return progress(c, guild_id)._replace(rows=rows, took_s=time.perf_counter() - began_s)


def fold_rows(c: Connection, guild_id: int, most: int, now_ms: int | None) -> tuple[dict[str, int], int]:
    """Fold up to `most` more rows of a guild. Return how far each fold had come before, and how many rows there were.

    `now_ms` is as for `fold_slice`.
    """
    seqs = lock_cursors(c, guild_id)
    before = seqs.copy()
    for fold in FOLDS:
        if now_ms is not None and fold.is_astray(c, guild_id, now_ms):
            _reset(c, guild_id, fold, now_ms)
            seqs[fold.name] = 0
    new_rows = _ROWS.rows(c, guild_id=guild_id, seq=min(seqs.values()), most=most)
    rows = [row_of(*row) for row in new_rows]
    for fold in FOLDS:
        after = seqs[fold.name]
        # Usually all folds are at the same row.
        is_at_rows = not rows or after < rows[0].seq
        fold.add(c, guild_id, rows if is_at_rows else [row for row in rows if row.seq > after])
    last_seq = rows[-1].seq if rows else 0
    _MOVE_CURSORS.run(c, [(max(seq, last_seq), guild_id, name) for name, seq in seqs.items()])
    return before, len(rows)


def fold_rest(c: Connection, guild_id: int) -> None:
    """Fold all that is left of a guild, for a job that needs its sums as of the end of the journal.

    The caller holds the lock of the guild, so that the end stays where it is. Raises Busy if it would take long.
    """
    state = progress(c, guild_id)
    if state.backlog > MOST_WAITING:
        raise Busy
    while state.backlog:
        state = fold_slice(c, guild_id, _ROWS_OF_REST, None)


def skip_rows(c: Connection, guild_id: int, count: int, now_ms: int | None) -> Progress:
    """Go on without the next `count` rows of a guild, fold the one after them, and return how far it is folded then.

    They are noted in `uncounted_rows`, where the audit finds them, and tried again when everything is counted again.
    Raises NothingFollows, and whatever keeps that row from being folded.
    """
    seqs = lock_cursors(c, guild_id)
    behind = min(seqs.values())
    rows = _ROWS.rows(c, guild_id=guild_id, seq=behind, most=count + 1)
    if len(rows) <= count:
        raise NothingFollows
    skipped_seqs = [row[0] for row in rows[:count]]
    for name in (name for name, seq in seqs.items() if seq == behind):
        of_fold = {"guild_id": guild_id, "follower": name}
        c.execute(insert(uncounted_rows), [of_fold | {"seq": seq} for seq in skipped_seqs])
        same = (cursors.c.guild_id == guild_id, cursors.c.follower == name)
        c.execute(update(cursors).where(*same).values(seq=skipped_seqs[-1]))
    return fold_slice(c, guild_id, 1, now_ms)


def start_over(c: Connection, guild_id: int, now_ms: int) -> None:
    """Forget what is counted for a guild, so that the slices from now on count its whole journal again."""
    lock_cursors(c, guild_id)
    for fold in FOLDS:
        _reset(c, guild_id, fold, now_ms)
    c.execute(update(cursors).where(cursors.c.guild_id == guild_id, _OF_FOLDS).values(seq=0))


def _reset(c: Connection, guild_id: int, fold: Fold, now_ms: int) -> None:
    fold.reset(c, guild_id, now_ms)
    of_fold = (uncounted_rows.c.guild_id == guild_id, uncounted_rows.c.follower == fold.name)
    c.execute(delete(uncounted_rows).where(*of_fold))


def guilds_with_journals(c: Connection) -> list[int]:
    """Return the ids of all guilds that have something to fold, in order."""
    return [*c.execute(select(heads.c.guild_id).order_by(heads.c.guild_id)).scalars()]


def survey(c: Connection, now_ms: int | None) -> dict[int, Progress]:
    """Return the progress of each guild that is not folded to the end of its journal, or has to start over by `now_ms`.

    With None, none has to start over.
    """
    states = {row[0]: _progress(row) for row in c.execute(_BEHIND if now_ms is None else _STATE)}
    return {
        guild_id: state
        for guild_id, state in states.items()
        if state.backlog or (now_ms is not None and any(fold.is_astray(c, guild_id, now_ms) for fold in FOLDS))
    }


def progress(c: Connection, guild_id: int) -> Progress:
    """Return how far a guild is folded."""
    rows = _STATE_OF_GUILD.rows(c, guild_id=guild_id)
    return _progress(rows[0]) if rows else Progress(0, 0)


def counted_percent(c: Connection, guild_id: int) -> int | None:
    """Return how much of a guild's journal has been counted while everything is counted, None once it has been."""
    state = progress(c, guild_id)
    return 100 * state.seq // state.head if state.backlog > MOST_WAITING else None


def late_since(c: Connection, guild_id: int, now_ms: int) -> int | None:
    """Return since when a guild's standings are not up to date, None if they are, or will be within seconds."""
    seq = progress(c, guild_id).seq
    rows = _ROWS.rows(c, guild_id=guild_id, seq=seq, most=1)
    at_ms: int = rows[0][3] if rows else now_ms
    return at_ms if now_ms - at_ms > LATE_MS else None


def _progress(row: Any) -> Progress:  # noqa: ANN401 - a row
    _, head, cursor_count, seq = row
    # A fold without a cursor has not begun.
    return Progress(seq if cursor_count == len(FOLDS) else 0, head)


def lock_cursors(c: Connection, guild_id: int) -> dict[str, int]:
    """Return how far each fold has come, by name. Until the transaction ends, no other process folds this guild."""
    keys = [(guild_id, fold.name) for fold in FOLDS]
    seqs = dict(_CURSORS.rows(c, keys))
    if len(seqs) < len(FOLDS):
        for fold in FOLDS:
            insert_new(c, cursors, {"guild_id": guild_id, "follower": fold.name, "seq": 0})
        seqs = dict(_CURSORS.rows(c, keys))
    return seqs


FOLDING = Folding(fold_slice, survey, skip_rows)
