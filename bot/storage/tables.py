"""Every table of the books, in the words of the domain. Migrations build exactly this; a test compares the two.

Keys lead with the guild, so that one guild's rows lie together. Coins and times are integers: amounts in coins, real
money in minor units, times in milliseconds since the epoch (UTC). Only holders, creators, orders and live_events name
Discord users; everything that counts coins knows holder ids alone.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.schema import SchemaItem

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

BIG = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits on every database; SQLite's STRICT tables know it as INTEGER."""


def _int(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, BIG, nullable=null, autoincrement=False)


def _text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


def _blob(name: str) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=False)


def _flag(name: str) -> Column[int]:
    """0 or 1. Each has a CHECK beside it: STRICT tables have no boolean."""
    return Column(name, Integer, nullable=False)


def _is_flag(name: str) -> CheckConstraint:
    return CheckConstraint(f"{name} IN (0, 1)", name=f"{name}_is_flag")


def _of_guild() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"])


def _of_journal() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["guild_id", "seq"], ["journal.guild_id", "journal.seq"])


def _table(name: str, *items: SchemaItem, rowid: bool = False) -> Table:
    return Table(name, metadata, *items, sqlite_strict=True, sqlite_with_rowid=rowid)


# The guilds that have books, with their settings; left_ms is set while the bot is not a member.
guilds = _table(
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
    PrimaryKeyConstraint("guild_id"),
    CheckConstraint("share_percent BETWEEN 0 AND 100", name="share_is_percent"),
    CheckConstraint("promo_share_percent BETWEEN 0 AND 100", name="promo_share_is_percent"),
    rowid=True,
)

# Who a holder id stands for; erasing a member empties user_id and leaves every sum as it is.
holders = _table(
    "holders",
    _int("guild_id"),
    _int("holder_id"),
    _int("user_id", null=True),
    PrimaryKeyConstraint("guild_id", "holder_id"),
    UniqueConstraint("guild_id", "user_id"),
    _of_guild(),
    CheckConstraint("holder_id > 0", name="holder_is_somebody"),
)

# The end of each guild's journal: the row that a transaction locks first.
heads = _table(
    "heads",
    _int("guild_id"),
    _int("seq"),
    _blob("hash"),
    PrimaryKeyConstraint("guild_id"),
    _of_guild(),
    rowid=True,
)

# One row per transaction, gapless per guild, never changed; each holds the hash of the one before.
journal = _table(
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
    PrimaryKeyConstraint("guild_id", "seq"),
    UniqueConstraint("guild_id", "key"),
    _of_guild(),
    CheckConstraint("seq > 0", name="seq_counts_from_one"),
)

# The legs of each transaction; they sum to zero.
entries = _table(
    "entries",
    _int("guild_id"),
    _int("seq"),
    _int("leg"),
    _text("kind"),
    _int("owner"),
    _int("amount"),
    PrimaryKeyConstraint("guild_id", "seq", "leg"),
    _of_journal(),
    CheckConstraint("amount <> 0", name="amount_moves"),
)
MEMBERS_OWN = text("owner <> 0")
Index(None, entries.c.guild_id, entries.c.owner, entries.c.seq, sqlite_where=MEMBERS_OWN, postgresql_where=MEMBERS_OWN)

# What somebody wrote with a transaction: beside the journal, because it may have to be erased.
notes = _table(
    "notes",
    _int("guild_id"),
    _int("seq"),
    _text("text"),
    PrimaryKeyConstraint("guild_id", "seq"),
    _of_journal(),
)

# What each account holds: the sum of its entries, kept in the same transaction.
balances = _table(
    "balances",
    _int("guild_id"),
    _int("owner"),
    _text("kind"),
    _int("amount"),
    PrimaryKeyConstraint("guild_id", "owner", "kind"),
    CheckConstraint("amount >= 0 OR kind IN ('sold', 'granted')", name="amount_is_covered"),
)

# The lines of every leaderboard: sums over the gifts, kept in the same transaction.
standings = _table(
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
    PrimaryKeyConstraint("guild_id", "board", "scope", "period", "bucket", "subject"),
    CheckConstraint("coins > 0 AND pieces > 0", name="something_given"),
)
Index(
    "ix_standings_order",
    standings.c.guild_id,
    standings.c.board,
    standings.c.scope,
    standings.c.period,
    standings.c.bucket,
    standings.c.coins.desc(),
    standings.c.last_seq,
)

