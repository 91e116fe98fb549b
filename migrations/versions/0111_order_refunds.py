"""What went back of payments is kept with its time, so that a month that is over keeps its sums."""

import sqlalchemy as sa
from alembic import op

revision = "0111"
down_revision = "0110"


def upgrade() -> None:
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "order_refunds",
        *(
            sa.Column(name, integer, nullable=False, autoincrement=False)
            for name in ("guild_id", "order_id", "at_ms", "refunded_minor")
        ),
        sa.PrimaryKeyConstraint("guild_id", "order_id", "at_ms", name="pk_order_refunds"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_order_refunds_guild_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    # Nobody knows when. Proofs of that time have always counted it in the month of the order.
    op.execute(
        "INSERT INTO order_refunds (guild_id, order_id, at_ms, refunded_minor) "
        "SELECT guild_id, order_id, consented_ms, refunded_minor FROM orders WHERE refunded_minor > 0"
    )
