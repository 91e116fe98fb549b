"""The tables of what staff may grant, have granted, and are about to grant."""

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint

from bot.storage.sql.columns import integer, of_guild, string, table

# The limits that whoever manages the server has set, in coins. NULL is no limit.
grant_limits = table(
    "grant_limits",
    integer("guild_id"),
    integer("per_grant", null=True),
    integer("per_day", null=True),
    PrimaryKeyConstraint("guild_id"),
    of_guild(),
    CheckConstraint("per_grant > 0", name="per_grant_is_positive"),
    CheckConstraint("per_day > 0", name="per_day_is_positive"),
    rowid=True,
)

# What each member of staff has granted on the last day on which they did, counted from row first_seq of the journal on.
granted_in_day = table(
    "granted_in_day",
    integer("guild_id"),
    integer("holder_id"),
    integer("day"),
    integer("coins"),
    integer("first_seq"),
    PrimaryKeyConstraint("guild_id", "holder_id"),
    of_guild(),
    CheckConstraint("coins > 0", name="coins_are_positive"),
)

# Grants of staff to themselves that wait for somebody else on the staff. made_by is a Discord user.
grant_requests = table(
    "grant_requests",
    integer("guild_id"),
    integer("request_id"),
    integer("made_by"),
    integer("coins"),
    string("reason"),
    integer("until_ms"),
    PrimaryKeyConstraint("guild_id", "request_id"),
    of_guild(),
    CheckConstraint("coins > 0", name="coins_are_positive"),
)

# Grants to many members, each from when staff have seen what it will do. `plan` has the Discord users who will get
# coins, as JSON; it is removed as soon as the grant is row `seq` of the journal.
grant_batches = table(
    "grant_batches",
    integer("guild_id"),
    integer("batch_id"),
    integer("members"),
    integer("coins"),
    string("reason"),
    string("plan", null=True),
    integer("made_ms"),
    integer("seq", null=True),
    PrimaryKeyConstraint("guild_id", "batch_id"),
    of_guild(),
)
