"""The tables of what members have gifted under their own names. All of it follows from the journal."""

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint

from bot.storage.sql.columns import holder, integer, of_guild, table

# The coins of all gifts that a member, a holder, sent and that were not taken back: for levels and badges.
gifter_totals = table(
    "gifter_totals",
    integer("guild_id"),
    holder("gifter"),
    integer("coins"),
    PrimaryKeyConstraint("guild_id", "gifter"),
    of_guild(),
    CheckConstraint("coins >= 0", name="no_more_is_taken_than_given"),
)

# The pieces of gifts that were sent in an ISO week (202647) of the guild's time zone then, for streaks.
gifter_weeks = table(
    "gifter_weeks",
    integer("guild_id"),
    holder("gifter"),
    integer("week"),
    integer("pieces"),
    PrimaryKeyConstraint("guild_id", "gifter", "week"),
    of_guild(),
    CheckConstraint("pieces >= 0", name="no_more_is_taken_than_given"),
)

# How many pieces of the gifts with which members join a creator's fan club a member has sent that creator. Both are
# holders. Whoever has any left is in the club.
club_hearts = table(
    "club_hearts",
    integer("guild_id"),
    holder("gifter"),
    holder("creator"),
    integer("hearts"),
    PrimaryKeyConstraint("guild_id", "gifter", "creator"),
    of_guild(),
    CheckConstraint("hearts >= 0", name="no_more_is_taken_than_given"),
)
