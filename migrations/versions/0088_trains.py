"""Gift trains that are over are kept, with those who rode them: a guild has a record, and members have badges."""

import sqlalchemy as sa
from alembic import op

revision = "0088"
down_revision = "0098"


def _table(name: str, columns: tuple[str, ...], *constraints: sa.Constraint) -> None:
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        name,
        *(sa.Column(column, integer, nullable=False, autoincrement=False) for column in columns),
        *constraints,
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def upgrade() -> None:
    key = ("guild_id", "event_id", "started_seq")
    _table(
        "live_trains",
        (*key, "started_ms", "ended_ms", "coins", "joint_coins", "levels"),
        sa.PrimaryKeyConstraint(*key, name="pk_live_trains"),
        sa.ForeignKeyConstraint(
            ["guild_id", "event_id"],
            ["live_events.guild_id", "live_events.event_id"],
            name="fk_live_trains_guild_id_event_id",
        ),
        sa.CheckConstraint("joint_coins >= coins", name=op.f("ck_live_trains_joint_coins_include_its_own")),
    )
    op.create_index("ix_live_trains_coins", "live_trains", ["guild_id", "joint_coins"])
    op.create_index("ix_live_trains_time", "live_trains", ["guild_id", "started_ms"])
    _table(
        "train_riders",
        (*key, "rider"),
        sa.PrimaryKeyConstraint(*key, "rider", name="pk_train_riders"),
        sa.ForeignKeyConstraint(
            list(key),
            [f"live_trains.{name}" for name in key],
            name="fk_train_riders_guild_id_event_id_started_seq",
        ),
    )
    op.create_index("ix_train_riders_rider", "train_riders", ["guild_id", "rider"])
