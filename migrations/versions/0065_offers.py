"""Staff offer promo coins by codes and buttons."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null, autoincrement=False)


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null)


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_offers_{name}"))


def upgrade() -> None:
    op.create_table(
        "offers",
        *map(_int, ("guild_id", "offer_id")),
        *(_text("kind"), _text("code"), _text("plain_code", null=True)),
        *map(_int, ("role_id", "coins")),
        _int("uses", null=True),
        *map(_int, ("claims", "account_days", "until_ms", "giver")),
        sa.Column("is_revoked", sa.Integer, nullable=False),
        _check("is_revoked_is_flag", "is_revoked IN (0, 1)"),
        _check("kind_is_known", "kind IN ('code', 'button')"),
        _check("coins_are_positive", "coins > 0"),
        _check("uses_are_not_passed", "uses IS NULL OR claims <= uses"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_offers_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "offer_id", name="pk_offers"),
        sa.UniqueConstraint("guild_id", "plain_code", name="uq_offers_guild_id_plain_code"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
