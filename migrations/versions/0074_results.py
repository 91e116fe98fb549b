"""Guilds can have the results of each week and month posted."""

import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0086"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def _flag(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_results_{name}"))


def upgrade() -> None:
    op.create_table(
        "results",
        _int("guild_id"),
        sa.Column("period", sa.Text, nullable=False),
        _flag("is_on"),
        *map(_int, ("number", "channel_id", "message_id")),
        _flag("is_final"),
        _check("is_on_is_flag", "is_on IN (0, 1)"),
        _check("is_final_is_flag", "is_final IN (0, 1)"),
        _check("period_is_known", "period IN ('week', 'month')"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_results_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "period", name="pk_results"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
