"""The tables of what follows from members' standing: what they have been told of it, and the roles that they get."""

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint

from bot.storage.sql.columns import Erasure, holder, index, integer, of_guild, string, table

# Members, by holder, whose level may have changed, with the time of the latest gift that did it. Rows are written by a
# fold and deleted once news and roles follow from them.
standing_changes = table(
    "standing_changes",
    integer("guild_id"),
    holder("holder"),
    integer("at_ms"),
    PrimaryKeyConstraint("guild_id", "holder"),
    of_guild(),
)

# The highest level that a member, a holder, has been told of.
known_levels = table(
    "known_levels",
    integer("guild_id"),
    holder("holder"),
    integer("level"),
    PrimaryKeyConstraint("guild_id", "holder"),
    of_guild(),
)

# The roles that members get from a level on.
level_roles = table(
    "level_roles",
    integer("guild_id"),
    integer("level"),
    integer("role_id"),
    PrimaryKeyConstraint("guild_id", "level"),
    of_guild(),
    CheckConstraint("level BETWEEN 1 AND 50", name="level_exists"),
)

# The roles that the bot has given members, or is about to give. No other role is ever taken from anybody.
member_roles = table(
    "member_roles",
    integer("guild_id"),
    holder("holder"),
    integer("role_id"),
    PrimaryKeyConstraint("guild_id", "holder", "role_id"),
    of_guild(),
)

# When the roles of a member, a holder, are compared with those that they should have. `failures` in a row came before.
role_checks = table(
    "role_checks",
    integer("guild_id"),
    holder("holder", Erasure.ROW),
    integer("due_ms"),
    integer("failures"),
    PrimaryKeyConstraint("guild_id", "holder"),
    of_guild(),
)
index("ix_role_checks_due", role_checks.c.guild_id, role_checks.c.due_ms)

# Roles that the bot cannot give or take at present, and why. Staff have been told of those in this table.
role_troubles = table(
    "role_troubles",
    integer("guild_id"),
    integer("role_id"),
    string("why"),
    integer("since_ms"),
    PrimaryKeyConstraint("guild_id", "role_id"),
    of_guild(),
    CheckConstraint("why IN ('permission', 'position', 'gone', 'power', 'refused')", name="why_is_known"),
)
