"""The table of notices."""

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint

from bot.storage.sql.columns import integer, of_guild, string, table

# What a member is told with their next reply. `number` is the row of a grant, and 0 for a new creator.
notices = table(
    "notices",
    integer("guild_id"),
    integer("holder_id"),
    string("kind"),
    integer("number"),
    integer("since_ms"),
    PrimaryKeyConstraint("guild_id", "holder_id", "kind", "number"),
    of_guild(),
    CheckConstraint("kind IN ('grant', 'creator')", name="kind_is_known"),
)
