"""Members can unlock perks: roles, channels, texts, files and shout-outs."""

import sqlalchemy as sa
from alembic import op

revision = "0098"
down_revision = "0095"


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null, autoincrement=False)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null)


def _table(name: str, *items: sa.Column[int] | sa.Column[str] | sa.Column[bytes] | sa.Constraint, key: str) -> None:
    op.create_table(
        name,
        _int("guild_id"),
        *items,
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name=f"fk_{name}_guild_id"),
        sa.PrimaryKeyConstraint(*filter(None, ("guild_id", key)), name=f"pk_{name}"),
        sqlite_strict=True,
        sqlite_with_rowid=name == "perk_files",
    )


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    _table(
        "perks",
        _int("perk_id"),
        *map(_text, ("name", "emoji", "kind", "way")),
        *map(_int, ("needs", "made_ms", "creator")),
        _text("about"),
        *map(_int, ("role_id", "channel_id")),
        *map(_text, ("text", "file")),
        *(_int(name, null=True) for name in ("days", "stock", "each")),
        _text("restock", null=True),
        *(_int(name, null=True) for name in ("restock_to", "restock_ms")),
        sa.Column("archived", sa.Integer, nullable=False),
        _check("perks", "kind_is_known", "kind IN ('role', 'channel', 'text', 'file', 'shoutout')"),
        _check("perks", "way_is_known", "way IN ('coins', 'tier', 'level', 'club')"),
        _check("perks", "restock_is_known", "restock IN ('day', 'week', 'month')"),
        _check("perks", "needs_are_not_negative", "needs >= 0"),
        _check("perks", "stock_is_left", "stock >= 0"),
        _check("perks", "archived_is_flag", "archived IN (0, 1)"),
        key="perk_id",
    )
    _table("perk_files", _int("perk_id"), sa.Column("content", sa.LargeBinary, nullable=False), key="perk_id")
    _create_unlocks()
    _table("perk_panels", *map(_int, ("channel_id", "message_id")), key="")
    _let_notices_tell_of_perks()


def _create_unlocks() -> None:
    _table(
        "perk_unlocks",
        *map(_int, ("unlock_id", "perk_id", "holder")),
        _text("state"),
        *map(_int, ("at_ms", "from_ms")),
        _int("until_ms", null=True),
        *map(_int, ("row", "coins")),
        _text("note"),
        _int("changed_ms"),
        _check("perk_unlocks", "state_is_known", "state IN ('open', 'doing', 'done', 'reversed', 'over')"),
        key="unlock_id",
    )
    for name, column, condition in (
        ("holder", "holder", None),
        ("undelivered", "perk_id", "state IN ('open', 'doing')"),
        ("row", "row", "row <> 0"),
    ):
        where = sa.text(condition) if condition else None
        columns = ["guild_id", column, *(["perk_id"] if name == "holder" else [])]
        op.create_index(f"ix_perk_unlocks_{name}", "perk_unlocks", columns, sqlite_where=where, postgresql_where=where)


def _let_notices_tell_of_perks() -> None:
    op.execute("CREATE TABLE notices_before AS SELECT * FROM notices")
    op.drop_table("notices")
    op.create_table(
        "notices",
        *map(_int, ("guild_id", "holder_id")),
        _text("kind"),
        *map(_int, ("number", "since_ms")),
        sa.PrimaryKeyConstraint("guild_id", "holder_id", "kind", "number", name="pk_notices"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_notices_guild_id"),
        _check(
            "notices",
            "kind_is_known",
            "kind IN ('grant', 'creator', 'application', 'share', 'payout', 'decline', 'level', 'club', 'week', "
            "'earnings', 'perk', 'ticket')",
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO notices SELECT * FROM notices_before")
    op.drop_table("notices_before")
