"""Guilds may limit what their staff grant, and staff who grant coins to themselves need somebody else to confirm it."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0056"


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null, autoincrement=False)


def _positive(table: str, name: str, column: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} > 0", name=op.f(f"ck_{table}_{name}"))


def _of_guild(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name=f"fk_{table}_guild_id")


def upgrade() -> None:
    op.create_table(
        "grant_limits",
        _int("guild_id"),
        *(_int(name, null=True) for name in ("per_grant", "per_day")),
        _positive("grant_limits", "per_grant_is_positive", "per_grant"),
        _positive("grant_limits", "per_day_is_positive", "per_day"),
        _of_guild("grant_limits"),
        sa.PrimaryKeyConstraint("guild_id", name="pk_grant_limits"),
        sqlite_strict=True,
    )
    op.create_table(
        "granted_in_day",
        *map(_int, ("guild_id", "holder_id", "day", "coins", "first_seq")),
        _positive("granted_in_day", "coins_are_positive", "coins"),
        _of_guild("granted_in_day"),
        sa.PrimaryKeyConstraint("guild_id", "holder_id", name="pk_granted_in_day"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "grant_requests",
        *map(_int, ("guild_id", "request_id", "made_by", "coins")),
        sa.Column("reason", sa.Text, nullable=False),
        _int("until_ms"),
        _positive("grant_requests", "coins_are_positive", "coins"),
        _of_guild("grant_requests"),
        sa.PrimaryKeyConstraint("guild_id", "request_id", name="pk_grant_requests"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
