"""Receipts that could not be shown wait for the next reply to their member."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def upgrade() -> None:
    op.create_table(
        "missed_receipts",
        *map(_int, ("guild_id", "holder_id", "seq", "since_ms")),
        sa.PrimaryKeyConstraint("guild_id", "holder_id", "seq", name="pk_missed_receipts"),
        sa.ForeignKeyConstraint(
            ["guild_id", "seq"], ["journal.guild_id", "journal.seq"], name="fk_missed_receipts_guild_id_seq"
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
