"""The tables of leaderboards: their lines, and the counts that make a place among a million of them quick to find.

A line holds the sums of its latest day, week and month beside those of all time. When a line begins a new day or month,
the sums of the one before go to `past_standings`: one row per line and day, however many gifts were sent on it. Live
events have their own lines.
"""

from collections.abc import Iterator

from sqlalchemy import CheckConstraint, Column, PrimaryKeyConstraint, UniqueConstraint, text

from bot.storage.sql.columns import holder, index, integer, of_guild, of_journal, string, table

FOLLOWER = "fold:leaderboards"
"""The name that is stored with the cursor of what fills these tables."""

SPANS = ("day", "week", "month")
"""The periods that start over. Each has its own columns, prefixed with its name."""


def _of_spans(*names: str, null: bool) -> Iterator[Column[int]]:
    for span in SPANS:
        yield integer(span, null=null)
        yield from (integer(f"{span}_{name}") for name in names)


# Every leaderboard that has a line, with its totals. scope is 0, or the creator whose fans it ranks. event is 0, or the
# only live event that it covers, without days, weeks and months. day, week and month are the ones being counted.
# Creators get no copy of these rows: places counts the senders of their anonymous gifts, too.
ladders = table(
    "ladders",
    integer("guild_id"),
    integer("ladder"),
    string("board"),
    holder("scope", exported=False),
    integer("event"),
    integer("places"),
    integer("coins"),
    integer("pieces"),
    *_of_spans("places", "coins", "pieces", null=False),
    PrimaryKeyConstraint("guild_id", "ladder"),
    UniqueConstraint("guild_id", "board", "scope", "event"),
    CheckConstraint("event = 0 OR (day = 0 AND week = 0 AND month = 0)", name="events_have_no_days"),
)

# The lines of every leaderboard: sums over gifts. If the day of a line is not that of its ladder, its day columns are
# stale. Rows lie in the order of subjects, because a gift changes several lines of the
# same few subjects.
standings = table(
    "standings",
    integer("guild_id"),
    holder("subject"),
    integer("ladder"),
    integer("last_seq"),
    integer("coins"),
    integer("pieces"),
    *_of_spans("coins", "pieces", null=True),
    PrimaryKeyConstraint("guild_id", "subject", "ladder"),
    CheckConstraint("coins > 0 AND pieces > 0", name="something_given"),
)
_c = standings.c
index("ix_standings_order", _c.guild_id, _c.ladder, _c.coins.desc(), _c.last_seq)
for _span in SPANS:
    index(
        f"ix_standings_order_{_span}",
        _c.guild_id,
        _c.ladder,
        _c[_span],
        _c[f"{_span}_coins"].desc(),
        _c.last_seq,
        where=text(f"{_span} IS NOT NULL"),
    )

# What lines had when their day or month was over: period is a day (20261031) or a month (202610). A line that nothing
# was added to since still has it in `standings`. Rows of a day lie together, because boards of days read all of them.
past_standings = table(
    "past_standings",
    integer("guild_id"),
    integer("ladder"),
    integer("period"),
    holder("subject"),
    integer("last_seq"),
    integer("coins"),
    integer("pieces"),
    PrimaryKeyConstraint("guild_id", "ladder", "period", "subject"),
    CheckConstraint("coins > 0 AND pieces > 0", name="something_given"),
)

# The days on which a guild's leaderboards counted gifts, and the journal row that each began with.
leaderboard_days = table(
    "leaderboard_days",
    integer("guild_id"),
    integer("day"),
    integer("first_seq"),
    PrimaryKeyConstraint("guild_id", "day"),
    of_guild(),
)

# How many lines of a leaderboard are in each rank bin (`bot.storage.folds.leaderboards.rank_bins`), so that a place is
# found by counting a few lines only. period is 'all' or the name of a span. Only the current ones are counted.
tallies = table(
    "tallies",
    integer("guild_id"),
    integer("ladder"),
    string("period"),
    integer("cell"),
    integer("places"),
    PrimaryKeyConstraint("guild_id", "ladder", "period", "cell"),
    CheckConstraint("places >= 0", name="places_are_counted"),
)

# The day, week and month that a guild's leaderboards count, and the journal row that each began with. latest_ms is when
# the latest gift was sent. Rows up to ahead_seq that are later than ahead_ms were booked by a clock that was wrong.
leaderboard_calendars = table(
    "leaderboard_calendars",
    integer("guild_id"),
    *(integer(f"{span}{suffix}") for span in SPANS for suffix in ("", "_seq")),
    integer("latest_ms"),
    integer("ahead_seq"),
    integer("ahead_ms"),
    PrimaryKeyConstraint("guild_id"),
    of_guild(),
)

# Rows of the journal that a fold could not count and went on without.
uncounted_rows = table(
    "uncounted_rows",
    integer("guild_id"),
    string("follower"),
    integer("seq"),
    PrimaryKeyConstraint("guild_id", "follower", "seq"),
    of_journal(),
)
