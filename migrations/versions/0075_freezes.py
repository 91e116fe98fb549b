"""Members can be frozen while a case is open."""

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0073"


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, integer, nullable=null, autoincrement=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def upgrade() -> None:
    # NULL: nobody is frozen.
    op.add_column("guilds", _int("frozen_since_ms", null=True))
    op.create_table(
        "freezes",
        *map(_int, ("guild_id", "holder")),
        _text("case_type"),
        _int("case_number"),
        _text("reason"),
        *map(_int, ("since_ms", "frozen_by")),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_freezes_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "holder", "case_type", "case_number", name="pk_freezes"),
        sa.CheckConstraint("case_type IN ('payment', 'flag')", name=op.f("ck_freezes_case_type_is_known")),
        sa.CheckConstraint("holder <> frozen_by", name=op.f("ck_freezes_nobody_freezes_themselves")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_freezes_case", "freezes", ["guild_id", "case_type", "case_number"])
