"""The table of who attended which live event. Members are holders."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, PrimaryKeyConstraint

from bot.storage.sql.columns import Erasure, holder, index, integer, table

# Presses of *Hop on* that count, and until when. Those of one member in one live event never overlap. week is the ISO
# week of the guild's time zone at that moment, as bot.domain.periods numbers it.
attendance = table(
    "attendance",
    integer("guild_id"),
    integer("event_id"),
    holder("attendee", Erasure.ROW),
    integer("from_ms"),
    integer("until_ms"),
    integer("week"),
    PrimaryKeyConstraint("guild_id", "event_id", "attendee", "from_ms"),
    ForeignKeyConstraint(["guild_id", "event_id"], ["live_events.guild_id", "live_events.event_id"]),
    CheckConstraint("until_ms > from_ms", name="press_lasts"),
)
index("ix_attendance_attendee", attendance.c.guild_id, attendance.c.attendee, attendance.c.from_ms)
index("ix_attendance_time", attendance.c.guild_id, attendance.c.from_ms)
