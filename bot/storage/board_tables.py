"""The tables of leaderboards: lines, and what makes a place among a million of them quick to find."""

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint, UniqueConstraint

from bot.storage.columns import index, integer, string, table

# Every leaderboard that has a line: a board in one bucket of a period; scope is 0, or a creator whose fans it ranks.
ladders = table(
    "ladders",
    integer("guild_id"),
    integer("ladder"),
    string("board"),
    integer("scope"),
    string("period"),
    integer("bucket"),
    integer("places"),
    integer("coins"),
    integer("pieces"),
    PrimaryKeyConstraint("guild_id", "ladder"),
    UniqueConstraint("guild_id", "board", "scope", "period", "bucket"),
)

# The lines of every leaderboard: sums over the gifts, kept in the same transaction.
standings = table(
    "standings",
    integer("guild_id"),
    integer("ladder"),
    integer("subject"),
    integer("coins"),
    integer("pieces"),
    integer("last_seq"),
    PrimaryKeyConstraint("guild_id", "ladder", "subject"),
    CheckConstraint("coins > 0 AND pieces > 0", name="something_given"),
)
index("ix_standings_order", standings.c.guild_id, standings.c.ladder, standings.c.coins.desc(), standings.c.last_seq)

# How many lines of a leaderboard are in each cell (see `bot.domain.standings`): places are found by counting few lines.
tallies = table(
    "tallies",
    integer("guild_id"),
    integer("ladder"),
    integer("cell"),
    integer("places"),
    PrimaryKeyConstraint("guild_id", "ladder", "cell"),
    CheckConstraint("places >= 0", name="places_are_counted"),
)
