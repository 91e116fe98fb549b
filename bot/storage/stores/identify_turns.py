"""Whose turn it is to identify at Discord's gateway, among all processes of the bot."""

from sqlalchemy import Connection, select, update

from bot.storage.sql.tables import marks
from bot.storage.stores import app_state

_MARK = "identified_ms"


def take(c: Connection, now_ms: int, spacing_ms: int, most_ms: int, *, own_ms: int | None = None) -> int:
    """Take the turn at `now_ms` if nobody has taken one in the `spacing_ms` before. Return its time, or when to ask
    again, which is later than `now_ms`.

    A process whose turn is the last one, at `own_ms`, may move it to `now_ms`. A turn that is more than `most_ms` away
    was taken by a process whose clock was wrong.
    """
    app_state.put_new(c, _MARK, "0")
    # Two processes must not read the same last turn.
    row = select(marks.c.value).where(marks.c.name == _MARK).with_for_update()
    last_ms = int(c.execute(row).scalar_one())
    next_ms = last_ms + spacing_ms
    if last_ms != own_ms and now_ms < next_ms <= now_ms + most_ms:
        return next_ms
    c.execute(update(marks).where(marks.c.name == _MARK).values(value=str(now_ms)))
    return now_ms
