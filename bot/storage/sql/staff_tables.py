"""The tables of the staff log, and of the channel that shows it."""

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint

from bot.storage.sql.columns import holder, index, integer, of_guild, string, table, words

# What staff did, in the order of `number`, without gaps. Rows are never changed, except for the ids of deleted members
# among the values. actor and holder are holder ids, 0 for nobody. before_values and after_values are objects in JSON.
# seq is a row of the journal, 0 for none.
staff_acts = table(
    "staff_acts",
    integer("guild_id"),
    integer("number"),
    holder("actor"),
    string("kind"),
    string("subject"),
    holder("holder"),
    string("before_values"),
    string("after_values"),
    words("reason", "holder"),
    integer("seq"),
    integer("at_ms"),
    PrimaryKeyConstraint("guild_id", "number"),
    of_guild(),
    CheckConstraint("number > 0", name="number_counts_from_one"),
    CheckConstraint("seq >= 0", name="seq_is_a_row"),
)

# The channel of a guild's staff log, 0 for none, and what it has shown so far: acts up to posted_number, and the
# journal up to digest_seq. A summary up to until_seq is on its way if that is ahead.
staff_logs = table(
    "staff_logs",
    integer("guild_id"),
    integer("channel_id"),
    integer("posted_number"),
    integer("digest_seq"),
    integer("until_seq"),
    PrimaryKeyConstraint("guild_id"),
    of_guild(),
)
index(None, staff_acts.c.guild_id, staff_acts.c.holder)
