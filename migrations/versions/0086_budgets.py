"""Members may set themselves budgets, and guilds a limit for young accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0086"
down_revision = "0075"

_PERIODS = ("day", "week", "month")


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null, autoincrement=False)


def _columns(period: str) -> list[sa.Column[int]]:
    limits = [_int(f"{period}_{name}", null=True) for name in ("limit", "next", "next_ms")]
    uses = [_int(f"{period}_{name}") for name in ("start_ms", "used")]
    return [*limits, *uses, sa.Column(f"{period}_warned", sa.Integer, nullable=False)]


def _checks(period: str) -> list[sa.CheckConstraint]:
    checks = {
        "warned_is_flag": f"{period}_warned IN (0, 1)",
        "limit_is_positive": f"{period}_limit > 0",
        "used_is_not_negative": f"{period}_used >= 0",
    }
    return [sa.CheckConstraint(text, name=op.f(f"ck_budgets_{period}_{name}")) for name, text in checks.items()]


def upgrade() -> None:
    op.add_column("guilds", _int("young_limit", null=True))
    op.create_table(
        "budgets",
        *map(_int, ("guild_id", "holder_id")),
        _int("paused_until_ms", null=True),
        *(column for period in _PERIODS for column in _columns(period)),
        *(check for period in _PERIODS for check in _checks(period)),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_budgets_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "holder_id", name="pk_budgets"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
