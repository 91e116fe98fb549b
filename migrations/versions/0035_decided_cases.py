"""Cases of payments have numbers, and an outcome once staff have decided."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _flag(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _index(name: str, where: str) -> None:
    only = sa.text(where)
    op.create_index(name, "payment_cases", ["guild_id"], sqlite_where=only, postgresql_where=only)


def upgrade() -> None:
    op.execute("CREATE TABLE payment_cases_before AS SELECT * FROM payment_cases")
    op.drop_table("payment_cases")
    op.create_table(
        "payment_cases",
        _int("guild_id"),
        *map(_text, ("provider", "external_id", "kind")),
        *map(_int, ("order_id", "amount_minor")),
        _text("currency"),
        _int("opened_ms"),
        *map(_flag, ("announced", "reported")),
        _int("case_id"),
        _text("outcome"),
        *map(_int, ("decided_ms", "decided_by")),
        sa.PrimaryKeyConstraint("guild_id", "provider", "external_id", "kind", name="pk_payment_cases"),
        sa.UniqueConstraint("guild_id", "case_id", name="uq_payment_cases_guild_id_case_id"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_payment_cases_guild_id"),
        sa.CheckConstraint("announced IN (0, 1)", name=op.f("ck_payment_cases_announced_is_flag")),
        sa.CheckConstraint("reported IN (0, 1)", name=op.f("ck_payment_cases_reported_is_flag")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    # Staff had to look after the cases so far without buttons. What somebody has read is taken as done.
    op.execute(
        """
        INSERT INTO payment_cases
        SELECT guild_id, provider, external_id, kind, order_id, amount_minor, currency, opened_ms, announced, reported,
               row_number() OVER (PARTITION BY guild_id ORDER BY opened_ms, external_id, kind),
               CASE WHEN reported = 1 THEN 'closed' ELSE '' END, 0, 0
        FROM payment_cases_before
        """
    )
    op.drop_table("payment_cases_before")
    _index("ix_payment_cases_unannounced", "announced = 0")
    _index("ix_payment_cases_unreported", "reported = 0")
    _index("ix_payment_cases_undecided", "outcome = ''")
