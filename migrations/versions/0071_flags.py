"""What looks like fraud is flagged, for staff to decide about. Guilds that exist are looked at soon."""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0057"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _of_guild(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name=f"fk_{table}_guild_id")


def upgrade() -> None:
    op.create_table(
        "flags",
        *map(_int, ("guild_id", "flag_id")),
        *map(_text, ("kind", "subject")),
        *map(_int, ("coins", "times", "opened_ms")),
        _text("note"),
        _int("opened_by"),
        _text("outcome"),
        *map(_int, ("decided_ms", "decided_by")),
        sa.Column("announced", sa.Integer, nullable=False),
        sa.CheckConstraint("announced IN (0, 1)", name=op.f("ck_flags_announced_is_flag")),
        _of_guild("flags"),
        sa.PrimaryKeyConstraint("guild_id", "flag_id", name="pk_flags"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    undecided = sa.text("outcome = ''")
    op.create_index("ix_flags_undecided", "flags", ["guild_id"], sqlite_where=undecided, postgresql_where=undecided)
    op.create_index("ix_flags_guild_id_kind_subject", "flags", ["guild_id", "kind", "subject"])
    op.create_table(
        "flag_members",
        *map(_int, ("guild_id", "flag_id", "place", "holder")),
        _of_guild("flag_members"),
        sa.PrimaryKeyConstraint("guild_id", "flag_id", "place", name="pk_flag_members"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "flag_entries",
        *map(_int, ("guild_id", "flag_id", "seq", "creator", "diamonds")),
        sa.CheckConstraint("diamonds >= 0", name=op.f("ck_flag_entries_nothing_is_owed")),
        sa.ForeignKeyConstraint(
            ["guild_id", "seq"], ["journal.guild_id", "journal.seq"], name="fk_flag_entries_guild_id_seq"
        ),
        sa.PrimaryKeyConstraint("guild_id", "flag_id", "seq", name="pk_flag_entries"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_flag_entries_guild_id_creator", "flag_entries", ["guild_id", "creator"])
    op.execute(
        "INSERT INTO deadlines (guild_id, kind, subject, at_ms, claim_ms) "
        "SELECT guild_id, 'flag_look', 0, 0, 0 FROM guilds"
    )
