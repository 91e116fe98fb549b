"""Sponsors share promo coins out in chests, under a role and minimums that a guild chooses."""

import sqlalchemy as sa
from alembic import op

revision = "0092"
down_revision = "0101"


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null, autoincrement=False)


def upgrade() -> None:
    # NULL: nothing chosen, so that only staff share coins out, and the minimums are ours.
    for name in ("sponsor_role_id", "chest_account_days", "chest_joined_hours"):
        op.add_column("guilds", _int(name, null=True))
    numbers = ("guild_id", "chest_id", "channel_id", "sponsor", "share", "shares", "opened_ms", "until_ms")
    op.create_table(
        "chests",
        *map(_int, (*numbers, "account_days", "joined_hours", "taken", "closed_seq")),
        _int("message_id", null=True),
        sa.PrimaryKeyConstraint("guild_id", "chest_id", name="pk_chests"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_chests_guild_id"),
        sa.ForeignKeyConstraint(
            ["guild_id", "chest_id"], ["journal.guild_id", "journal.seq"], name="fk_chests_guild_id_chest_id"
        ),
        sa.CheckConstraint("share > 0", name=op.f("ck_chests_share_is_positive")),
        sa.CheckConstraint("taken BETWEEN 0 AND shares", name=op.f("ck_chests_shares_are_not_passed")),
        sa.CheckConstraint("taken < shares OR closed_seq <> 0", name=op.f("ck_chests_empty_chest_is_closed")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    is_open = sa.text("closed_seq = 0")
    op.create_index(
        "ix_chests_open", "chests", ["guild_id", "sponsor"], unique=True, sqlite_where=is_open, postgresql_where=is_open
    )
