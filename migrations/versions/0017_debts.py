"""Members can owe coins: an account of theirs may be below zero."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def upgrade() -> None:
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
            "amount >= 0 OR kind IN ('sold', 'granted', 'debt')", name=op.f("ck_balances_amount_is_covered")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO balances (guild_id, owner, kind, amount) SELECT guild_id, owner, kind, amount FROM balances_before"
    )
    op.drop_table("balances_before")
