"""The tables of announcements: what was posted, which channels refuse messages, and who wants fewer of them."""

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint, text

from bot.storage.sql.columns import (
    Erasure,
    flag,
    index,
    integer,
    is_flag,
    member,
    of_guild,
    of_journal,
    string,
    table,
)

# Our messages about gifts, for as long as they may change. `bot.domain.posts.Post` explains the columns.
announcements = table(
    "announcements",
    integer("guild_id"),
    integer("channel_id"),
    integer("about"),
    integer("first_seq"),
    integer("last_seq"),
    string("form"),
    integer("opened_ms"),
    integer("grown_ms"),
    integer("due_ms"),
    integer("promised_seq", key="attempted_seq"),
    integer("shown_seq"),
    integer("message_id"),
    integer("posted_ms"),
    integer("unpin_ms"),
    integer("roundup"),
    flag("is_layout"),
    PrimaryKeyConstraint("guild_id", "channel_id", "about", "first_seq"),
    of_guild(),
    CheckConstraint("last_seq >= first_seq", name="gifts_are_in_order"),
    is_flag("is_layout"),
)
# Queries must use this text: a partial index serves only a query that repeats its condition literally.
UNFINISHED = text("(shown_seq < last_seq OR unpin_ms > 0)")
index("ix_announcements_unfinished", announcements.c.guild_id, where=UNFINISHED)
LISTED = text("roundup > 0")
index(
    "ix_announcements_listed",
    announcements.c.guild_id,
    announcements.c.channel_id,
    announcements.c.roundup,
    where=LISTED,
)

# Which gifts are on which message.
message_gifts = table(
    "message_gifts",
    integer("guild_id"),
    integer("message_id"),
    integer("seq"),
    PrimaryKeyConstraint("guild_id", "message_id", "seq"),
    of_journal(),
)

# Which message of ours, identified by its channel and first row, shows the notes of which gifts.
announced_notes = table(
    "announced_notes",
    integer("guild_id"),
    integer("channel_id"),
    integer("first_seq"),
    integer("seq"),
    PrimaryKeyConstraint("guild_id", "channel_id", "first_seq", "seq"),
    of_journal(),
)

# Channels that refused the last message, with Discord's error code. told is set once staff know. The channel is tried
# again at retry_ms.
broken_channels = table(
    "broken_channels",
    integer("guild_id"),
    integer("channel_id"),
    integer("code"),
    integer("since_ms"),
    flag("told"),
    integer("refusals"),
    integer("retry_ms"),
    PrimaryKeyConstraint("guild_id", "channel_id"),
    of_guild(),
    is_flag("told"),
)

# How a guild wants gifts to be announced. Without a row, the defaults of `domain.announcement_settings` apply.
announcement_settings = table(
    "announcement_settings",
    integer("guild_id"),
    integer("quiet_start"),
    integer("quiet_end"),
    string("lowest_tier"),
    PrimaryKeyConstraint("guild_id"),
    of_guild(),
    CheckConstraint("quiet_start BETWEEN 0 AND 1439 AND quiet_end BETWEEN 0 AND 1439", name="quiet_is_a_day"),
    rowid=True,
)

# What members have chosen for themselves. Members without a row have chosen nothing. hidden_since_ms is set for those
# who are not shown on leaderboards, and amounts_hidden_since_ms for those whose sums are not. Choices that a gift needs
# are in holders.
member_settings = table(
    "member_settings",
    integer("guild_id"),
    member("member_id", Erasure.ROW),
    flag("no_pings"),
    integer("hidden_since_ms", null=True),
    integer("amounts_hidden_since_ms", null=True),
    PrimaryKeyConstraint("guild_id", "member_id"),
    of_guild(),
    is_flag("no_pings"),
)
