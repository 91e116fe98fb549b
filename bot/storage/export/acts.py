"""The file of what staff did."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

from sqlalchemy import Connection

from bot.domain.staff_acts import ActKind
from bot.storage.audit.rows import rows
from bot.storage.export.people import People
from bot.storage.export.sheets import Cell, Column, Layout, utc

STAFF_ACTS: Final = Layout(
    "staff_acts",
    "Everything that staff did, in order and without gaps.",
    (
        Column("number", "of the act"),
        Column("time", "when, UTC"),
        Column("by", "member of staff, empty for whoever runs the bot"),
        Column("kind", "what it is about"),
        Column("subject", "which one, like the number of a package or an item"),
        Column("member", "whom it is about; empty for flags and for senders of anonymous gifts"),
        Column("before", "values before, as JSON; times in milliseconds since 1970, UTC"),
        Column("after", "values after"),
        Column("reason", "why"),
        Column("receipt", "row in journal.csv, 0 for none"),
    ),
)

_QUERY = """
    SELECT number, at_ms, actor, kind, subject, holder, before_values, after_values, reason, seq FROM staff_acts
    WHERE guild_id = :guild ORDER BY number
"""
_PIECE = 1_000


def act_rows(
    c: Connection, guild_id: int, people: People, is_anonymous: Callable[[int], bool]
) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of STAFF_ACTS. `is_anonymous` says whether a row of the journal is about an anonymous gift."""
    acts = rows(c, _QUERY, guild=guild_id)
    while piece := [*islice(acts, _PIECE)]:
        people.learn({holder for act in piece for holder in (act[2], act[5])})
        for number, at_ms, actor, kind, subject, holder, before, after, reason, seq in piece:
            is_hidden = kind == ActKind.FLAG or bool(seq and is_anonymous(seq))
            member, why = ("", "") if is_hidden else (people.name(holder), reason)
            yield number, utc(at_ms), people.name(actor), kind, subject, member, before, after, why, seq
