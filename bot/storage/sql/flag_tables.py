"""The tables of flags: what looks like fraud, the members and gifts that each names, and what staff decided."""

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint, text

from bot.storage.sql.columns import (
    flag,
    holder,
    index,
    integer,
    is_flag,
    of_guild,
    of_journal,
    string,
    table,
)

# One row for each thing that was flagged. A subject that is flagged again has a row of its own. decided_ms and
# decided_by are 0 while staff have not decided.
flags = table(
    "flags",
    integer("guild_id"),
    integer("flag_id"),
    string("kind"),
    string("subject"),
    integer("coins"),
    integer("times"),
    integer("opened_ms"),
    string("note"),
    holder("opened_by"),
    string("outcome"),
    integer("decided_ms"),
    holder("decided_by"),
    flag("announced"),
    PrimaryKeyConstraint("guild_id", "flag_id"),
    of_guild(),
    is_flag("announced"),
)
UNDECIDED_FLAGS = text("outcome = ''")
index("ix_flags_undecided", flags.c.guild_id, where=UNDECIDED_FLAGS)
index(None, flags.c.guild_id, flags.c.kind, flags.c.subject)

# The members, as holders, whom a flag names, in the order of its sentence.
flag_members = table(
    "flag_members",
    integer("guild_id"),
    integer("flag_id"),
    integer("place"),
    holder("holder", exported=False),
    PrimaryKeyConstraint("guild_id", "flag_id", "place"),
    of_guild(),
)

# The rows that a flag names, and what each had earned its creator when the flag was opened. What of that is unpaid
# waits while staff have not cleared the flag. A row may be named by several flags, and its earnings wait only once.
flag_entries = table(
    "flag_entries",
    integer("guild_id"),
    integer("flag_id"),
    integer("seq"),
    holder("creator", exported=False),
    integer("diamonds"),
    PrimaryKeyConstraint("guild_id", "flag_id", "seq"),
    of_journal(),
    CheckConstraint("diamonds >= 0", name="nothing_is_owed"),
)
index(None, flag_entries.c.guild_id, flag_entries.c.creator)
__all__ = ["UNDECIDED_FLAGS", "flag_entries", "flag_members", "flags"]
