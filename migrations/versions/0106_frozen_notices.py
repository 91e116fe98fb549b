"""Members are told that they are frozen, and creators on the staff which rules concern them."""

import sqlalchemy as sa
from alembic import op

revision = "0106"
down_revision = "0103"


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null, autoincrement=False)


def upgrade() -> None:
    op.add_column("creators", _int("staff_told_ms", null=True))
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
            "'earnings', 'perk', 'ticket', 'freeze', 'staff_creator')",
            name=op.f("ck_notices_kind_is_known"),
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO notices SELECT * FROM notices_before")
    op.drop_table("notices_before")
    # Who is frozen already is told, too.
    op.execute(
        "INSERT INTO notices SELECT DISTINCT guild_id, holder, 'freeze', 0, min(since_ms) FROM freezes "
        "GROUP BY guild_id, holder"
    )
