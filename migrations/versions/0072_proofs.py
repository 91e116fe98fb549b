"""A guild can post each month that its books add up."""

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0062"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def upgrade() -> None:
    op.create_table(
        "proof_channels",
        *map(_int, ("guild_id", "channel_id")),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_proof_channels_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", name="pk_proof_channels"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
