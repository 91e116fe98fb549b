"""The tables of perks: what guilds offer, their files, what members have unlocked, and the panels in channels."""

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint, text

from bot.storage.sql.columns import (
    blob,
    flag,
    holder,
    index,
    integer,
    is_flag,
    of_guild,
    string,
    table,
    words,
)

# The perks of each guild. See `bot.domain.perks.Perk` for the meaning of each column. NULL is no limit.
perks = table(
    "perks",
    integer("guild_id"),
    integer("perk_id"),
    string("name"),
    string("emoji"),
    string("kind"),
    string("way"),
    integer("needs"),
    integer("made_ms"),
    holder("creator"),
    string("about"),
    integer("role_id"),
    integer("channel_id"),
    string("text"),
    string("file"),
    integer("days", null=True),
    integer("stock", null=True),
    integer("each", null=True),
    string("restock", null=True),
    integer("restock_to", null=True),
    integer("restock_ms", null=True),
    flag("archived"),
    PrimaryKeyConstraint("guild_id", "perk_id"),
    of_guild(),
    CheckConstraint("kind IN ('role', 'channel', 'text', 'file', 'shoutout')", name="kind_is_known"),
    CheckConstraint("way IN ('coins', 'tier', 'level', 'club')", name="way_is_known"),
    CheckConstraint("restock IN ('day', 'week', 'month')", name="restock_is_known"),
    CheckConstraint("needs >= 0", name="needs_are_not_negative"),
    CheckConstraint("stock >= 0", name="stock_is_left"),
    is_flag("archived"),
)

# The file of a perk. In the books, so that every bot has it and every backup, too.
perk_files = table(
    "perk_files",
    integer("guild_id"),
    integer("perk_id"),
    blob("content"),
    PrimaryKeyConstraint("guild_id", "perk_id"),
    of_guild(),
    rowid=True,
)

# What members, who are holders, have unlocked. `row` is the purchase in the journal, or the gift that it was had for.
perk_unlocks = table(
    "perk_unlocks",
    integer("guild_id"),
    integer("unlock_id"),
    integer("perk_id"),
    holder("holder"),
    string("state"),
    integer("at_ms"),
    integer("from_ms"),
    integer("until_ms", null=True),
    integer("row"),
    integer("coins"),
    words("note", "holder"),
    integer("changed_ms"),
    PrimaryKeyConstraint("guild_id", "unlock_id"),
    of_guild(),
    CheckConstraint("state IN ('open', 'doing', 'done', 'reversed', 'over')", name="state_is_known"),
)
index("ix_perk_unlocks_holder", perk_unlocks.c.guild_id, perk_unlocks.c.holder, perk_unlocks.c.perk_id)
UNDELIVERED = text("state IN ('open', 'doing')")
index("ix_perk_unlocks_undelivered", perk_unlocks.c.guild_id, perk_unlocks.c.perk_id, where=UNDELIVERED)
OF_ROW = text("row <> 0")
index("ix_perk_unlocks_row", perk_unlocks.c.guild_id, perk_unlocks.c.row, where=OF_ROW)

# The message in a channel that lists the perks, one for a guild.
perk_panels = table(
    "perk_panels",
    integer("guild_id"),
    integer("channel_id"),
    integer("message_id"),
    PrimaryKeyConstraint("guild_id"),
    of_guild(),
)
