"""The table of chests, in which sponsors share promo coins out."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, PrimaryKeyConstraint, text

from bot.storage.sql.columns import holder, index, integer, of_guild, table

# A chest is identified by the journal row that opened it. closed_seq is the row that took the last share or returned
# the rest, 0 while it is open. message_id is set once the channel was told.
chests = table(
    "chests",
    integer("guild_id"),
    integer("chest_id"),
    integer("channel_id"),
    holder("sponsor"),
    integer("share"),
    integer("shares"),
    integer("opened_ms"),
    integer("until_ms"),
    integer("account_days"),
    integer("joined_hours"),
    integer("taken"),
    integer("closed_seq"),
    integer("message_id", null=True),
    PrimaryKeyConstraint("guild_id", "chest_id"),
    of_guild(),
    ForeignKeyConstraint(["guild_id", "chest_id"], ["journal.guild_id", "journal.seq"]),
    CheckConstraint("share > 0", name="share_is_positive"),
    CheckConstraint("taken BETWEEN 0 AND shares", name="shares_are_not_passed"),
    CheckConstraint("taken < shares OR closed_seq <> 0", name="empty_chest_is_closed"),
)
OPEN_CHEST = text("closed_seq = 0")
index("ix_chests_open", chests.c.guild_id, chests.c.sponsor, unique=True, where=OPEN_CHEST)
