"""Leaderboards get numbers and totals of their own, and know how many lines have about as many coins."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

BATCH = 10_000


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(name))


def _table(name: str, *items: sa.schema.SchemaItem) -> None:
    op.create_table(name, *items, sqlite_strict=True, sqlite_with_rowid=False)


def upgrade() -> None:
    _create_ladders()
    _number_ladders()
    _rebuild_standings()
    _create_tallies()
    _count_tallies()


def _create_ladders() -> None:
    _table(
        "ladders",
        _int("guild_id"),
        _int("ladder"),
        _text("board"),
        _int("scope"),
        _text("period"),
        _int("bucket"),
        _int("places"),
        _int("coins"),
        _int("pieces"),
        sa.PrimaryKeyConstraint("guild_id", "ladder", name="pk_ladders"),
        sa.UniqueConstraint(
            "guild_id", "board", "scope", "period", "bucket", name="uq_ladders_guild_id_board_scope_period_bucket"
        ),
    )


def _number_ladders() -> None:
    op.execute(
        """
        INSERT INTO ladders (guild_id, ladder, board, scope, period, bucket, places, coins, pieces)
        SELECT guild_id, row_number() OVER (PARTITION BY guild_id ORDER BY board, scope, period, bucket),
               board, scope, period, bucket, count(*), CAST(sum(coins) AS BIGINT), CAST(sum(pieces) AS BIGINT)
        FROM standings GROUP BY guild_id, board, scope, period, bucket
        """
    )


def _rebuild_standings() -> None:
    op.execute(
        """
        CREATE TABLE lines_before AS
        SELECT guild_id, ladder, subject, s.coins AS coins, s.pieces AS pieces, last_seq
        FROM standings AS s JOIN ladders USING (guild_id, board, scope, period, bucket)
        """
    )
    op.drop_table("standings")
    _table(
        "standings",
        _int("guild_id"),
        _int("ladder"),
        _int("subject"),
        _int("coins"),
        _int("pieces"),
        _int("last_seq"),
        sa.PrimaryKeyConstraint("guild_id", "ladder", "subject", name="pk_standings"),
        _check("ck_standings_something_given", "coins > 0 AND pieces > 0"),
    )
    op.execute("INSERT INTO standings SELECT * FROM lines_before ORDER BY guild_id, ladder, subject")
    op.execute("DROP TABLE lines_before")
    op.create_index("ix_standings_order", "standings", ["guild_id", "ladder", sa.text("coins DESC"), "last_seq"])


def _create_tallies() -> None:
    _table(
        "tallies",
        _int("guild_id"),
        _int("ladder"),
        _int("cell"),
        _int("places"),
        sa.PrimaryKeyConstraint("guild_id", "ladder", "cell", name="pk_tallies"),
        _check("ck_tallies_places_are_counted", "places >= 0"),
    )


def _count_tallies() -> None:
    connection = op.get_bind()
    tallies: dict[tuple[int, int, int], int] = {}
    sums = sa.text(
        """
        SELECT guild_id, ladder, coins, CASE WHEN coins < 32 THEN last_seq >> 15 ELSE 0 END AS slice, count(*)
        FROM standings GROUP BY guild_id, ladder, coins, slice
        """
    )
    for guild_id, ladder, coins, part, places in connection.execute(sums):
        key = (guild_id, ladder, _cell_of(coins, part))
        tallies[key] = tallies.get(key, 0) + places
    rows: list[dict[str, Any]] = [
        {"guild_id": guild_id, "ladder": ladder, "cell": cell, "places": places}
        for (guild_id, ladder, cell), places in tallies.items()
    ]
    insert = sa.text("INSERT INTO tallies VALUES (:guild_id, :ladder, :cell, :places)")
    for start in range(0, len(rows), BATCH):
        connection.execute(insert, rows[start : start + BATCH])


def _cell_of(coins: int, part: int) -> int:
    """Return what `bot.domain.leaderboards.cell_of` returned when this was written."""
    if coins < 32:
        return (coins + 1 << 40) - 1 - part
    shift = coins.bit_length() - 5
    return ((shift << 4) + (coins >> shift)) << 40
