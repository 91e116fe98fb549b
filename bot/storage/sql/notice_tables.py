"""The tables of what members have still to read."""

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint

from bot.storage.sql.columns import Erasure, holder, index, integer, of_guild, of_journal, string, table

# What a member is told with their next reply. `number` is the row of a grant, of a request for a payout, or of what
# changed held earnings, that of a change of shares, a level, the holder of a creator whose fan club has paused, the
# row that gave coins for a perk, or of a chip-in, back, a shout-out that is done, and 0 for a new creator or a declined
# application.
notices = table(
    "notices",
    integer("guild_id"),
    holder("holder_id", Erasure.ROW),
    string("kind"),
    integer("number"),
    integer("since_ms"),
    PrimaryKeyConstraint("guild_id", "holder_id", "kind", "number"),
    of_guild(),
    CheckConstraint(
        "kind IN ('grant', 'creator', 'application', 'share', 'payout', 'decline', 'level', 'club', 'week', "
        "'earnings', 'perk', 'ticket', 'freeze', 'staff_creator', 'chip')",
        name="kind_is_known",
    ),
)
index("ix_notices_since", notices.c.since_ms)

# Receipts that were not shown to their holder, because the reply did not reach Discord.
missed_receipts = table(
    "missed_receipts",
    integer("guild_id"),
    holder("holder_id", Erasure.ROW),
    integer("seq"),
    integer("since_ms"),
    PrimaryKeyConstraint("guild_id", "holder_id", "seq"),
    of_journal(),
)
