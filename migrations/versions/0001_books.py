"""The books: guilds, holders, the journal and its projections, the shop, live events and orders."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null, autoincrement=False)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null)


def _blob(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, nullable=False)


def _flag(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(name))


def _table(name: str, *items: sa.schema.SchemaItem, rowid: bool = False) -> None:
    op.create_table(name, *items, sqlite_strict=True, sqlite_with_rowid=rowid)


def _index(name: str, table: str, columns: list[Any], *, unique: bool = False, where: str | None = None) -> None:
    only = None if where is None else sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=only, postgresql_where=only)


def upgrade() -> None:
    _create_guilds()
    _create_journal()
    _create_projections()
    _create_shop()
    _create_payments()
    _create_events()


def _create_guilds() -> None:
    _table(
        "guilds",
        _int("guild_id"),
        _int("gift_channel_id"),
        _int("share_percent"),
        _int("promo_share_percent"),
        _int("confirm_above"),
        _text("time_zone"),
        _int("manager_role_id"),
        _int("host_role_id"),
        _int("treasurer_role_id"),
        _int("auditor_role_id"),
        _int("joined_ms"),
        _int("left_ms", null=True),
        _check("ck_guilds_promo_share_is_percent", "promo_share_percent BETWEEN 0 AND 100"),
        _check("ck_guilds_share_is_percent", "share_percent BETWEEN 0 AND 100"),
        sa.PrimaryKeyConstraint("guild_id", name="pk_guilds"),
        rowid=True,
    )
    _table(
        "holders",
        _int("guild_id"),
        _int("holder_id"),
        _int("user_id", null=True),
        _check("ck_holders_holder_is_somebody", "holder_id > 0"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_holders_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "holder_id", name="pk_holders"),
        sa.UniqueConstraint("guild_id", "user_id", name="uq_holders_guild_id_user_id"),
    )
    _table(
        "creators",
        _int("guild_id"),
        _int("member_id"),
        _int("approved_by"),
        _int("approved_ms"),
        _int("removed_ms", null=True),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_creators_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "member_id", name="pk_creators"),
    )


def _create_journal() -> None:
    _table(
        "heads",
        _int("guild_id"),
        _int("seq"),
        _blob("hash"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_heads_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", name="pk_heads"),
        rowid=True,
    )
    _table(
        "journal",
        _int("guild_id"),
        _int("seq"),
        _text("kind"),
        _text("key"),
        _int("actor"),
        _int("at_ms"),
        _text("body"),
        _blob("previous"),
        _blob("hash"),
        _check("ck_journal_seq_counts_from_one", "seq > 0"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_journal_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "seq", name="pk_journal"),
        sa.UniqueConstraint("guild_id", "key", name="uq_journal_guild_id_key"),
    )
    _table(
        "entries",
        _int("guild_id"),
        _int("seq"),
        _int("leg"),
        _text("kind"),
        _int("owner"),
        _int("amount"),
        _check("ck_entries_amount_moves", "amount <> 0"),
        sa.ForeignKeyConstraint(
            ["guild_id", "seq"], ["journal.guild_id", "journal.seq"], name="fk_entries_guild_id_seq"
        ),
        sa.PrimaryKeyConstraint("guild_id", "seq", "leg", name="pk_entries"),
    )
    _index("ix_entries_guild_id_owner_seq", "entries", ["guild_id", "owner", "seq"], where="owner <> 0")
    _table(
        "notes",
        _int("guild_id"),
        _int("seq"),
        _text("text"),
        sa.ForeignKeyConstraint(["guild_id", "seq"], ["journal.guild_id", "journal.seq"], name="fk_notes_guild_id_seq"),
        sa.PrimaryKeyConstraint("guild_id", "seq", name="pk_notes"),
    )


def _create_projections() -> None:
    _table(
        "balances",
        _int("guild_id"),
        _int("owner"),
        _text("kind"),
        _int("amount"),
        _check("ck_balances_amount_is_covered", "amount >= 0 OR kind IN ('sold', 'granted')"),
        sa.PrimaryKeyConstraint("guild_id", "owner", "kind", name="pk_balances"),
    )
    _table(
        "standings",
        _int("guild_id"),
        _text("board"),
        _int("scope"),
        _text("period"),
        _int("bucket"),
        _int("subject"),
        _int("coins"),
        _int("pieces"),
        _int("last_seq"),
        _check("ck_standings_something_given", "coins > 0 AND pieces > 0"),
        sa.PrimaryKeyConstraint("guild_id", "board", "scope", "period", "bucket", "subject", name="pk_standings"),
    )
    _index(
        "ix_standings_order",
        "standings",
        ["guild_id", "board", "scope", "period", "bucket", sa.literal_column("coins DESC"), "last_seq"],
    )


def _create_shop() -> None:
    _table(
        "gift_items",
        _int("guild_id"),
        _int("item_id"),
        _text("name"),
        _text("emoji"),
        _int("price"),
        _int("from_ms", null=True),
        _int("until_ms", null=True),
        _int("stock", null=True),
        _flag("live_only"),
        _flag("archived"),
        _check("ck_gift_items_archived_is_flag", "archived IN (0, 1)"),
        _check("ck_gift_items_live_only_is_flag", "live_only IN (0, 1)"),
        _check("ck_gift_items_price_is_positive", "price > 0"),
        _check("ck_gift_items_stock_is_left", "stock >= 0"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_gift_items_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "item_id", name="pk_gift_items"),
    )
    _table(
        "packages",
        _int("guild_id"),
        _int("package_id"),
        _int("coins"),
        _int("price_minor"),
        _text("currency"),
        _int("bonus_percent"),
        _text("reference"),
        _int("limit", null=True),
        _int("position"),
        _flag("archived"),
        _check("ck_packages_archived_is_flag", "archived IN (0, 1)"),
        _check("ck_packages_bonus_is_not_negative", "bonus_percent >= 0"),
        _check("ck_packages_coins_are_positive", "coins > 0"),
        _check("ck_packages_price_is_positive", "price_minor > 0"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_packages_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "package_id", name="pk_packages"),
    )


def _create_payments() -> None:
    _table(
        "orders",
        _int("guild_id"),
        _int("order_id"),
        _int("member_id"),
        _int("package_id"),
        _int("coins"),
        _int("price_minor"),
        _text("currency"),
        _text("provider"),
        _flag("test"),
        _int("consented_ms"),
        _text("state"),
        _text("external_id"),
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
    _index("ix_orders_order_id", "orders", ["order_id"])
    _index("ix_orders_reply_token", "orders", ["consented_ms"], where="reply_token IS NOT NULL")
    _index("ix_orders_waiting", "orders", ["provider", "consented_ms"], where="state IN ('open', 'pending')")
    _table(
        "webhook_events",
        _text("provider"),
        _text("event_id"),
        _text("body"),
        _int("received_ms"),
        _int("handled_ms", null=True),
        sa.PrimaryKeyConstraint("provider", "event_id", name="pk_webhook_events"),
    )
    _index("ix_webhook_events_unhandled", "webhook_events", ["provider", "received_ms"], where="handled_ms IS NULL")


def _create_events() -> None:
    _table(
        "live_events",
        _int("guild_id"),
        _int("event_id"),
        _int("channel_id"),
        _int("creator_id"),
        _text("title"),
        _int("goal", null=True),
        _int("started_ms"),
        _int("ends_ms"),
        _int("ended_ms", null=True),
        _check("ck_live_events_event_lasts", "ends_ms > started_ms"),
        _check("ck_live_events_goal_is_positive", "goal > 0"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_live_events_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "event_id", name="pk_live_events"),
    )
    _index("ix_live_events_due", "live_events", ["ends_ms"], where="ended_ms IS NULL")
    _index(
        "uq_live_events_running_channel",
        "live_events",
        ["guild_id", "channel_id"],
        unique=True,
        where="ended_ms IS NULL",
    )
    _index(
        "uq_live_events_running_creator",
        "live_events",
        ["guild_id", "creator_id"],
        unique=True,
        where="ended_ms IS NULL",
    )
    _table(
        "cursors",
        _int("guild_id"),
        _text("follower"),
        _int("seq"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_cursors_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "follower", name="pk_cursors"),
    )
    _table("marks", _text("name"), _text("value"), sa.PrimaryKeyConstraint("name", name="pk_marks"))
