"""Goals that were reached, each with its time: they stay reached, whatever becomes of the goal and of gifts."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=False)


def upgrade() -> None:
    op.create_table(
        "live_goals",
        *map(_int, ("guild_id", "event_id", "goal", "reached_ms")),
        sa.PrimaryKeyConstraint("guild_id", "event_id", "goal", name="pk_live_goals"),
        sa.ForeignKeyConstraint(
            ["guild_id", "event_id"],
            ["live_events.guild_id", "live_events.event_id"],
            name="fk_live_goals_guild_id_event_id",
        ),
        sa.CheckConstraint("goal > 0", name=op.f("ck_live_goals_reached_goal_is_positive")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    # Recaps had the time of the last goal. Those of running events are worked out from the journal.
    op.execute(
        "INSERT INTO live_goals (guild_id, event_id, goal, reached_ms)"
        " SELECT guild_id, event_id, live_events.goal, live_recaps.goal_ms"
        " FROM live_recaps JOIN live_events USING (guild_id, event_id)"
        " WHERE live_recaps.goal_ms IS NOT NULL AND live_events.goal IS NOT NULL"
    )
