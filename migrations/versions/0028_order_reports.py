"""An order keeps what its provider last reported, how much was paid back, and the payment that credited it."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


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
    op.execute("CREATE TABLE orders_before AS SELECT * FROM orders")
    op.drop_table("orders")
    _create_orders()
    # The payment that credited an order may be another than the one whose checkout was opened last.
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    external = "journal.body::json ->> 'external'" if is_postgresql else "json_extract(journal.body, '$.external')"
    op.execute(
        """
        INSERT INTO orders
        SELECT o.guild_id, o.order_id, member_id, package_id, coins, price_minor, currency, provider, test,
               consented_ms,
               CASE WHEN state = 'open' AND external_id = '' THEN 'created' ELSE state END,
               coalesce(EXTERNAL, external_id), told, locale, reply_token, consent_version, '', 0
        FROM orders_before AS o
        LEFT JOIN journal
               ON journal.guild_id = o.guild_id AND journal.kind = 'order'
              AND journal.key = 'order:' || CAST(o.order_id AS TEXT)
        """.replace("EXTERNAL", external)
    )
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
