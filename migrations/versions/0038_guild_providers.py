"""A guild chooses among payment providers, and an order keeps what its package was called there."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null)


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(name))


def _index(name: str, table: str, columns: list[str], where: str | None = None) -> None:
    only = None if where is None else sa.text(where)
    op.create_index(name, table, columns, sqlite_where=only, postgresql_where=only)


def upgrade() -> None:
    op.create_table(
        "guild_providers",
        _int("guild_id"),
        _text("provider"),
        sa.Column("is_on", sa.Integer, nullable=False),
        _text("account"),
        _text("secret_hash"),
        _check("ck_guild_providers_is_on_is_flag", "is_on IN (0, 1)"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_guild_providers_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "provider", name="pk_guild_providers"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    _index("ix_guild_providers_secret_hash", "guild_providers", ["secret_hash"], "secret_hash <> ''")
    op.execute("CREATE TABLE orders_before AS SELECT * FROM orders")
    op.drop_table("orders")
    _create_orders()
    op.execute("INSERT INTO orders SELECT *, '' FROM orders_before")
    op.drop_table("orders_before")


def _create_orders() -> None:
    op.create_table(
        "orders",
        *map(_int, ("guild_id", "order_id", "member_id", "package_id", "coins", "price_minor")),
        _text("currency"),
        _text("provider"),
        sa.Column("test", sa.Integer, nullable=False),
        _int("consented_ms"),
        *map(_text, ("state", "external_id", "told", "locale")),
        _text("reply_token", null=True),
        _int("consent_version"),
        _text("report"),
        _int("refunded_minor"),
        _text("product"),
        _check("ck_orders_coins_are_positive", "coins > 0"),
        _check("ck_orders_price_is_positive", "price_minor > 0"),
        _check("ck_orders_test_is_flag", "test IN (0, 1)"),
        sa.ForeignKeyConstraint(
            ["guild_id", "package_id"],
            ["packages.guild_id", "packages.package_id"],
            name="fk_orders_guild_id_package_id",
        ),
        sa.PrimaryKeyConstraint("guild_id", "order_id", name="pk_orders"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    _index("ix_orders_guild_id_member_id_package_id", "orders", ["guild_id", "member_id", "package_id"])
    _index("ix_orders_external_id", "orders", ["external_id"])
    _index("ix_orders_reply_token", "orders", ["consented_ms"], "reply_token IS NOT NULL")
