"""The store of what belongs to a live event: its gifts, its board, its announcements and its recap."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson
from sqlalchemy import BigInteger, Connection, Row, bindparam, select, update

from bot.domain.combos import Combo, EventGift
from bot.domain.ledger.reversal import Reverse
from bot.domain.live import LargestGift, LiveEvent, ReachedGoal, Recap
from bot.domain.live_displays import BoardMessage
from bot.storage.ledger import journal as journal_store
from bot.storage.sql import row_notes
from bot.storage.sql.live_tables import live_boards, live_events, live_goals, live_recaps, live_told
from bot.storage.sql.rows import insert_new, upsert, values_of
from bot.storage.sql.statements import Query
from bot.storage.sql.tables import journal
from bot.storage.stores import matches, reversals
from bot.storage.stores.event_gifts import GiftRow, event_gifts

_AFTER = Query(
    select(journal.c.seq, journal.c.at_ms, journal.c.actor, journal.c.kind, journal.c.body)
    .where(journal.c.guild_id == bindparam("guild_id"), journal.c.seq > bindparam("seq"))
    .order_by(journal.c.seq)
    .limit(bindparam("most", type_=BigInteger))
)


_PAGE = 1_000
"""How many rows of the journal are searched at a time."""


class GiftPage(NamedTuple):
    """The gifts of an event in a part of the journal, and the number of the part's last row, of whatever kind.

    What was taken back so far is left out. `head_seq` is the end of the journal then or shortly before, and
    `reversal_seq` the newest row in this part that takes back a gift of the event, 0 without one. It tells a reader of
    earlier gifts when to read them again.
    """

    gifts: list[EventGift]
    seq: int
    head_seq: int = 0
    reversal_seq: int = 0


def gifts_after(c: Connection, event: LiveEvent, seq: int, limit: int) -> GiftPage:
    """Return the event's gifts among up to `limit` rows that follow `seq`. An empty page ends at `seq`.

    Tests that count on no board are left out.
    """
    head_seq = journal_store.head(c, event.guild_id).seq
    rows = _AFTER.rows(c, guild_id=event.guild_id, seq=seq, most=limit)
    last_seq = rows[-1][0] if rows else seq
    row_notes.note_read(c, [(event.guild_id, last_seq)])
    gift_rows: Iterator[GiftRow] = (
        (row_seq, at_ms, actor, orjson.loads(body)) for row_seq, at_ms, actor, kind, body in rows if kind == "gift"
    )
    event_rows = [row for row in gift_rows if row[3]["event"] == event.event_id and row[3].get("counts", True)]
    undone_rows = [
        row_seq
        for row_seq, _, _, kind, body in rows
        if kind == Reverse.kind and orjson.loads(body)["event"] == event.event_id
    ]
    undone_pieces = reversals.parts_between(c, event.guild_id, seq, last_seq)
    gifts = event_gifts(c, event.guild_id, event_rows, undone_pieces)
    return GiftPage(gifts, last_seq, head_seq, max(undone_rows, default=0))


def has_gifts(c: Connection, event: LiveEvent) -> bool:
    """Return whether a gift was sent in the event."""
    page, seq = gifts_after(c, event, event.start_seq, _PAGE), -1
    while not page.gifts and page.seq > seq:
        seq = page.seq
        page = gifts_after(c, event, seq, _PAGE)
    return bool(page.gifts)


def has_reversal(c: Connection, event: LiveEvent, seq: int) -> bool:
    """Return whether a gift of the event was taken back after row `seq`, however many rows there are since."""
    page = gifts_after(c, event, seq, _PAGE)
    while page.seq > seq and not page.reversal_seq:
        seq = page.seq
        page = gifts_after(c, event, seq, _PAGE)
    return page.reversal_seq > 0


def board(c: Connection, guild_id: int, event_id: int) -> BoardMessage | None:
    """Return the message of an event's board, None before it was posted."""
    where = (live_boards.c.guild_id == guild_id, live_boards.c.event_id == event_id)
    row = c.execute(select(live_boards).where(*where)).one_or_none()
    return _board(row) if row else None


