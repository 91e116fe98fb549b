"""Invitations to matches are rows: they can be declined, they expire, and their cards change. Recaps keep results."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null, autoincrement=False)


def upgrade() -> None:
    op.create_table(
        "match_invitations",
        *map(_int, ("guild_id", "match_id", "channel_id", "creator_id", "opponent_id", "rounds")),
        sa.Column("frozen", sa.Integer, nullable=False),
        _int("invited_ms"),
        sa.Column("answer", sa.Text, nullable=True),
        _int("message_id", null=True),
        sa.PrimaryKeyConstraint("guild_id", "match_id", name="pk_match_invitations"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_match_invitations_guild_id"),
        sa.CheckConstraint("rounds > 0", name=op.f("ck_match_invitations_invitation_has_rounds")),
        sa.CheckConstraint("frozen IN (0, 1)", name=op.f("ck_match_invitations_frozen_is_flag")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    for name in ("creator_points", "opponent_points"):
        op.add_column("live_matches", _int(name, null=True))
    op.execute(
        "ALTER TABLE live_matches ADD COLUMN decided INTEGER"
        " CONSTRAINT ck_live_matches_decided_is_flag CHECK (decided IN (0, 1))"
    )
