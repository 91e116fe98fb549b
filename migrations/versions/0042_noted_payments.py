"""Payments that no provider can be asked about: their claim codes, what is known of them, and who confirmed them."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _of_guild(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name=f"fk_{table}_guild_id")


def upgrade() -> None:
    op.add_column("guild_providers", sa.Column("confirmations", sa.BigInteger().with_variant(sa.Integer(), "sqlite")))
    op.create_table(
        "claim_codes",
        _int("guild_id"),
        _text("code"),
        _int("order_id"),
        sa.PrimaryKeyConstraint("guild_id", "code", name="pk_claim_codes"),
        sa.UniqueConstraint("guild_id", "order_id", name="uq_claim_codes_guild_id_order_id"),
        _of_guild("claim_codes"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "noted_payments",
        *map(_text, ("provider", "external_id")),
        *map(_int, ("guild_id", "order_id")),
        _text("status"),
        _int("amount_minor"),
        _text("currency"),
        *map(_int, ("noted_ms", "refunded_minor")),
        *map(_text, ("kind", "code", "product")),
        sa.PrimaryKeyConstraint("provider", "external_id", name="pk_noted_payments"),
        _of_guild("noted_payments"),
        sa.CheckConstraint(
            "refunded_minor BETWEEN 0 AND amount_minor", name=op.f("ck_noted_payments_refund_is_covered")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_noted_payments_guild_id_order_id", "noted_payments", ["guild_id", "order_id"])
    op.create_table(
        "confirmations",
        *map(_int, ("guild_id", "order_id", "member_id")),
        _text("reference"),
        _int("confirmed_ms"),
        sa.PrimaryKeyConstraint("guild_id", "order_id", "member_id", name="pk_confirmations"),
        _of_guild("confirmations"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
