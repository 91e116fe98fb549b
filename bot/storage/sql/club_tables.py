"""The tables of fan clubs: members, the roles of clubs, and breaks of creators. Creators and members are holders."""

from sqlalchemy import PrimaryKeyConstraint, text

from bot.storage.sql.columns import holder, index, integer, of_guild, table

# Who is in which club, as the bot has acted upon it: paused_ms is set while the membership pauses.
club_members = table(
    "club_members",
    integer("guild_id"),
    holder("gifter"),
    holder("creator"),
    integer("joined_ms"),
    integer("paused_ms", null=True),
    PrimaryKeyConstraint("guild_id", "gifter", "creator"),
    of_guild(),
)
index("ix_club_members_creator", club_members.c.guild_id, club_members.c.creator)
PAUSED = text("paused_ms IS NOT NULL")
index("ix_club_members_paused", club_members.c.guild_id, where=PAUSED)

# The role that members of a creator's club get.
club_roles = table(
    "club_roles",
    integer("guild_id"),
    holder("creator"),
    integer("role_id"),
    PrimaryKeyConstraint("guild_id", "creator"),
    of_guild(),
)

# When creators took no gifts.
creator_breaks = table(
    "creator_breaks",
    integer("guild_id"),
    holder("creator"),
    integer("from_ms"),
    integer("until_ms"),
    PrimaryKeyConstraint("guild_id", "creator", "from_ms"),
    of_guild(),
)
