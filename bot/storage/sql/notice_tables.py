"""The tables of what members have still to read."""

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint

from bot.storage.sql.columns import integer, of_guild, of_journal, string, table

# What a member is told with their next reply. `number` is the row of a grant or of a request for a payout, that of a
# change of shares, and 0 for a new creator or a declined application.
notices = table(
    "notices",
    integer("guild_id"),
    integer("holder_id"),
    string("kind"),
    integer("number"),
    integer("since_ms"),
    PrimaryKeyConstraint("guild_id", "holder_id", "kind", "number"),
    of_guild(),
    CheckConstraint("kind IN ('grant', 'creator', 'application', 'share', 'payout', 'decline')", name="kind_is_known"),
)

# Receipts that were not shown to their holder, because the reply did not reach Discord.
missed_receipts = table(
    "missed_receipts",
    integer("guild_id"),
    integer("holder_id"),
    integer("seq"),
    integer("since_ms"),
    PrimaryKeyConstraint("guild_id", "holder_id", "seq"),
    of_journal(),
)
