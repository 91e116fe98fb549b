"""Test coins have accounts of their own, and a guild knows since when its members can pay with real money."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null, autoincrement=False)


def upgrade() -> None:
    op.add_column("guilds", _int("money_since_ms", null=True))
    # SQLite cannot change a CHECK in place.
    op.execute("CREATE TABLE balances_before AS SELECT * FROM balances")
    op.drop_table("balances")
    op.create_table(
        "balances",
        *map(_int, ("guild_id", "owner")),
        sa.Column("kind", sa.Text, nullable=False),
        _int("amount"),
        sa.PrimaryKeyConstraint("guild_id", "owner", "kind", name="pk_balances"),
        sa.CheckConstraint(
            "amount >= 0 OR kind IN ('sold', 'granted', 'debt', 'test_sold', 'test_debt')",
            name=op.f("ck_balances_amount_is_covered"),
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO balances (guild_id, owner, kind, amount) SELECT guild_id, owner, kind, amount FROM balances_before"
    )
    op.drop_table("balances_before")
