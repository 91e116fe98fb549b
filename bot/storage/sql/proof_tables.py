"""The table of monthly proofs: where guilds post them."""

from sqlalchemy import PrimaryKeyConstraint

from bot.storage.sql.columns import integer, of_guild, table

proof_channels = table(
    "proof_channels",
    integer("guild_id"),
    integer("channel_id"),
    PrimaryKeyConstraint("guild_id"),
    of_guild(),
)
