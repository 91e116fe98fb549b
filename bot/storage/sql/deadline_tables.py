"""The table of what is due at a time, whatever it is about."""

from sqlalchemy import PrimaryKeyConstraint

from bot.storage.sql.columns import Erasure, holder, index, integer, of_guild, string, table

# `bot.domain.deadlines` names the kinds and says what their subjects are. claim_ms is when a bot's claim expires, 0
# while no bot has claimed the row.
deadlines = table(
    "deadlines",
    integer("guild_id"),
    string("kind"),
    holder("subject", Erasure.ROW, exported=False),
    integer("at_ms"),
    integer("claim_ms"),
    PrimaryKeyConstraint("guild_id", "kind", "subject"),
    of_guild(),
)
index("ix_deadlines_at_ms", deadlines.c.at_ms)
