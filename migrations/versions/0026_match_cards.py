"""Cards of matches are edited in the form in which they were posted: those that stand in channels are embeds."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null, autoincrement=False)


def upgrade() -> None:
    # SQLite adds no column without a default, and the tables have none.
    op.execute("CREATE TABLE match_invitations_before AS SELECT * FROM match_invitations")
    op.drop_table("match_invitations")
    op.create_table(
        "match_invitations",
        *map(_int, ("guild_id", "match_id", "channel_id", "creator_id", "opponent_id", "rounds")),
        sa.Column("frozen", sa.Integer, nullable=False),
        _int("invited_ms"),
        sa.Column("answer", sa.Text, nullable=True),
        _int("message_id", null=True),
        sa.Column("is_layout", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "match_id", name="pk_match_invitations"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_match_invitations_guild_id"),
        sa.CheckConstraint("rounds > 0", name=op.f("ck_match_invitations_invitation_has_rounds")),
        sa.CheckConstraint("frozen IN (0, 1)", name=op.f("ck_match_invitations_frozen_is_flag")),
        sa.CheckConstraint("is_layout IN (0, 1)", name=op.f("ck_match_invitations_is_layout_is_flag")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    # What was not posted yet will be a layout.
    op.execute(
        "INSERT INTO match_invitations"
        " SELECT *, CASE WHEN message_id IS NULL THEN 1 ELSE 0 END FROM match_invitations_before"
    )
    op.drop_table("match_invitations_before")
