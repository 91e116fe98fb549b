"""An order that goes back takes held earnings of the gifts that it paid for, and their creators hear of it.

Which gifts an order has paid for is counted from the journal once the bot runs, from the first row on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0079"
down_revision = "0074"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def _of_guild(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name=f"fk_{table}_guild_id")


def upgrade() -> None:
    op.create_table(
        "lot_spans",
        *map(_int, ("guild_id", "lot", "first_seq", "last_seq")),
        sa.CheckConstraint("first_seq <= last_seq", name=op.f("ck_lot_spans_span_goes_forward")),
        _of_guild("lot_spans"),
        sa.PrimaryKeyConstraint("guild_id", "lot", name="pk_lot_spans"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "earnings_losses",
        *map(_int, ("guild_id", "gift", "reversal", "lot", "diamonds")),
        sa.CheckConstraint("diamonds > 0", name=op.f("ck_earnings_losses_something_is_lost")),
        _of_guild("earnings_losses"),
        sa.PrimaryKeyConstraint("guild_id", "gift", "reversal", name="pk_earnings_losses"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_earnings_losses_guild_id_reversal", "earnings_losses", ["guild_id", "reversal"])
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
            "kind IN ('grant', 'creator', 'application', 'share', 'payout', 'decline', 'level', 'club', 'week', "
            "'earnings')",
            name=op.f("ck_notices_kind_is_known"),
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO notices SELECT * FROM notices_before")
    op.drop_table("notices_before")
