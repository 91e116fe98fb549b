"""The tables of gift trains that are over, and of who rode them."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, PrimaryKeyConstraint

from bot.storage.sql.columns import Erasure, holder, index, integer, table

# started_seq is the gift that started the train. joint_coins are those of the trains beside it, too, and levels is what
# these come to. All of it follows from the journal, and is written anew where a gift is taken back.
live_trains = table(
    "live_trains",
    integer("guild_id"),
    integer("event_id"),
    integer("started_seq"),
    integer("started_ms"),
    integer("ended_ms"),
    integer("coins"),
    integer("joint_coins"),
    integer("levels"),
    PrimaryKeyConstraint("guild_id", "event_id", "started_seq"),
    ForeignKeyConstraint(["guild_id", "event_id"], ["live_events.guild_id", "live_events.event_id"]),
    CheckConstraint("joint_coins >= coins", name="joint_coins_include_its_own"),
)
index("ix_live_trains_coins", live_trains.c.guild_id, live_trains.c.joint_coins)
index("ix_live_trains_time", live_trains.c.guild_id, live_trains.c.started_ms)

train_riders = table(
    "train_riders",
    integer("guild_id"),
    integer("event_id"),
    integer("started_seq"),
    holder("rider", Erasure.ROW),
    PrimaryKeyConstraint("guild_id", "event_id", "started_seq", "rider"),
    ForeignKeyConstraint(
        ["guild_id", "event_id", "started_seq"],
        ["live_trains.guild_id", "live_trains.event_id", "live_trains.started_seq"],
    ),
)
index("ix_train_riders_rider", train_riders.c.guild_id, train_riders.c.rider)
