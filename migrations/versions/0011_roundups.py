"""Totals below messages may share one message, and it is kept which note is told where."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def _table(name: str, *items: sa.schema.SchemaItem) -> None:
    op.create_table(name, *items, sqlite_strict=True, sqlite_with_rowid=False)


def upgrade() -> None:
    op.execute("CREATE TABLE announcements_before AS SELECT * FROM announcements")
    op.drop_table("announcements")
    _create_announcements()
    op.execute(
        """
        INSERT INTO announcements
        SELECT guild_id, channel_id, about, first_seq, last_seq, form, opened_ms, grown_ms, due_ms, promised_seq,
               shown_seq, message_id, posted_ms, unpin_ms, 0
        FROM announcements_before
        """
    )
    op.drop_table("announcements_before")
    _create_notes()


def _create_announcements() -> None:
    _table(
        "announcements",
        *map(_int, ("guild_id", "channel_id", "about", "first_seq", "last_seq")),
        sa.Column("form", sa.Text, nullable=False),
        *map(_int, ("opened_ms", "grown_ms", "due_ms", "promised_seq", "shown_seq", "message_id", "posted_ms")),
        *map(_int, ("unpin_ms", "roundup")),
        sa.PrimaryKeyConstraint("guild_id", "channel_id", "about", "first_seq", name="pk_announcements"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_announcements_guild_id"),
        sa.CheckConstraint("last_seq >= first_seq", name=op.f("ck_announcements_gifts_are_in_order")),
    )
    _index("ix_announcements_unfinished", ["guild_id"], "(shown_seq < last_seq OR unpin_ms > 0)")
    _index("ix_announcements_listed", ["guild_id", "channel_id", "roundup"], "roundup > 0")


def _create_notes() -> None:
    _table(
        "announced_notes",
        *map(_int, ("guild_id", "channel_id", "first_seq", "seq")),
        sa.PrimaryKeyConstraint("guild_id", "channel_id", "first_seq", "seq", name="pk_announced_notes"),
        sa.ForeignKeyConstraint(
            ["guild_id", "seq"], ["journal.guild_id", "journal.seq"], name="fk_announced_notes_guild_id_seq"
        ),
    )
    # Totals grow for as long as there are gifts; other messages do not, and have shown all their notes so far.
    op.execute(
        """
        INSERT INTO announced_notes
        SELECT a.guild_id, a.channel_id, a.first_seq, m.seq
        FROM announcements AS a
        JOIN message_gifts AS m ON m.guild_id = a.guild_id AND m.message_id = a.about
        JOIN notes AS n ON n.guild_id = m.guild_id AND n.seq = m.seq
        WHERE a.form = 'totals'
        """
    )


def _index(name: str, columns: list[str], where: str) -> None:
    only = sa.text(where)
    op.create_index(name, "announcements", columns, sqlite_where=only, postgresql_where=only)
