"""Buyers may withdraw where their guild allows it, and what goes back to them is remembered until it is sent."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def upgrade() -> None:
    with op.batch_alter_table("buying_limits", table_kwargs={"sqlite_strict": True}) as batch:
        batch.add_column(sa.Column("can_withdraw", sa.Integer, nullable=False, server_default="0"))
        batch.create_check_constraint(op.f("ck_buying_limits_can_withdraw_is_flag"), "can_withdraw IN (0, 1)")
    # Rows of before needed a value. New ones always name theirs.
    with op.batch_alter_table("buying_limits", table_kwargs={"sqlite_strict": True}) as batch:
        batch.alter_column("can_withdraw", server_default=None)
    op.create_table(
        "withdrawals",
        *map(_int, ("guild_id", "order_id", "coins", "amount_minor")),
        sa.Column("currency", sa.Text, nullable=False),
        _int("withdrawn_ms"),
        sa.Column("is_sent", sa.Integer, nullable=False),
        sa.CheckConstraint("is_sent IN (0, 1)", name=op.f("ck_withdrawals_is_sent_is_flag")),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_withdrawals_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "order_id", name="pk_withdrawals"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
