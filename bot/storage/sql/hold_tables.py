"""The tables of holds: what of creators' earnings waits, and for how long guilds let it wait."""

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint

from bot.storage.sql.columns import Erasure, holder, index, integer, member, of_guild, of_journal, string, table

# A fold. What gifts have earned creators, by the source that paid for them and the day of release, in days since 1970:
# `earned` in all, of which `taken_back` was. `anonymous` is what is left of it from anonymous gifts.
earnings_by_source = table(
    "earnings_by_source",
    integer("guild_id"),
    holder("creator"),
    string("source"),
    integer("until_day"),
    integer("earned"),
    integer("taken_back"),
    integer("anonymous"),
    PrimaryKeyConstraint("guild_id", "creator", "source", "until_day"),
    of_guild(),
    CheckConstraint("taken_back BETWEEN 0 AND earned", name="no_more_is_taken_than_earned"),
    CheckConstraint("anonymous BETWEEN 0 AND earned - taken_back", name="anonymous_is_a_part"),
)

# The same fold: how many pieces of the gift in row seq it has taken back.
pieces_taken_back = table(
    "pieces_taken_back",
    integer("guild_id"),
    integer("seq"),
    integer("pieces"),
    PrimaryKeyConstraint("guild_id", "seq"),
    of_journal(),
    CheckConstraint("pieces > 0", name="something_was_taken_back"),
)

# A fold. The gifts that have earned something with the coins of the order in row lot lie between two rows.
lot_spans = table(
    "lot_spans",
    integer("guild_id"),
    integer("lot"),
    integer("first_seq"),
    integer("last_seq"),
    PrimaryKeyConstraint("guild_id", "lot"),
    of_guild(),
    CheckConstraint("first_seq <= last_seq", name="span_goes_forward"),
)

# What the row reversal took of the held earnings of the row gift, since the coins of lot went back. A row goes once the
# gift is taken back, or the money returns.
earnings_losses = table(
    "earnings_losses",
    integer("guild_id"),
    integer("gift"),
    integer("reversal"),
    integer("lot"),
    integer("diamonds"),
    PrimaryKeyConstraint("guild_id", "gift", "reversal"),
    of_guild(),
    CheckConstraint("diamonds > 0", name="something_is_lost"),
)
index(None, earnings_losses.c.guild_id, earnings_losses.c.reversal)

# For how many days earnings from a provider wait, of the gifts after row after_seq. Rows are never changed.
hold_changes = table(
    "hold_changes",
    integer("guild_id"),
    string("provider"),
    integer("changed_ms"),
    member("changed_by", Erasure.BLANK),
    integer("after_seq"),
    integer("days"),
    PrimaryKeyConstraint("guild_id", "provider", "changed_ms"),
    of_guild(),
    CheckConstraint("days >= 0", name="days_are_ahead"),
)
