"""What members have gifted is added up, in all and by week, for levels, badges and streaks.

Both tables are counted from the journal once the bot runs, from the first row on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0069"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _of_guild(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name=f"fk_{table}_guild_id")


def upgrade() -> None:
    op.create_table(
        "gifter_totals",
        *map(_int, ("guild_id", "gifter", "coins")),
        _check("gifter_totals", "no_more_is_taken_than_given", "coins >= 0"),
        _of_guild("gifter_totals"),
        sa.PrimaryKeyConstraint("guild_id", "gifter", name="pk_gifter_totals"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "gifter_weeks",
        *map(_int, ("guild_id", "gifter", "week", "pieces")),
        _check("gifter_weeks", "no_more_is_taken_than_given", "pieces >= 0"),
        _of_guild("gifter_weeks"),
        sa.PrimaryKeyConstraint("guild_id", "gifter", "week", name="pk_gifter_weeks"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
