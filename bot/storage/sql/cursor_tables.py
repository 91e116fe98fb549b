"""The tables of how far others have read, and of small facts."""

from sqlalchemy import PrimaryKeyConstraint

from bot.storage.sql.columns import integer, of_guild, string, table

# How far each follower of a journal, such as the announcer, has read.
cursors = table(
    "cursors",
    integer("guild_id"),
    string("follower"),
    integer("seq"),
    PrimaryKeyConstraint("guild_id", "follower"),
    of_guild(),
)

# Small facts that outlive the process.
marks = table(
    "marks",
    string("name"),
    string("value"),
    PrimaryKeyConstraint("name"),
)
