"""A gift may go out with the coins of an order, which its buyer bought for it."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def upgrade() -> None:
    op.create_table(
        "planned_gifts",
        *map(_int, ("guild_id", "order_id", "creator_id", "item_id")),
        *map(_text, ("name", "emoji")),
        *map(_int, ("quantity", "ceiling")),
        sa.Column("anonymous", sa.Integer, nullable=False),
        *map(_int, ("channel_id", "message_id")),
        _text("note"),
        _int("until_ms"),
        _text("lapse"),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_planned_gifts_gift_has_pieces")),
        sa.CheckConstraint("anonymous IN (0, 1)", name=op.f("ck_planned_gifts_anonymous_is_flag")),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_planned_gifts_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "order_id", name="pk_planned_gifts"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
