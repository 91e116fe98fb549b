"""A channel that refuses messages is tried again: how often it has refused, and when it is tried next."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def upgrade() -> None:
    # SQLite adds no column without a default, and the tables have none.
    op.execute("CREATE TABLE broken_before AS SELECT * FROM broken_channels")
    op.drop_table("broken_channels")
    op.create_table(
        "broken_channels",
        _int("guild_id"),
        _int("channel_id"),
        _int("code"),
        _int("since_ms"),
        sa.Column("told", sa.Integer, nullable=False),
        _int("refusals"),
        _int("retry_ms"),
        sa.PrimaryKeyConstraint("guild_id", "channel_id", name="pk_broken_channels"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_broken_channels_guild_id"),
        sa.CheckConstraint("told IN (0, 1)", name=op.f("ck_broken_channels_told_is_flag")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    # Channels that had been given up are tried with the next message.
    op.execute(
        "INSERT INTO broken_channels (guild_id, channel_id, code, since_ms, told, refusals, retry_ms)"
        " SELECT guild_id, channel_id, code, since_ms, told, 1, 0 FROM broken_before"
    )
    op.drop_table("broken_before")
