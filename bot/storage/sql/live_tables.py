"""The tables of live shows: the events, their creators, boards, matches and recaps, and what creators thanked for.

Members who only gave are holder ids here, too. Creators have their Discord ids, as in the table of creators.
"""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, PrimaryKeyConstraint, text

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


def _of_event() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["guild_id", "event_id"], ["live_events.guild_id", "live_events.event_id"])


# Creators' shows, at most one running per channel. recap_ms is set once the recap was posted, or never will be. The
# trains that are written down follow from rows up to trains_seq, and are those that were over by trains_ms.
live_events = table(
    "live_events",
    integer("guild_id"),
    integer("event_id"),
    integer("channel_id"),
    member("creator_id", Erasure.BLANK),
    words("title", "creator_id"),
    integer("goal", null=True),
    integer("started_ms"),
    integer("ends_ms"),
    integer("ended_ms", null=True),
    integer("goal_until_ms", null=True),
    words("reward", "creator_id"),
    integer("start_seq"),
    integer("closing_ms", null=True),
    integer("paused_ms", null=True),
    string("origin"),
    string("outcome"),
    integer("recap_ms", null=True),
    integer("trains_seq", null=True),
    integer("trains_ms", null=True),
    PrimaryKeyConstraint("guild_id", "event_id"),
    of_guild(),
    CheckConstraint("ends_ms > started_ms", name="event_lasts"),
    CheckConstraint("goal > 0", name="goal_is_positive"),
)
RUNS = text("ended_ms IS NULL")
index("uq_live_events_running_channel", live_events.c.guild_id, live_events.c.channel_id, unique=True, where=RUNS)
index("ix_live_events_ended", live_events.c.guild_id, live_events.c.ended_ms)

# The Discord events and Stages that belong to a live event. Rows are never deleted: each source is one show, however
# often Discord reports it. closed_ms is set once it is over.
live_sources = table(
    "live_sources",
    integer("guild_id"),
    string("source"),
    integer("event_id"),
    integer("closed_ms", null=True),
    PrimaryKeyConstraint("guild_id", "source"),
    _of_event(),
)

# The creators of a live event, including its first one. left_ms is set at the latest when the event ends. Each creator
# takes part in one running event at most.
live_creators = table(
    "live_creators",
    integer("guild_id"),
    integer("event_id"),
    member("member_id", Erasure.ROW),
    integer("joined_ms"),
    integer("left_ms", null=True),
    PrimaryKeyConstraint("guild_id", "event_id", "member_id"),
    _of_event(),
)
TAKES_PART = text("left_ms IS NULL")
_creators = live_creators.c
index("uq_live_creators_running", _creators.guild_id, _creators.member_id, unique=True, where=TAKES_PART)

# Facts about an ended event that would otherwise have to be computed from the journal. combo_sender is a holder id, 0
# for an anonymous combo. largest_sender is one, too, NULL if nobody is named.
live_recaps = table(
    "live_recaps",
    integer("guild_id"),
    integer("event_id"),
    integer("goal_ms", null=True),
    integer("train", null=True),
    holder("combo_sender", null=True),
    member("combo_creator", Erasure.BLANK, null=True),
    string("combo_name", null=True),
    string("combo_emoji", null=True),
    integer("combo_pieces", null=True, key="combo_quantity"),
    holder("largest_sender", null=True),
    string("largest_name", null=True),
    PrimaryKeyConstraint("guild_id", "event_id"),
    _of_event(),
)

# The board message of each event. made counts how often it was posted again because it had been deleted. Closed boards
# are left alone. replaced_id is the message that it has replaced, until that is removed.
live_boards = table(
    "live_boards",
    integer("guild_id"),
    integer("event_id"),
    integer("message_id"),
    integer("posted_ms"),
    integer("made"),
    flag("closed"),
    flag("is_layout"),
    integer("replaced_id", null=True),
    PrimaryKeyConstraint("guild_id", "event_id"),
    _of_event(),
    is_flag("closed"),
    is_flag("is_layout"),
)

# One-time announcements that were posted in an event's channel: that its goal was reached, that a train started, etc.
live_told = table(
    "live_told",
    integer("guild_id"),
    integer("event_id"),
    string("what"),
    PrimaryKeyConstraint("guild_id", "event_id", "what"),
    _of_event(),
)

# The goals that an event reached in time, with the times. They stay, whatever becomes of the goal and of gifts.
live_goals = table(
    "live_goals",
    integer("guild_id"),
    integer("event_id"),
    integer("goal"),
    integer("reached_ms"),
    PrimaryKeyConstraint("guild_id", "event_id", "goal"),
    _of_event(),
    CheckConstraint("goal > 0", name="reached_goal_is_positive"),
)

# Matches between two creators of an event. The points and decided are set with the event's recap.
live_matches = table(
    "live_matches",
    integer("guild_id"),
    integer("match_id"),
    integer("event_id"),
    member("creator_id", Erasure.BLANK),
    member("opponent_id", Erasure.BLANK),
    integer("rounds"),
    flag("frozen"),
    integer("started_ms"),
    integer("ended_ms", null=True),
    integer("creator_points", null=True),
    integer("opponent_points", null=True),
    flag("decided", null=True),
    PrimaryKeyConstraint("guild_id", "match_id"),
    _of_event(),
    CheckConstraint("rounds > 0", name="match_has_rounds"),
    is_flag("frozen"),
    is_flag("decided"),
)
index("ix_live_matches_event", live_matches.c.guild_id, live_matches.c.event_id)

# Invitations to matches, and the cards that show them and what came of them. message_id is set once the card is posted,
# as a layout of components or, before there were layouts, as an embed.
match_invitations = table(
    "match_invitations",
    integer("guild_id"),
    integer("match_id"),
    integer("channel_id"),
    member("creator_id", Erasure.BLANK),
    member("opponent_id", Erasure.BLANK),
    integer("rounds"),
    flag("frozen"),
    integer("invited_ms"),
    string("answer", null=True),
    integer("message_id", null=True),
    flag("is_layout"),
    PrimaryKeyConstraint("guild_id", "match_id"),
    of_guild(),
    CheckConstraint("rounds > 0", name="invitation_has_rounds"),
    is_flag("frozen"),
    is_flag("is_layout"),
)

# Up to which transaction, and for how much in total, a creator has thanked a member. Anonymous gifts are kept apart.
thanks = table(
    "thanks",
    integer("guild_id"),
    holder("creator"),
    holder("sender"),
    flag("anonymous"),
    integer("seq"),
    integer("coins"),
    integer("pieces"),
    PrimaryKeyConstraint("guild_id", "creator", "sender", "anonymous"),
    of_guild(),
    is_flag("anonymous"),
)

# Public thank-yous, each sent once. senders are holder ids joined by commas, 0 for anonymous senders.
thank_yous = table(
    "thank_yous",
    integer("guild_id"),
    integer("thanks_id"),
    integer("channel_id"),
    member("creator_id", Erasure.BLANK),
    string("senders"),
    integer("more"),
    integer("pieces"),
    integer("coins"),
    integer("sent_ms", null=True),
    PrimaryKeyConstraint("guild_id", "thanks_id"),
    of_guild(),
)
