"""Creators can pause, block members, and choose words that no message may have; so can staff, about words."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0065"


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, integer, nullable=null, autoincrement=False)


def upgrade() -> None:
    # NULL is what everybody has: nothing is decided.
    op.add_column("guilds", sa.Column("note_words", sa.Text, nullable=True))
    op.add_column("guilds", _int("staff_creators_since_ms", null=True))
    op.add_column("creators", _int("paused_until_ms", null=True))
    op.add_column("creators", sa.Column("note_words", sa.Text, nullable=True))
    op.add_column("creators", _int("blocks_since_ms", null=True))
    op.create_table(
        "creator_blocks",
        *map(_int, ("guild_id", "creator", "sender", "seq", "since_ms")),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_creator_blocks_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "creator", "sender", "seq", name="pk_creator_blocks"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_creator_blocks_sender", "creator_blocks", ["guild_id", "sender"])
