"""Leaderboards keep past days and months. What was counted before is counted again, to fill them."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"

FOLLOWER = "fold:leaderboards"
COUNTED = f"(SELECT guild_id FROM cursors WHERE follower = '{FOLLOWER}' AND seq > 0)"  # noqa: S608 - a name of our own


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def upgrade() -> None:
    op.create_table(
        "past_standings",
        *map(_int, ("guild_id", "ladder", "period", "subject", "last_seq", "coins", "pieces")),
        sa.PrimaryKeyConstraint("guild_id", "ladder", "period", "subject", name="pk_past_standings"),
        sa.CheckConstraint("coins > 0 AND pieces > 0", name=op.f("ck_past_standings_something_given")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "leaderboard_days",
        *map(_int, ("guild_id", "day", "first_seq")),
        sa.PrimaryKeyConstraint("guild_id", "day", name="pk_leaderboard_days"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_leaderboard_days_guild_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    # The bot counts from the first row on when it is idle, and boards say how far it is. The calendar still knows which
    # gifts a wrong clock booked: they stay without a day.
    for table in ("tallies", "standings", "ladders"):
        op.execute(f"DELETE FROM {table} WHERE guild_id IN {COUNTED}")  # noqa: S608 - names of our own
    begun = ", ".join(f"{span}{suffix} = 0" for span in ("day", "week", "month") for suffix in ("", "_seq"))
    op.execute(f"UPDATE leaderboard_calendars SET {begun}, latest_ms = 0 WHERE guild_id IN {COUNTED}")  # noqa: S608
    op.execute(f"DELETE FROM uncounted_rows WHERE follower = '{FOLLOWER}'")  # noqa: S608 - a name of our own
    op.execute(f"UPDATE cursors SET seq = 0 WHERE follower = '{FOLLOWER}'")  # noqa: S608 - a name of our own
