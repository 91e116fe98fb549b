"""Creators can have the bot react to their messages that got a gift."""

import sqlalchemy as sa
from alembic import op

revision = "0103"
down_revision = "0092"


def upgrade() -> None:
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    for name, key in (("creator_reactions", "creator"), ("reaction_troubles", "channel_id")):
        op.create_table(
            name,
            *(sa.Column(column, integer, nullable=False, autoincrement=False) for column in ("guild_id", key)),
            sa.Column("since_ms", integer, nullable=False, autoincrement=False),
            sa.PrimaryKeyConstraint("guild_id", key, name=f"pk_{name}"),
            sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name=f"fk_{name}_guild_id"),
            sqlite_strict=True,
            sqlite_with_rowid=False,
        )
