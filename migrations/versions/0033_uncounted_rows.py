"""A row of the journal that a fold cannot count is noted, and the fold goes on without it."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def upgrade() -> None:
    op.create_table(
        "uncounted_rows",
        _int("guild_id"),
        sa.Column("follower", sa.Text, nullable=False),
        _int("seq"),
        sa.PrimaryKeyConstraint("guild_id", "follower", "seq", name="pk_uncounted_rows"),
        sa.ForeignKeyConstraint(
            ["guild_id", "seq"], ["journal.guild_id", "journal.seq"], name="fk_uncounted_rows_guild_id_seq"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
