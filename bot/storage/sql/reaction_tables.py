"""The tables of reactions to messages that got a gift. Creators are holders."""

from sqlalchemy import PrimaryKeyConstraint

from bot.storage.sql.columns import Erasure, holder, integer, of_guild, table

# The creators who want a reaction below their messages that got a gift, and since when.
creator_reactions = table(
    "creator_reactions",
    integer("guild_id"),
    holder("creator", Erasure.ROW),
    integer("since_ms"),
    PrimaryKeyConstraint("guild_id", "creator"),
    of_guild(),
)

# The channels in which the bot may not react, as far as staff have been told of it.
reaction_troubles = table(
    "reaction_troubles",
    integer("guild_id"),
    integer("channel_id"),
    integer("since_ms"),
    PrimaryKeyConstraint("guild_id", "channel_id"),
    of_guild(),
)
