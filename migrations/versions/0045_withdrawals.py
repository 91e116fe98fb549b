"""Buyers may withdraw where their guild allows it, and what goes back to them is remembered until it is sent."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def _int_or_null(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)


def _flag(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def upgrade() -> None:
    op.execute("CREATE TABLE buying_limits_before AS SELECT * FROM buying_limits")
    op.drop_table("buying_limits")
    op.create_table(
        "buying_limits",
        _int("guild_id"),
        sa.Column("currency", sa.Text, nullable=False),
        *map(_int_or_null, ("daily_minor", "held_minor")),
        _int("account_days"),
        *map(_flag, ("adults_only", "can_withdraw")),
        sa.CheckConstraint("adults_only IN (0, 1)", name=op.f("ck_buying_limits_adults_only_is_flag")),
        sa.CheckConstraint("can_withdraw IN (0, 1)", name=op.f("ck_buying_limits_can_withdraw_is_flag")),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_buying_limits_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", name="pk_buying_limits"),
        sqlite_strict=True,
    )
    op.execute("INSERT INTO buying_limits SELECT *, 0 FROM buying_limits_before")
    op.drop_table("buying_limits_before")
    op.create_table(
        "withdrawals",
        *map(_int, ("guild_id", "order_id", "coins", "amount_minor")),
        sa.Column("currency", sa.Text, nullable=False),
        _int("withdrawn_ms"),
        _flag("is_sent"),
        sa.CheckConstraint("is_sent IN (0, 1)", name=op.f("ck_withdrawals_is_sent_is_flag")),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_withdrawals_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "order_id", name="pk_withdrawals"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
