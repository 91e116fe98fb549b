"""What creators have earned is added up by what paid for it, and guilds choose how long it is held.

The first two tables are counted from the journal once the bot runs, from the first row on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def upgrade() -> None:
    op.create_table(
        "earnings_by_source",
        *map(_int, ("guild_id", "creator")),
        _text("source"),
        *map(_int, ("until_day", "earned", "taken_back", "anonymous")),
        sa.CheckConstraint(
            "taken_back BETWEEN 0 AND earned", name=op.f("ck_earnings_by_source_no_more_is_taken_than_earned")
        ),
        sa.CheckConstraint(
            "anonymous BETWEEN 0 AND earned - taken_back", name=op.f("ck_earnings_by_source_anonymous_is_a_part")
        ),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_earnings_by_source_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "creator", "source", "until_day", name="pk_earnings_by_source"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pieces_taken_back",
        *map(_int, ("guild_id", "seq", "pieces")),
        sa.CheckConstraint("pieces > 0", name=op.f("ck_pieces_taken_back_something_was_taken_back")),
        sa.ForeignKeyConstraint(
            ["guild_id", "seq"], ["journal.guild_id", "journal.seq"], name="fk_pieces_taken_back_guild_id_seq"
        ),
        sa.PrimaryKeyConstraint("guild_id", "seq", name="pk_pieces_taken_back"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "hold_changes",
        _int("guild_id"),
        _text("provider"),
        *map(_int, ("changed_ms", "changed_by", "after_seq", "days")),
        sa.CheckConstraint("days >= 0", name=op.f("ck_hold_changes_days_are_ahead")),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_hold_changes_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "provider", "changed_ms", name="pk_hold_changes"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
