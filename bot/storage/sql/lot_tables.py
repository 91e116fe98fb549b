"""The tables of lots: which purchase the bought coins on an account come from."""

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint

from bot.storage.sql.columns import holder, integer, of_journal, string, table

# The coins on an account that come from the order in row seq, if there are any. The lots of an account add up to its
# balance.
lots = table(
    "lots",
    integer("guild_id"),
    holder("owner"),
    string("kind"),
    integer("seq"),
    integer("coins"),
    PrimaryKeyConstraint("guild_id", "owner", "kind", "seq"),
    of_journal(),
    CheckConstraint("coins > 0", name="lot_has_coins"),
)

# The coins that row seq took out of lots, or brought back into them, if it is from before rows listed that themselves.
# lot is the row of the order.
unlisted_lots = table(
    "unlisted_lots",
    integer("guild_id"),
    integer("seq"),
    integer("lot"),
    integer("coins"),
    PrimaryKeyConstraint("guild_id", "seq", "lot"),
    of_journal(),
    CheckConstraint("coins > 0", name="coins_move"),
)
