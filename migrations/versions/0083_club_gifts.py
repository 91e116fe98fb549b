"""A gift of the catalogue may let its sender join the creator's fan club. Warm Hearts do from now on.

Who is in a club is counted from the journal. Gifts that were sent before joined none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0083"
down_revision = "0079"

_FLAGS = ("live_only", "archived", "fans_only", "joins_club")


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, integer, nullable=null, autoincrement=False)


def _flag(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_gift_items_{name}"))


def upgrade() -> None:
    op.execute("CREATE TABLE gift_items_before AS SELECT * FROM gift_items")
    op.drop_table("gift_items")
    op.create_table(
        "gift_items",
        *map(_int, ("guild_id", "item_id")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("name", "emoji")),
        _int("price"),
        *(_int(name, null=True) for name in ("from_ms", "until_ms", "stock")),
        *map(_flag, ("live_only", "archived")),
        *(sa.Column(name, sa.Text, nullable=True) for name in ("own_tier", "picture")),
        *map(_flag, ("fans_only", "joins_club")),
        _check("price_is_positive", "price > 0"),
        _check("stock_is_left", "stock >= 0"),
        *(_check(f"{name}_is_flag", f"{name} IN (0, 1)") for name in _FLAGS),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_gift_items_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "item_id", name="pk_gift_items"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO gift_items SELECT guild_id, item_id, name, emoji, price, from_ms, until_ms, stock, live_only, "
        "archived, own_tier, picture, fans_only, CASE WHEN item_id = 3 AND name = 'Warm Heart' THEN 1 ELSE 0 END "
        "FROM gift_items_before"
    )
    op.drop_table("gift_items_before")
    op.create_table(
        "club_hearts",
        *map(_int, ("guild_id", "gifter", "creator", "hearts")),
        sa.CheckConstraint("hearts >= 0", name=op.f("ck_club_hearts_no_more_is_taken_than_given")),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_club_hearts_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "gifter", "creator", name="pk_club_hearts"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
