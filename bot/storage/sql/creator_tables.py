"""The tables of creators, besides `creators` itself: who applies."""

from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint, text

from bot.storage.sql.columns import flag, index, integer, is_flag, of_guild, string, table

# Members who want to become creators. `answers` is a JSON list of questions and answers, which is emptied when staff
# decline. A row is deleted when they approve, when the member withdraws it, and 30 days after it was declined.
creator_applications = table(
    "creator_applications",
    integer("guild_id"),
    integer("member_id"),
    integer("application_id"),
    string("answers"),
    integer("applied_ms"),
    flag("announced"),
    integer("declined_ms", null=True),
    integer("declined_by"),
    string("reason"),
    PrimaryKeyConstraint("guild_id", "member_id"),
    UniqueConstraint("guild_id", "application_id"),
    of_guild(),
    is_flag("announced"),
)
DECLINED = text("declined_ms IS NOT NULL")
index("ix_creator_applications_declined", creator_applications.c.declined_ms, where=DECLINED)

# What guilds ask, for those that have chosen: `questions` is a JSON list.
application_settings = table(
    "application_settings",
    integer("guild_id"),
    flag("is_open"),
    string("questions"),
    PrimaryKeyConstraint("guild_id"),
    of_guild(),
    is_flag("is_open"),
)
