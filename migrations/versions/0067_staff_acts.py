"""What staff do is kept, with who did it and what it changed from and to."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0050"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def upgrade() -> None:
    op.create_table(
        "staff_acts",
        *map(_int, ("guild_id", "number", "actor")),
        *map(_text, ("kind", "subject")),
        _int("holder"),
        *map(_text, ("before_values", "after_values", "reason")),
        *map(_int, ("seq", "at_ms")),
        sa.CheckConstraint("number > 0", name=op.f("ck_staff_acts_number_counts_from_one")),
        sa.CheckConstraint("seq >= 0", name=op.f("ck_staff_acts_seq_is_a_row")),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_staff_acts_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "number", name="pk_staff_acts"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_staff_acts_guild_id_holder", "staff_acts", ["guild_id", "holder"])
