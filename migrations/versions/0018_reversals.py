"""How much of a row of the journal was taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def upgrade() -> None:
    op.create_table(
        "reversals",
        *map(_int, ("guild_id", "seq", "part")),
        sa.PrimaryKeyConstraint("guild_id", "seq", name="pk_reversals"),
        sa.ForeignKeyConstraint(
            ["guild_id", "seq"], ["journal.guild_id", "journal.seq"], name="fk_reversals_guild_id_seq"
        ),
        sa.CheckConstraint("part > 0", name=op.f("ck_reversals_something_was_taken_back")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
