"""Creators get a recap of each week, unless they do not want any. Guilds that exist begin with the week that runs."""

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0082"


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, integer, nullable=null, autoincrement=False)


def upgrade() -> None:
    # NULL is what everybody has: nothing was sent, and nothing is decided.
    op.add_column("guilds", _int("creator_week", null=True))
    op.add_column("creators", _int("recap_week", null=True))
    op.add_column("creators", _int("recaps_off_ms", null=True))
    op.execute(
        "INSERT INTO deadlines (guild_id, kind, subject, at_ms, claim_ms) "
        "SELECT guild_id, 'creator_week', 0, 0, 0 FROM guilds"
    )
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
            "kind IN ('grant', 'creator', 'application', 'share', 'payout', 'decline', 'level', 'club', 'week')",
            name=op.f("ck_notices_kind_is_known"),
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO notices SELECT * FROM notices_before")
    op.drop_table("notices_before")
