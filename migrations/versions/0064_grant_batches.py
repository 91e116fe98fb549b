"""Staff grant coins to many members at once."""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0053"


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null, autoincrement=False)


def upgrade() -> None:
    op.create_table(
        "grant_batches",
        *map(_int, ("guild_id", "batch_id", "members", "coins")),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("plan", sa.Text, nullable=True),
        _int("made_ms"),
        _int("seq", null=True),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_grant_batches_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "batch_id", name="pk_grant_batches"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
