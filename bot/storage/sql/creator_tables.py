"""The tables of creators: who may receive gifts, who applies, who is blocked, and how shares have changed."""

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint, UniqueConstraint, text

from bot.storage.sql.columns import (
    Erasure,
    flag,
    holder,
    index,
    integer,
    is_flag,
    member,
    of_guild,
    string,
    table,
    words,
)

# Members who may receive gifts. removed_ms is set for those who no longer may, and blocks_since_ms for those who have
# blocked somebody, or whom another creator has blocked.
creators = table(
    "creators",
    integer("guild_id"),
    member("member_id", Erasure.ROW),
    member("approved_by", Erasure.BLANK),
    integer("approved_ms"),
    integer("removed_ms", null=True),
    integer("paused_until_ms", null=True),
    words("note_words", "member_id", null=True),
    integer("blocks_since_ms", null=True),
    integer("recap_week", null=True),
    integer("recaps_off_ms", null=True),
    integer("staff_told_ms", null=True),
    PrimaryKeyConstraint("guild_id", "member_id"),
    of_guild(),
)

# Members who want to become creators. `answers` is a JSON list of questions and answers, which is emptied when staff
# decline. A row is deleted when they approve, when the member withdraws it, and 30 days after it was declined.
creator_applications = table(
    "creator_applications",
    integer("guild_id"),
    member("member_id", Erasure.ROW),
    integer("application_id"),
    words("answers", "member_id"),
    integer("applied_ms"),
    flag("announced"),
    integer("declined_ms", null=True),
    member("declined_by", Erasure.BLANK),
    words("reason", "member_id"),
    PrimaryKeyConstraint("guild_id", "member_id"),
    UniqueConstraint("guild_id", "application_id"),
    of_guild(),
    is_flag("announced"),
)
DECLINED = text("declined_ms IS NOT NULL")
index("ix_creator_applications_declined", creator_applications.c.declined_ms, where=DECLINED)

# What guilds ask, for those that have chosen: `questions` is a JSON list.
application_settings = table(
    "application_settings",
    integer("guild_id"),
    flag("is_open"),
    string("questions"),
    PrimaryKeyConstraint("guild_id"),
    of_guild(),
    is_flag("is_open"),
)

# How the shares of creators have changed, one row a change, under the guild's next number. `changed_by` is a holder. A
# row with `replaced_ms` never started, because another one came before that.
share_changes = table(
    "share_changes",
    integer("guild_id"),
    integer("number"),
    string("kind"),
    integer("from_percent"),
    integer("to_percent"),
    integer("changed_ms"),
    holder("changed_by"),
    integer("starts_ms"),
    integer("replaced_ms", null=True),
    flag("announced"),
    PrimaryKeyConstraint("guild_id", "number"),
    of_guild(),
    CheckConstraint("kind IN ('bought', 'promo')", name="kind_is_known"),
    is_flag("announced"),
)
UNTOLD_SHARES = text("announced = 0")
index("ix_share_changes_unannounced", share_changes.c.guild_id, where=UNTOLD_SHARES)

# Members whose gifts a creator does not want; both are holders. `seq` is 0, or the row of the anonymous gift whose
# sender is blocked: then only further anonymous gifts are refused.
creator_blocks = table(
    "creator_blocks",
    integer("guild_id"),
    holder("creator", Erasure.ROW),
    holder("sender", Erasure.ROW, exported=False),
    integer("seq"),
    integer("since_ms"),
    PrimaryKeyConstraint("guild_id", "creator", "sender", "seq"),
    of_guild(),
)
index("ix_creator_blocks_sender", creator_blocks.c.guild_id, creator_blocks.c.sender)
