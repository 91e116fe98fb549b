"""Statements of what moved creators' earnings in a month, stored once the month is over."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0058"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def upgrade() -> None:
    op.create_table(
        "statements",
        *map(_int, ("guild_id", "creator", "month", "number")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("content", "digest")),
        _int("closed_ms"),
        sa.CheckConstraint("number > 0", name=op.f("ck_statements_number_counts_from_one")),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_statements_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "creator", "month", name="pk_statements"),
        sa.UniqueConstraint("guild_id", "number", name="uq_statements_guild_id_number"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
