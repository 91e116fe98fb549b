"""The tables of what creators were given, by hour and item, of what moved their earnings, and of statements."""

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint, UniqueConstraint

from bot.storage.sql.columns import flag, holder, integer, is_flag, of_guild, string, table

# What a creator was given in an hour of a day (20261031), in the guild's time zone when the gift was sent, and the
# part that came anonymously. event is the live event that it counts for, 0 for none.
creator_hours = table(
    "creator_hours",
    integer("guild_id"),
    holder("creator"),
    integer("day"),
    integer("hour"),
    integer("event"),
    integer("coins"),
    integer("pieces"),
    integer("anonymous_coins"),
    integer("anonymous_pieces"),
    PrimaryKeyConstraint("guild_id", "creator", "day", "hour", "event"),
    of_guild(),
    CheckConstraint("anonymous_coins BETWEEN 0 AND coins", name="anonymous_coins_are_a_part"),
    CheckConstraint("anonymous_pieces BETWEEN 0 AND pieces", name="anonymous_pieces_are_a_part"),
)

# The same by item of the catalogue.
creator_items = table(
    "creator_items",
    integer("guild_id"),
    holder("creator"),
    integer("day"),
    integer("item"),
    integer("event"),
    integer("coins"),
    integer("pieces"),
    PrimaryKeyConstraint("guild_id", "creator", "day", "item", "event"),
    of_guild(),
    CheckConstraint("coins >= 0 AND pieces >= 0", name="no_more_is_taken_than_given"),
)

# What moved a creator's earnings on a day (in days since 1970, UTC), by type: how many rows of the journal, pieces of
# gifts and their coins, and the diamonds. All diamonds of a creator add up to the account of earnings.
creator_bookings = table(
    "creator_bookings",
    integer("guild_id"),
    holder("creator"),
    integer("day"),
    string("type"),
    flag("anonymous"),
    integer("entries"),
    integer("pieces"),
    integer("coins"),
    integer("diamonds"),
    PrimaryKeyConstraint("guild_id", "creator", "day", "type", "anonymous"),
    of_guild(),
    is_flag("anonymous"),
    CheckConstraint("entries > 0", name="something_was_booked"),
)

# Statements of months that are over, numbered in each guild. `content` is JSON (`bot.domain.statements`), and `digest`
# its SHA-256 with the number. Rows are never changed.
statements = table(
    "statements",
    integer("guild_id"),
    holder("creator"),
    integer("month"),
    integer("number"),
    string("content"),
    string("digest"),
    integer("closed_ms"),
    PrimaryKeyConstraint("guild_id", "creator", "month"),
    UniqueConstraint("guild_id", "number"),
    of_guild(),
    CheckConstraint("number > 0", name="number_counts_from_one"),
)