def save_board(c: Connection, guild_id: int, event_id: int, board: BoardMessage) -> None:
    """Save the message of an event's board."""
    flags = {"closed": int(board.closed), "is_layout": int(board.is_layout)}
    upsert(c, live_boards, {"guild_id": guild_id, "event_id": event_id, **board._asdict(), **flags})


def forget_replaced(c: Connection, guild_id: int, event_id: int, message_id: int) -> None:
    """Record that a message which an event's board has replaced is removed, or can never be."""
    t = live_boards.c
    same = (t.guild_id == guild_id, t.event_id == event_id, t.replaced_id == message_id)
    c.execute(update(live_boards).where(*same).values(replaced_id=None))


def open_boards(c: Connection, since_ms: int) -> list[tuple[int, int]]:
    """Return the (guild id, event id) of all boards that are still open although their event ended, after
    `since_ms`."""
    same = (live_events.c.guild_id == live_boards.c.guild_id) & (live_events.c.event_id == live_boards.c.event_id)
    query = select(live_boards.c.guild_id, live_boards.c.event_id).join(live_events, same)
    rows = c.execute(query.where(live_boards.c.closed == 0, live_events.c.ended_ms > since_ms))
    return [(guild_id, event_id) for guild_id, event_id in rows]


def announced_moments(c: Connection, guild_id: int, event_id: int) -> set[str]:
    """Return the names of the moments of an event that were announced."""
    query = select(live_told.c.what).where(live_told.c.guild_id == guild_id, live_told.c.event_id == event_id)
    return {*c.execute(query).scalars()}


def mark_announced(c: Connection, guild_id: int, event_id: int, moment: str) -> None:
    """Record that a moment of an event was announced."""
    insert_new(c, live_told, {"guild_id": guild_id, "event_id": event_id, "what": moment})


def reached_goals(c: Connection, guild_id: int, event_id: int) -> tuple[ReachedGoal, ...]:
    """Return the goals that an event reached, in order, as far as they were saved."""
    t = live_goals.c
    query = select(t.goal, t.reached_ms).where(t.guild_id == guild_id, t.event_id == event_id)
    return tuple(ReachedGoal(goal, reached_ms) for goal, reached_ms in c.execute(query.order_by(t.reached_ms, t.goal)))


def save_goal(c: Connection, guild_id: int, event_id: int, goal: ReachedGoal) -> None:
    """Record that an event reached a goal. Only the first time counts."""
    insert_new(c, live_goals, {"guild_id": guild_id, "event_id": event_id, **goal._asdict()})


def recap(c: Connection, guild_id: int, event_id: int) -> Recap | None:
    """Return the recap that was saved when the event ended, None if there is none."""
    where = (live_recaps.c.guild_id == guild_id, live_recaps.c.event_id == event_id)
    row: Any = c.execute(select(*[*live_recaps.c][2:]).where(*where)).one_or_none()
    if row is None:
        return None
    goal_ms, train, *combo, largest_sender, largest_name = row
    best = Combo(*combo) if combo[0] is not None else None
    largest = LargestGift(largest_sender, largest_name) if largest_name is not None else None
    return Recap(goal_ms, best, train, matches.results(c, guild_id, event_id), largest)


def save_recap(c: Connection, guild_id: int, event_id: int, recap: Recap) -> None:
    """Save an event's recap, so that it need not be computed from the journal again."""
    combo_fields = values_of(recap.best) if recap.best else {}
    combo_values = {f"combo_{name.removesuffix('_id')}": value for name, value in combo_fields.items()}
    values: dict[str, Any] = {"goal_ms": recap.goal_ms, "train": recap.train, **combo_values}
    if recap.largest is not None:
        values |= {f"largest_{name}": value for name, value in recap.largest._asdict().items()}
    insert_new(c, live_recaps, {"guild_id": guild_id, "event_id": event_id, **values})
    matches.save_results(c, guild_id, recap.matches)


def _board(row: Row[Any]) -> BoardMessage:
    flags = bool(row.closed), bool(row.is_layout)
    return BoardMessage(row.message_id, row.posted_ms, row.made, *flags, row.replaced_id)
