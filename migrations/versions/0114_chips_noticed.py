"""Members are told that coins which they had chipped in are back."""

import sqlalchemy as sa
from alembic import op

revision = "0114"
down_revision = "0113"


def _int(name: str) -> sa.Column[int]:
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, integer, nullable=False, autoincrement=False)


def upgrade() -> None:
    op.execute("CREATE TABLE notices_before AS SELECT * FROM notices")
    op.drop_table("notices")
    op.create_table(
        "notices",
        *map(_int, ("guild_id", "holder_id")),
        sa.Column("kind", sa.Text, nullable=False),
        *map(_int, ("number", "since_ms")),
        sa.PrimaryKeyConstraint("guild_id", "holder_id", "kind", "number", name="pk_notices"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_notices_guild_id"),
        sa.CheckConstraint(
            "kind IN ('grant', 'creator', 'application', 'share', 'payout', 'decline', 'level', 'club', 'week', "
            "'earnings', 'perk', 'ticket', 'freeze', 'staff_creator', 'chip')",
            name=op.f("ck_notices_kind_is_known"),
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO notices SELECT * FROM notices_before")
    op.drop_table("notices_before")