# What can be sent in a guild.
gift_items = _table(
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
    PrimaryKeyConstraint("guild_id", "item_id"),
    _of_guild(),
    CheckConstraint("price > 0", name="price_is_positive"),
    CheckConstraint("stock >= 0", name="stock_is_left"),
    _is_flag("live_only"),
    _is_flag("archived"),
)

# What can be bought in a guild.
packages = _table(
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
    PrimaryKeyConstraint("guild_id", "package_id"),
    _of_guild(),
    CheckConstraint("coins > 0", name="coins_are_positive"),
    CheckConstraint("price_minor > 0", name="price_is_positive"),
    CheckConstraint("bonus_percent >= 0", name="bonus_is_not_negative"),
    _is_flag("archived"),
)

# Who may receive gifts; removed_ms is set for those who may no longer.
creators = _table(
    "creators",
    _int("guild_id"),
    _int("member_id"),
    _int("approved_by"),
    _int("approved_ms"),
    _int("removed_ms", null=True),
    PrimaryKeyConstraint("guild_id", "member_id"),
    _of_guild(),
)

# Creators' shows; at most one that runs per creator and per channel.
live_events = _table(
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
    PrimaryKeyConstraint("guild_id", "event_id"),
    _of_guild(),
    CheckConstraint("ends_ms > started_ms", name="event_lasts"),
    CheckConstraint("goal > 0", name="goal_is_positive"),
)
_runs = text("ended_ms IS NULL")
for _name, _columns in (
    ("uq_live_events_running_creator", (live_events.c.guild_id, live_events.c.creator_id)),
    ("uq_live_events_running_channel", (live_events.c.guild_id, live_events.c.channel_id)),
):
    Index(_name, *_columns, unique=True, sqlite_where=_runs, postgresql_where=_runs)
Index("ix_live_events_due", live_events.c.ends_ms, sqlite_where=_runs, postgresql_where=_runs)

# Purchases, from the buyer's yes to the coins; reply_token edits the buyer's panel and is soon forgotten.
orders = _table(
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
    PrimaryKeyConstraint("guild_id", "order_id"),
    ForeignKeyConstraint(["guild_id", "package_id"], ["packages.guild_id", "packages.package_id"]),
    CheckConstraint("coins > 0", name="coins_are_positive"),
    CheckConstraint("price_minor > 0", name="price_is_positive"),
    _is_flag("test"),
)
Index(None, orders.c.order_id)
Index(None, orders.c.guild_id, orders.c.member_id, orders.c.package_id)
# Queries use this very text: a partial index serves no other spelling, bound values least of all.
UNDECIDED = text("state IN ('open', 'pending')")
Index("ix_orders_waiting", orders.c.provider, orders.c.consented_ms, sqlite_where=UNDECIDED, postgresql_where=UNDECIDED)
_holds_token = text("reply_token IS NOT NULL")
Index("ix_orders_reply_token", orders.c.consented_ms, sqlite_where=_holds_token, postgresql_where=_holds_token)

# How far each follower of a journal (the announcer, say) has come.
cursors = _table(
    "cursors",
    _int("guild_id"),
    _text("follower"),
    _int("seq"),
    PrimaryKeyConstraint("guild_id", "follower"),
    _of_guild(),
)

# What payment providers told us, recorded before anything is done about it.
webhook_events = _table(
    "webhook_events",
    _text("provider"),
    _text("event_id"),
    _text("body"),
    _int("received_ms"),
    _int("handled_ms", null=True),
    PrimaryKeyConstraint("provider", "event_id"),
)
_unhandled = text("handled_ms IS NULL")
Index(
    "ix_webhook_events_unhandled",
    webhook_events.c.provider,
    webhook_events.c.received_ms,
    sqlite_where=_unhandled,
    postgresql_where=_unhandled,
)

# Small facts that outlive the process.
marks = _table(
    "marks",
    _text("name"),
    _text("value"),
    PrimaryKeyConstraint("name"),
)
