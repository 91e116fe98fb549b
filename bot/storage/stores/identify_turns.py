"""Whose turn it is to identify at Discord's gateway, among all processes of the bot."""

from sqlalchemy import Connection, select, update

from bot.storage.sql.tables import marks
from bot.storage.stores import app_state

_MARK = "identified_ms"


def take(c: Connection, now_ms: int, spacing_ms: int, most_ms: int) -> int:
    """Take the next turn, and return its time in milliseconds: `spacing_ms` after the last one, or `now_ms`.

    A last turn that is more than `most_ms` away was taken by a process whose clock was wrong.
    """
    app_state.put_new(c, _MARK, "0")
    # Two processes must not read the same last turn.
    row = select(marks.c.value).where(marks.c.name == _MARK).with_for_update()
    next_ms = int(c.execute(row).scalar_one()) + spacing_ms
    turn_ms = next_ms if now_ms < next_ms <= now_ms + most_ms else now_ms
    c.execute(update(marks).where(marks.c.name == _MARK).values(value=str(turn_ms)))
    return turn_ms
