"""Each payment event has its own attempts, its own time for the next one, and its own end."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def _int(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=null, autoincrement=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def upgrade() -> None:
    op.execute("CREATE TABLE events_before AS SELECT * FROM webhook_events")
    op.drop_table("webhook_events")
    op.create_table(
        "webhook_events",
        _text("provider"),
        _text("event_id"),
        _text("external_id"),
        _int("received_ms"),
        _int("attempts"),
        _int("next_ms", null=True),
        _int("handled_ms", null=True),
        _int("aside_ms", null=True),
        sa.PrimaryKeyConstraint("provider", "event_id", name="pk_webhook_events"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    # What waited is new to the new order of things: it is tried at once, and has its end like any other.
    op.execute(
        """
        INSERT INTO webhook_events
        SELECT provider, event_id, body, received_ms, 0,
               CASE WHEN handled_ms IS NULL THEN received_ms END, handled_ms, NULL
        FROM events_before
        """
    )
    op.drop_table("events_before")
    unfinished = sa.text("next_ms IS NOT NULL")
    op.create_index(
        "ix_webhook_events_due",
        "webhook_events",
        ["next_ms"],
        sqlite_where=unfinished,
        postgresql_where=unfinished,
    )
