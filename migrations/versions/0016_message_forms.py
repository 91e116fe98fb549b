"""A message is edited in the form in which it was posted: what stands in channels until now are embeds."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def _flag(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def upgrade() -> None:
    # SQLite adds no column without a default, and the tables have none.
    for table, create in (("announcements", _create_announcements), ("live_boards", _create_boards)):
        op.execute(f"CREATE TABLE {table}_before AS SELECT * FROM {table}")  # noqa: S608
        op.drop_table(table)
        create()
        # The new column is the last one.
        op.execute(f"INSERT INTO {table} SELECT *, 0 FROM {table}_before")  # noqa: S608
        op.drop_table(f"{table}_before")


def _create_announcements() -> None:
    op.create_table(
        "announcements",
        *map(_int, ("guild_id", "channel_id", "about", "first_seq", "last_seq")),
        sa.Column("form", sa.Text, nullable=False),
        *map(_int, ("opened_ms", "grown_ms", "due_ms", "promised_seq", "shown_seq", "message_id", "posted_ms")),
        *map(_int, ("unpin_ms", "roundup")),
        _flag("is_layout"),
        sa.PrimaryKeyConstraint("guild_id", "channel_id", "about", "first_seq", name="pk_announcements"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_announcements_guild_id"),
        sa.CheckConstraint("last_seq >= first_seq", name=op.f("ck_announcements_gifts_are_in_order")),
        sa.CheckConstraint("is_layout IN (0, 1)", name=op.f("ck_announcements_is_layout_is_flag")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    _index("ix_announcements_unfinished", ["guild_id"], "(shown_seq < last_seq OR unpin_ms > 0)")
    _index("ix_announcements_listed", ["guild_id", "channel_id", "roundup"], "roundup > 0")


def _create_boards() -> None:
    op.create_table(
        "live_boards",
        *map(_int, ("guild_id", "event_id", "message_id", "posted_ms", "made")),
        _flag("closed"),
        _flag("is_layout"),
        sa.PrimaryKeyConstraint("guild_id", "event_id", name="pk_live_boards"),
        sa.ForeignKeyConstraint(
            ["guild_id", "event_id"],
            ["live_events.guild_id", "live_events.event_id"],
            name="fk_live_boards_guild_id_event_id",
        ),
        sa.CheckConstraint("closed IN (0, 1)", name=op.f("ck_live_boards_closed_is_flag")),
        sa.CheckConstraint("is_layout IN (0, 1)", name=op.f("ck_live_boards_is_layout_is_flag")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _index(name: str, columns: list[str], where: str) -> None:
    only = sa.text(where)
    op.create_index(name, "announcements", columns, sqlite_where=only, postgresql_where=only)
