"""Members hear of the levels that they reach, and get the roles that staff set for them."""

import sqlalchemy as sa
from alembic import op

revision = "0082"
down_revision = "0081"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def _table(name: str, columns: tuple[str, ...], key: tuple[str, ...], *more: sa.Column[str] | sa.Constraint) -> None:
    op.create_table(
        name,
        *map(_int, columns),
        *more,
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name=f"fk_{name}_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", *key, name=f"pk_{name}"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def upgrade() -> None:
    _table("standing_changes", ("guild_id", "holder", "at_ms"), ("holder",))
    _table("known_levels", ("guild_id", "holder", "level"), ("holder",))
    exists = sa.CheckConstraint("level BETWEEN 1 AND 50", name=op.f("ck_level_roles_level_exists"))
    _table("level_roles", ("guild_id", "level", "role_id"), ("level",), exists)
    _table("member_roles", ("guild_id", "holder", "role_id"), ("holder", "role_id"))
    _table("role_checks", ("guild_id", "holder", "due_ms", "failures"), ("holder",))
    op.create_index("ix_role_checks_due", "role_checks", ["guild_id", "due_ms"])
    _create_troubles()
    _let_notices_tell_of_more()


def _create_troubles() -> None:
    op.create_table(
        "role_troubles",
        *map(_int, ("guild_id", "role_id")),
        sa.Column("why", sa.Text, nullable=False),
        _int("since_ms"),
        sa.CheckConstraint(
            "why IN ('permission', 'position', 'gone', 'power', 'refused')", name=op.f("ck_role_troubles_why_is_known")
        ),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_role_troubles_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "role_id", name="pk_role_troubles"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _let_notices_tell_of_more() -> None:
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
            "kind IN ('grant', 'creator', 'application', 'share', 'payout', 'decline', 'level', 'club')",
            name=op.f("ck_notices_kind_is_known"),
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO notices SELECT * FROM notices_before")
    op.drop_table("notices_before")
