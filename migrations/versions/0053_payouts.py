"""Creators ask for payouts, staff decide about them, and the creator is told."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0060"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    _payouts()
    op.create_table(
        "payout_rules",
        *map(_int, ("guild_id", "minimum", "people")),
        _check("payout_rules", "minimum_is_positive", "minimum > 0"),
        _check("payout_rules", "people_are_known", "people IN (1, 2)"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_payout_rules_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", name="pk_payout_rules"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    _notices()


def _payouts() -> None:
    op.create_table(
        "payouts",
        *map(_int, ("guild_id", "payout_id", "creator", "diamonds", "requested_ms")),
        sa.Column("state", sa.Text, nullable=False),
        *map(_int, ("approved_by", "approved_ms", "closed_by", "closed_ms", "closed_seq")),
        sa.Column("announced", sa.Integer, nullable=False),
        _check("payouts", "diamonds_are_positive", "diamonds > 0"),
        _check("payouts", "state_is_known", "state IN ('requested', 'approved', 'paid', 'rejected')"),
        _check("payouts", "nobody_approves_their_own", "approved_by <> creator"),
        _check("payouts", "nobody_pays_themselves", "state <> 'paid' OR closed_by <> creator"),
        _check("payouts", "end_is_in_the_journal", "(state IN ('paid', 'rejected')) = (closed_seq <> 0)"),
        _check("payouts", "somebody_approved", "state NOT IN ('approved', 'paid') OR approved_by <> 0"),
        _check("payouts", "announced_is_flag", "announced IN (0, 1)"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_payouts_guild_id"),
        sa.ForeignKeyConstraint(
            ["guild_id", "payout_id"], ["journal.guild_id", "journal.seq"], name="fk_payouts_guild_id_payout_id"
        ),
        sa.PrimaryKeyConstraint("guild_id", "payout_id", name="pk_payouts"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    is_open, unannounced = sa.text("state IN ('requested', 'approved')"), sa.text("announced = 0")
    op.create_index(
        "ix_payouts_open",
        "payouts",
        ["guild_id", "creator"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_index(
        "ix_payouts_unannounced", "payouts", ["guild_id"], sqlite_where=unannounced, postgresql_where=unannounced
    )


def _notices() -> None:
    op.execute("CREATE TABLE notices_before AS SELECT * FROM notices")
    op.drop_table("notices")
    op.create_table(
        "notices",
        *map(_int, ("guild_id", "holder_id")),
        sa.Column("kind", sa.Text, nullable=False),
        *map(_int, ("number", "since_ms")),
        _check("notices", "kind_is_known", "kind IN ('grant', 'creator', 'application', 'share', 'payout')"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_notices_guild_id"),
        sa.PrimaryKeyConstraint("guild_id", "holder_id", "kind", "number", name="pk_notices"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO notices SELECT guild_id, holder_id, kind, number, since_ms FROM notices_before")
    op.drop_table("notices_before")
