"""Members can delete their data, and it stays deleted when older books are restored."""

import sqlalchemy as sa
from alembic import op

revision = "0093"
down_revision = "0076"


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null, autoincrement=False)


def upgrade() -> None:
    op.create_table(
        "erasures",
        *map(_int, ("guild_id", "holder_id", "erased_ms")),
        *(_int(name, null=True) for name in ("user_id", "records_until_ms")),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_erasures_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "holder_id", name="pk_erasures"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    where = sa.text("user_id IS NOT NULL")
    op.create_index(
        "ix_erasures_restricted", "erasures", ["records_until_ms"], sqlite_where=where, postgresql_where=where
    )
