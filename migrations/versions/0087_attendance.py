"""Members press *Hop on* on the board of a live event, and that they attended it is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0087"
down_revision = "0094"


def upgrade() -> None:
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    names = ("guild_id", "event_id", "attendee", "from_ms", "until_ms", "week")
    op.create_table(
        "attendance",
        *(sa.Column(name, integer, nullable=False, autoincrement=False) for name in names),
        sa.PrimaryKeyConstraint("guild_id", "event_id", "attendee", "from_ms", name="pk_attendance"),
        sa.ForeignKeyConstraint(
            ["guild_id", "event_id"],
            ["live_events.guild_id", "live_events.event_id"],
            name="fk_attendance_guild_id_event_id",
        ),
        sa.CheckConstraint("until_ms > from_ms", name=op.f("ck_attendance_press_lasts")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_attendance_attendee", "attendance", ["guild_id", "attendee", "from_ms"])
    op.create_index("ix_attendance_time", "attendance", ["guild_id", "from_ms"])
