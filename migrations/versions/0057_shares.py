"""A lower share starts later, and what has changed about shares is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0068"


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, integer, nullable=null, autoincrement=False)


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_share_changes_{name}"))


def upgrade() -> None:
    # NULL is what every guild has: nothing is planned.
    for name in ("next_share_percent", "next_share_ms", "next_promo_share_percent", "next_promo_share_ms"):
        op.add_column("guilds", _int(name, null=True))
    op.create_table(
        "share_changes",
        *map(_int, ("guild_id", "number")),
        sa.Column("kind", sa.Text, nullable=False),
        *map(_int, ("from_percent", "to_percent", "changed_ms", "changed_by", "starts_ms")),
        _int("replaced_ms", null=True),
        sa.Column("announced", sa.Integer, nullable=False),
        _check("kind_is_known", "kind IN ('bought', 'promo')"),
        _check("announced_is_flag", "announced IN (0, 1)"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_share_changes_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "number", name="pk_share_changes"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    untold = sa.text("announced = 0")
    op.create_index(
        "ix_share_changes_unannounced", "share_changes", ["guild_id"], sqlite_where=untold, postgresql_where=untold
    )
