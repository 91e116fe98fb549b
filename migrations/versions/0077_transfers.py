"""Approved payouts can be paid by transfers to creators' accounts at a payment provider."""

import sqlalchemy as sa
from alembic import op

revision = "0077"
down_revision = "0083"


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null, autoincrement=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _of_guild(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name=f"fk_{table}_guild_id")


def upgrade() -> None:
    # NULL is what every payout had so far: no transfer under way.
    op.add_column("payouts", _int("sending", null=True))
    op.create_table(
        "transfer_terms",
        _int("guild_id"),
        _text("currency"),
        _int("minor_per_thousand"),
        _of_guild("transfer_terms"),
        sa.PrimaryKeyConstraint("guild_id", name="pk_transfer_terms"),
        sa.CheckConstraint("minor_per_thousand > 0", name=op.f("ck_transfer_terms_rate_is_positive")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "payees",
        *map(_int, ("guild_id", "holder")),
        _text("account"),
        _of_guild("payees"),
        sa.PrimaryKeyConstraint("guild_id", "holder", name="pk_payees"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "payout_transfers",
        *map(_int, ("guild_id", "payout_id", "attempt")),
        _text("account"),
        _int("amount_minor"),
        *map(_text, ("currency", "state", "external_id", "why")),
        *map(_int, ("started_by", "started_ms", "ended_ms")),
        sa.ForeignKeyConstraint(
            ["guild_id", "payout_id"],
            ["payouts.guild_id", "payouts.payout_id"],
            name="fk_payout_transfers_guild_id_payout_id",
        ),
        sa.PrimaryKeyConstraint("guild_id", "payout_id", "attempt", name="pk_payout_transfers"),
        sa.CheckConstraint("attempt > 0", name=op.f("ck_payout_transfers_attempts_count_from_one")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payout_transfers_amount_is_positive")),
        sa.CheckConstraint("state IN ('open', 'sent', 'refused')", name=op.f("ck_payout_transfers_state_is_known")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
