"""Guilds may choose how much their members can buy, and what other currencies are worth."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null, autoincrement=False)


def upgrade() -> None:
    op.create_table(
        "buying_limits",
        _int("guild_id"),
        sa.Column("currency", sa.Text, nullable=False),
        _int("daily_minor", null=True),
        _int("held_minor", null=True),
        _int("account_days"),
        sa.Column("adults_only", sa.Integer, nullable=False),
        sa.CheckConstraint("adults_only IN (0, 1)", name=op.f("ck_buying_limits_adults_only_is_flag")),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_buying_limits_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", name="pk_buying_limits"),
        sqlite_strict=True,
    )
    op.create_table(
        "exchange_rates",
        _int("guild_id"),
        sa.Column("currency", sa.Text, nullable=False),
        _int("rate"),
        sa.CheckConstraint("rate > 0", name=op.f("ck_exchange_rates_rate_is_positive")),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_exchange_rates_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "currency", name="pk_exchange_rates"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
