"""The table of members whose data was deleted."""

from sqlalchemy import PrimaryKeyConstraint, text

from bot.storage.sql.columns import Erasure, index, integer, member, of_guild, table

# Members whose data was deleted. user_id stays only if records of sales and payouts have to name their member, until
# records_until_ms, and may be read only for legal reasons.
erasures = table(
    "erasures",
    integer("guild_id"),
    integer("holder_id"),
    integer("erased_ms"),
    member("user_id", Erasure.BLANK, null=True),
    integer("records_until_ms", null=True),
    PrimaryKeyConstraint("guild_id", "holder_id"),
    of_guild(),
)
RESTRICTED = text("user_id IS NOT NULL")
index("ix_erasures_restricted", erasures.c.records_until_ms, where=RESTRICTED)
