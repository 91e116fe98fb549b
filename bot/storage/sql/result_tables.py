"""The table of results of weeks and months: which guilds want them, and what was posted last."""

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint

from bot.storage.sql.columns import flag, integer, is_flag, of_guild, string, table

# number is the week (202647) or month (202611) that was posted last, or that needs no post. The message is 0 if there
# is none.
results = table(
    "results",
    integer("guild_id"),
    string("period"),
    flag("is_on"),
    integer("number"),
    integer("channel_id"),
    integer("message_id"),
    flag("is_final"),
    PrimaryKeyConstraint("guild_id", "period"),
    of_guild(),
    is_flag("is_on"),
    is_flag("is_final"),
    CheckConstraint("period IN ('week', 'month')", name="period_is_known"),
)
