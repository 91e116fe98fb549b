"""Members hear with their next reply that a gift of theirs was declined."""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0072"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


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
            "kind IN ('grant', 'creator', 'application', 'share', 'payout', 'decline')",
            name=op.f("ck_notices_kind_is_known"),
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO notices SELECT * FROM notices_before")
    op.drop_table("notices_before")
