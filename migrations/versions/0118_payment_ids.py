"""Orders know what else their provider calls a payment, and events that came to nothing, how many cases they made."""

import sqlalchemy as sa
from alembic import op

revision = "0118"
down_revision = "0117"


def upgrade() -> None:
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "payment_ids",
        sa.Column("guild_id", integer, nullable=False, autoincrement=False),
        sa.Column("provider", sa.Text, nullable=False),
        sa.Column("other_id", sa.Text, nullable=False),
        sa.Column("order_id", integer, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("guild_id", "provider", "other_id"),
        sa.ForeignKeyConstraint(["guild_id", "order_id"], ["orders.guild_id", "orders.order_id"]),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_payment_ids_other_id", "payment_ids", ["other_id"])
    op.add_column("webhook_events", sa.Column("cases", integer, autoincrement=False))
