"""Purchases of products, whose provider names no order, and the orders that they pay."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null, autoincrement=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    only = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=only, postgresql_where=only)


def upgrade() -> None:
    op.create_table(
        "product_purchases",
        *map(_text, ("provider", "external_id", "product")),
        _int("member_id"),
        _text("worth"),
        _int("arrived_ms"),
        sa.Column("is_revoked", sa.Integer, nullable=False),
        _int("guild_id", null=True),
        _int("order_id", null=True),
        sa.CheckConstraint("is_revoked IN (0, 1)", name=op.f("ck_product_purchases_is_revoked_is_flag")),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_product_purchases_guild_id"),
        sa.PrimaryKeyConstraint("provider", "external_id", name="pk_product_purchases"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    _index("ix_product_purchases_unassigned", "product_purchases", ["member_id"], "guild_id IS NULL AND is_revoked = 0")
    _index("ix_orders_product", "orders", ["member_id", "product"], "product <> ''")
