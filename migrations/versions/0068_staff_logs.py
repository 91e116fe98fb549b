"""A guild can have a channel that tells its staff what they do."""

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0063"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def upgrade() -> None:
    op.create_table(
        "staff_logs",
        *map(_int, ("guild_id", "channel_id", "posted_number", "digest_seq", "until_seq")),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_staff_logs_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", name="pk_staff_logs"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
