"""Announcements that grow are remembered, and so are gifts on messages, broken channels, and who wants less of it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _flag(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(name))


def _of_guild(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name=f"fk_{table}_guild_id")


def _table(name: str, *items: sa.schema.SchemaItem, rowid: bool = False) -> None:
    op.create_table(name, *items, sqlite_strict=True, sqlite_with_rowid=rowid)


def upgrade() -> None:
    _create_announcements()
    _create_message_gifts()
    _create_broken_channels()
    _create_settings()
    # What had been promised is written down with each message now.
    op.execute("DELETE FROM cursors WHERE follower = 'announcer-promised'")


def _create_announcements() -> None:
    _table(
        "announcements",
        _int("guild_id"),
        _int("channel_id"),
        _int("about"),
        _int("first_seq"),
        _int("last_seq"),
        _text("form"),
        *map(_int, ("opened_ms", "grown_ms", "due_ms", "promised_seq", "shown_seq", "message_id", "posted_ms")),
        _int("unpin_ms"),
        sa.PrimaryKeyConstraint("guild_id", "channel_id", "about", "first_seq", name="pk_announcements"),
        _of_guild("announcements"),
        _check("ck_announcements_gifts_are_in_order", "last_seq >= first_seq"),
    )
    unfinished = sa.text("(shown_seq < last_seq OR unpin_ms > 0)")
    op.create_index(
        "ix_announcements_unfinished",
        "announcements",
        ["guild_id"],
        sqlite_where=unfinished,
        postgresql_where=unfinished,
    )


def _create_message_gifts() -> None:
    _table(
        "message_gifts",
        _int("guild_id"),
        _int("message_id"),
        _int("seq"),
        sa.PrimaryKeyConstraint("guild_id", "message_id", "seq", name="pk_message_gifts"),
        sa.ForeignKeyConstraint(
            ["guild_id", "seq"], ["journal.guild_id", "journal.seq"], name="fk_message_gifts_guild_id_seq"
        ),
    )


def _create_broken_channels() -> None:
    _table(
        "broken_channels",
        _int("guild_id"),
        _int("channel_id"),
        _int("code"),
        _int("since_ms"),
        _flag("told"),
        sa.PrimaryKeyConstraint("guild_id", "channel_id", name="pk_broken_channels"),
        _of_guild("broken_channels"),
        _check("ck_broken_channels_told_is_flag", "told IN (0, 1)"),
    )


def _create_settings() -> None:
    _table(
        "announcement_settings",
        _int("guild_id"),
        _int("quiet_start"),
        _int("quiet_end"),
        _text("lowest_tier"),
        sa.PrimaryKeyConstraint("guild_id", name="pk_announcement_settings"),
        _of_guild("announcement_settings"),
        _check(
            "ck_announcement_settings_quiet_is_a_day",
            "quiet_start BETWEEN 0 AND 1439 AND quiet_end BETWEEN 0 AND 1439",
        ),
        rowid=True,
    )
    _table(
        "member_settings",
        _int("guild_id"),
        _int("member_id"),
        _flag("no_pings"),
        sa.PrimaryKeyConstraint("guild_id", "member_id", name="pk_member_settings"),
        _of_guild("member_settings"),
        _check("ck_member_settings_no_pings_is_flag", "no_pings IN (0, 1)"),
    )
