"""Orders are named with their guild, buyers are told of every state, and staff of payments that no rule decides."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null)


def _flag(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(name))


def _table(name: str, *items: sa.schema.SchemaItem) -> None:
    op.create_table(name, *items, sqlite_strict=True, sqlite_with_rowid=False)


def _index(name: str, table: str, columns: list[str], where: str | None = None) -> None:
    only = None if where is None else sa.text(where)
    op.create_index(name, table, columns, sqlite_where=only, postgresql_where=only)


def upgrade() -> None:
    op.execute("CREATE TABLE orders_before AS SELECT * FROM orders")
    op.drop_table("orders")
    _create_orders()
    _fill_orders()
    _create_bare_references()
    op.drop_table("orders_before")
    _create_cases()


def _create_orders() -> None:
    _table(
        "orders",
        *map(_int, ("guild_id", "order_id", "member_id", "package_id", "coins", "price_minor")),
        _text("currency"),
        _text("provider"),
        _flag("test"),
        _int("consented_ms"),
        *map(_text, ("state", "external_id", "told", "locale")),
        _text("reply_token", null=True),
        _check("ck_orders_coins_are_positive", "coins > 0"),
        _check("ck_orders_price_is_positive", "price_minor > 0"),
        _check("ck_orders_test_is_flag", "test IN (0, 1)"),
        sa.ForeignKeyConstraint(
            ["guild_id", "package_id"],
            ["packages.guild_id", "packages.package_id"],
            name="fk_orders_guild_id_package_id",
        ),
        sa.PrimaryKeyConstraint("guild_id", "order_id", name="pk_orders"),
    )
    _index("ix_orders_guild_id_member_id_package_id", "orders", ["guild_id", "member_id", "package_id"])
    _index("ix_orders_reply_token", "orders", ["consented_ms"], "reply_token IS NOT NULL")


def _fill_orders() -> None:
    """Keep every order. The reader's language stood before the token; no token meant that the buyer had been told."""
    colon = "strpos" if op.get_bind().dialect.name == "postgresql" else "instr"
    op.execute(
        f"""
        INSERT INTO orders
        SELECT guild_id, order_id, member_id, package_id, coins, price_minor, currency, provider, test, consented_ms,
               state, external_id,
               CASE WHEN reply_token IS NULL THEN state ELSE '' END,
               CASE WHEN {colon}(reply_token, ':') > 1 THEN substr(reply_token, 1, {colon}(reply_token, ':') - 1)
                    ELSE 'en-US' END,
               CASE WHEN reply_token IS NOT NULL THEN substr(reply_token, {colon}(reply_token, ':') + 1) END
        FROM orders_before
        """  # noqa: S608 - a function's name
    )


def _create_bare_references() -> None:
    """Keep the guilds of the orders so far: their provider knows them by their id alone."""
    _table(
        "bare_references",
        _int("order_id"),
        _int("guild_id"),
        sa.PrimaryKeyConstraint("order_id", "guild_id", name="pk_bare_references"),
    )
    op.execute("INSERT INTO bare_references SELECT order_id, guild_id FROM orders_before")


def _create_cases() -> None:
    _table(
        "payment_cases",
        _int("guild_id"),
        *map(_text, ("provider", "external_id", "kind")),
        _int("order_id"),
        _int("amount_minor"),
        _text("currency"),
        _int("opened_ms"),
        _flag("announced"),
        _flag("reported"),
        sa.PrimaryKeyConstraint("guild_id", "provider", "external_id", "kind", name="pk_payment_cases"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_payment_cases_guild_id"),
        _check("ck_payment_cases_announced_is_flag", "announced IN (0, 1)"),
        _check("ck_payment_cases_reported_is_flag", "reported IN (0, 1)"),
    )
    _index("ix_payment_cases_unannounced", "payment_cases", ["guild_id"], "announced = 0")
    _index("ix_payment_cases_unreported", "payment_cases", ["guild_id"], "reported = 0")
