"""A line of a leaderboard holds its day, week and month beside all time; past ones are no longer kept."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

BATCH = 10_000
FEW = 4_096
"""Places up to which a leaderboard is counted line by line, and has no tallies."""
SPANS = (("day", "today"), ("week", "week"), ("month", "month"))
"""New names of the stretches of time that begin anew, and their old ones."""


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null, autoincrement=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(name))


def _table(name: str, *items: sa.schema.SchemaItem) -> None:
    op.create_table(name, *items, sqlite_strict=True, sqlite_with_rowid=False)


def upgrade() -> None:
    _put_aside()
    _create()
    _number_ladders()
    _fill_standings()
    _create_indexes()
    _count_tallies()


def _put_aside() -> None:
    op.execute(
        """
        CREATE TABLE lines_before AS
        SELECT s.guild_id, board, scope, CASE WHEN period = 'live' THEN bucket ELSE 0 END AS event,
               period, bucket, subject, s.coins, s.pieces, last_seq
        FROM standings AS s JOIN ladders AS l ON l.guild_id = s.guild_id AND l.ladder = s.ladder
        """
    )
    op.execute("CREATE TABLE ladders_before AS SELECT * FROM ladders")
    # Of every line the newest day, week and month: what it says of older ones is not kept.
    op.execute(
        """
        CREATE TABLE newest_before AS SELECT * FROM (
            SELECT b.*, row_number() OVER (
                PARTITION BY guild_id, board, scope, period, subject ORDER BY bucket DESC
            ) AS age FROM lines_before AS b WHERE period IN ('today', 'week', 'month')
        ) AS aged WHERE age = 1
        """
    )
    op.execute("CREATE INDEX ix_newest_before ON newest_before (guild_id, subject, board, scope, period)")
    for name in ("tallies", "standings", "ladders"):
        op.drop_table(name)


def _create() -> None:
    _table(
        "ladders",
        _int("guild_id"),
        _int("ladder"),
        _text("board"),
        _int("scope"),
        _int("event"),
        *(_int(name) for name in ("places", "coins", "pieces")),
        *(_int(span + name) for span, _ in SPANS for name in ("", "_places", "_coins", "_pieces")),
        sa.PrimaryKeyConstraint("guild_id", "ladder", name="pk_ladders"),
        sa.UniqueConstraint("guild_id", "board", "scope", "event", name="uq_ladders_guild_id_board_scope_event"),
        _check("ck_ladders_events_have_no_days", "event = 0 OR (day = 0 AND week = 0 AND month = 0)"),
    )
    _table(
        "standings",
        *(_int(name) for name in ("guild_id", "subject", "ladder", "last_seq", "coins", "pieces")),
        *(_int(span + name, null=not name) for span, _ in SPANS for name in ("", "_coins", "_pieces")),
        sa.PrimaryKeyConstraint("guild_id", "subject", "ladder", name="pk_standings"),
        _check("ck_standings_something_given", "coins > 0 AND pieces > 0"),
    )
    _table(
        "tallies",
        _int("guild_id"),
        _int("ladder"),
        _text("period"),
        _int("cell"),
        _int("places"),
        sa.PrimaryKeyConstraint("guild_id", "ladder", "period", "cell", name="pk_tallies"),
        _check("ck_tallies_places_are_counted", "places >= 0"),
    )


def _number_ladders() -> None:
    op.execute(
        """
        INSERT INTO ladders
        SELECT guild_id, row_number() OVER (PARTITION BY guild_id ORDER BY board, scope, bucket),
               board, scope, bucket, places, coins, pieces, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
        FROM ladders_before WHERE period IN ('all', 'live')
        """
    )
    for span, period in SPANS:
        newest = f"""
            FROM ladders_before AS b WHERE period = '{period}' AND ladders.event = 0 AND b.guild_id = ladders.guild_id
            AND b.board = ladders.board AND b.scope = ladders.scope ORDER BY bucket DESC LIMIT 1
        """
        columns = {span: "bucket"} | {f"{span}_{name}": name for name in ("places", "coins", "pieces")}
        values = ", ".join(f"{column} = coalesce((SELECT {name} {newest}), 0)" for column, name in columns.items())
        op.execute(f"UPDATE ladders SET {values}")  # noqa: S608 - names of our own columns


def _fill_standings() -> None:
    newest = " ".join(
        f"""
        LEFT JOIN newest_before AS {span} ON {span}.period = '{period}' AND b.event = 0
        AND {span}.guild_id = b.guild_id AND {span}.board = b.board AND {span}.scope = b.scope
        AND {span}.subject = b.subject
        """
        for span, period in SPANS
    )
    values = ", ".join(f"{span}.bucket, coalesce({span}.coins, 0), coalesce({span}.pieces, 0)" for span, _ in SPANS)
    op.execute(
        f"""
        INSERT INTO standings
        SELECT b.guild_id, b.subject, l.ladder, b.last_seq, b.coins, b.pieces, {values}
        FROM lines_before AS b
        JOIN ladders AS l
        ON l.guild_id = b.guild_id AND l.board = b.board AND l.scope = b.scope AND l.event = b.event
        {newest}
        WHERE b.period IN ('all', 'live') ORDER BY b.guild_id, b.subject, l.ladder
        """  # noqa: S608 - names of our own columns
    )
    for name in ("newest_before", "lines_before", "ladders_before"):
        op.execute(f"DROP TABLE {name}")


def _create_indexes() -> None:
    op.create_index("ix_standings_order", "standings", ["guild_id", "ladder", sa.text("coins DESC"), "last_seq"])
    for span, _ in SPANS:
        columns = ["guild_id", "ladder", span, sa.text(f"{span}_coins DESC"), "last_seq"]
        where = sa.text(f"{span} IS NOT NULL")
        op.create_index(f"ix_standings_order_{span}", "standings", columns, sqlite_where=where, postgresql_where=where)


def _count_tallies() -> None:
    connection = op.get_bind()
    tallies: dict[tuple[int, int, str, int], int] = {}
    for period, coins, current in (
        ("all", "s.coins", f"l.places > {FEW}"),
        *((span, f"s.{span}_coins", f"s.{span} = l.{span} AND l.{span}_places > {FEW}") for span, _ in SPANS),
    ):
        sums = sa.text(
            f"""
            SELECT s.guild_id, s.ladder, {coins} AS held,
                   CASE WHEN {coins} < 32 THEN last_seq >> 15 ELSE 0 END AS slice, count(*)
            FROM standings AS s JOIN ladders AS l ON l.guild_id = s.guild_id AND l.ladder = s.ladder
            WHERE {current} GROUP BY s.guild_id, s.ladder, held, slice
            """  # noqa: S608 - names of our own columns
        )
        for guild_id, ladder, held, part, places in connection.execute(sums):
            key = (guild_id, ladder, period, _cell_of(held, part))
            tallies[key] = tallies.get(key, 0) + places
    rows: list[dict[str, Any]] = [
        {"guild_id": guild_id, "ladder": ladder, "period": period, "cell": cell, "places": places}
        for (guild_id, ladder, period, cell), places in tallies.items()
    ]
    insert = sa.text("INSERT INTO tallies VALUES (:guild_id, :ladder, :period, :cell, :places)")
    for start in range(0, len(rows), BATCH):
        connection.execute(insert, rows[start : start + BATCH])


def _cell_of(coins: int, part: int) -> int:
    """Return what `bot.domain.standings.cell_of` returned when this was written."""
    if coins < 32:
        return (coins + 1 << 40) - 1 - part
    shift = coins.bit_length() - 5
    return ((shift << 4) + (coins >> shift)) << 40
