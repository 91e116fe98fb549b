"""What creators were given is added up by hour and by item, and what moved their earnings by day.

All three tables are counted from the journal once the bot runs, from the first row on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0071"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _of_guild(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name=f"fk_{table}_guild_id")


def upgrade() -> None:
    op.create_table(
        "creator_hours",
        *map(_int, ("guild_id", "creator", "day", "hour", "event")),
        *map(_int, ("coins", "pieces", "anonymous_coins", "anonymous_pieces")),
        _check("creator_hours", "anonymous_coins_are_a_part", "anonymous_coins BETWEEN 0 AND coins"),
        _check("creator_hours", "anonymous_pieces_are_a_part", "anonymous_pieces BETWEEN 0 AND pieces"),
        _of_guild("creator_hours"),
        sa.PrimaryKeyConstraint("guild_id", "creator", "day", "hour", "event", name="pk_creator_hours"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "creator_items",
        *map(_int, ("guild_id", "creator", "day", "item", "event", "coins", "pieces")),
        _check("creator_items", "no_more_is_taken_than_given", "coins >= 0 AND pieces >= 0"),
        _of_guild("creator_items"),
        sa.PrimaryKeyConstraint("guild_id", "creator", "day", "item", "event", name="pk_creator_items"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "creator_bookings",
        *map(_int, ("guild_id", "creator", "day")),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("anonymous", sa.Integer, nullable=False),
        *map(_int, ("entries", "pieces", "coins", "diamonds")),
        _check("creator_bookings", "anonymous_is_flag", "anonymous IN (0, 1)"),
        _check("creator_bookings", "something_was_booked", "entries > 0"),
        _of_guild("creator_bookings"),
        sa.PrimaryKeyConstraint("guild_id", "creator", "day", "type", "anonymous", name="pk_creator_bookings"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
