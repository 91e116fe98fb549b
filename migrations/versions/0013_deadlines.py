"""What is due at a time is kept in one table, and a bot claims a row before it acts."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

NEVER_MS = 1 << 53


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def upgrade() -> None:
    op.create_table(
        "deadlines",
        _int("guild_id"),
        sa.Column("kind", sa.Text, nullable=False),
        *map(_int, ("subject", "at_ms", "claim_ms")),
        sa.PrimaryKeyConstraint("guild_id", "kind", "subject", name="pk_deadlines"),
        sa.ForeignKeyConstraint(["guild_id"], ["guilds.guild_id"], name="fk_deadlines_guild_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_deadlines_at_ms", "deadlines", ["at_ms"])
    _of_live_events()
    _of_matches()
    _of_announcements()
    _of_what_waits_for_a_channel()
    for index, table in (
        ("ix_live_events_due", "live_events"),
        ("ix_live_events_untold", "live_events"),
        ("ix_thank_yous_unsent", "thank_yous"),
    ):
        op.drop_index(index, table)


def _insert(kind: str, select: str) -> None:
    """Set the deadlines of one kind: `select` gives guild, subject and time."""
    op.execute(f"INSERT INTO deadlines SELECT guild_id, '{kind}', subject, at_ms, 0 FROM ({select}) AS due")  # noqa: S608


def _of_live_events() -> None:
    runs = "ended_ms IS NULL"
    _insert(
        "live_end",
        f"SELECT guild_id, event_id AS subject, ends_ms AS at_ms FROM live_events WHERE {runs} AND paused_ms IS NULL",  # noqa: S608
    )
    _insert(
        "recap",
        "SELECT guild_id, event_id AS subject, 0 AS at_ms FROM live_events"
        " WHERE ended_ms IS NOT NULL AND recap_ms IS NULL",
    )


def _of_matches() -> None:
    # The first look finds out what comes next.
    _insert(
        "match_round",
        "SELECT m.guild_id, m.match_id AS subject, 0 AS at_ms FROM live_matches AS m"
        " JOIN live_events AS e ON e.guild_id = m.guild_id AND e.event_id = m.event_id"
        " WHERE m.ended_ms IS NULL AND e.ended_ms IS NULL",
    )


def _of_announcements() -> None:
    _insert(
        "quiet_end",
        f"SELECT guild_id, 0 AS subject, min(due_ms) AS at_ms FROM announcements"  # noqa: S608
        f" WHERE due_ms > 0 AND due_ms < {NEVER_MS} AND shown_seq < last_seq GROUP BY guild_id",
    )
    _insert(
        "unpin",
        "SELECT guild_id, 0 AS subject, min(unpin_ms) AS at_ms FROM announcements WHERE unpin_ms > 0 GROUP BY guild_id",
    )


def _of_what_waits_for_a_channel() -> None:
    _insert(
        "channel_retry",
        f"SELECT guild_id, channel_id AS subject, retry_ms AS at_ms FROM broken_channels WHERE retry_ms < {NEVER_MS}",  # noqa: S608
    )
    _insert("thank_you", "SELECT guild_id, thanks_id AS subject, 0 AS at_ms FROM thank_yous WHERE sent_ms IS NULL")
    _insert(
        "payment_cases",
        "SELECT guild_id, 0 AS subject, 0 AS at_ms FROM payment_cases WHERE announced = 0 GROUP BY guild_id",
    )
