"""Members can pool coins for a gift."""

import sqlalchemy as sa
from alembic import op

revision = "0104"
down_revision = "0106"


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, integer, nullable=null, autoincrement=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def upgrade() -> None:
    op.create_table(
        "chip_ins",
        *map(_int, ("guild_id", "chip_in_id", "channel_id", "creator_id", "item_id")),
        *map(_text, ("name", "emoji")),
        *map(_int, ("price", "opener", "opened_ms", "ends_ms", "collected")),
        *map(_text, ("state", "why")),
        _int("gift_seq"),
        _int("message_id", null=True),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_chip_ins_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "chip_in_id", name="pk_chip_ins"),
        sa.CheckConstraint("collected BETWEEN 0 AND price", name=op.f("ck_chip_ins_no_more_is_collected_than_needed")),
        sa.CheckConstraint(
            "state IN ('open', 'full', 'returning', 'sent', 'returned')", name=op.f("ck_chip_ins_state_is_known")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_chip_ins_channel", "chip_ins", ["guild_id", "channel_id"])
    op.create_table(
        "chips",
        *map(_int, ("guild_id", "seq", "chip_in_id", "holder_id", "paid", "promo")),
        sa.Column("is_test", sa.Integer, nullable=False),
        _int("at_ms"),
        sa.ForeignKeyConstraint(["guild_id", "seq"], ["journal.guild_id", "journal.seq"], name="fk_chips_guild_id_seq"),
        sa.PrimaryKeyConstraint("guild_id", "seq", name="pk_chips"),
        sa.CheckConstraint("is_test IN (0, 1)", name=op.f("ck_chips_is_test_is_flag")),
        sa.CheckConstraint(
            "paid >= 0 AND promo >= 0 AND paid + promo > 0", name=op.f("ck_chips_something_is_reserved")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_chips_chip_in", "chips", ["guild_id", "chip_in_id"])
