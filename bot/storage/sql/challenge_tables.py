"""The tables of challenges: what staff wrote, what members did in them, and who got which prizes. Members are holders.

What members did, and their points, follow from the journal.
"""

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint

from bot.storage.sql.columns import flag, holder, index, integer, is_flag, of_guild, string, table

# `sources` has the points and the most a day for each source, and `prizes` a list of prizes, both as JSON. A draft has
# no posted_ms. message_id and result_id are NULL until they are posted, and 0 where the channel refused them.
challenges = table(
    "challenges",
    integer("guild_id"),
    integer("challenge_id"),
    string("name"),
    string("about"),
    holder("maker"),
    integer("days"),
    integer("starts_ms", null=True),
    integer("ends_ms", null=True),
    integer("double_from_ms", null=True),
    integer("double_hours"),
    flag("is_by_creator"),
    string("sources"),
    string("prizes"),
    string("zone"),
    integer("channel_id"),
    integer("posted_ms", null=True),
    integer("message_id", null=True),
    integer("over_ms", null=True),
    integer("result_id", null=True),
    PrimaryKeyConstraint("guild_id", "challenge_id"),
    of_guild(),
    is_flag("is_by_creator"),
    CheckConstraint("posted_ms IS NULL OR ends_ms > starts_ms", name="end_follows_start"),
)

# What a member gifted a creator under their own name on a day (20261122) of a challenge, apart for its time of double
# points.
challenge_days = table(
    "challenge_days",
    integer("guild_id"),
    integer("challenge_id"),
    holder("gifter"),
    holder("creator"),
    integer("day"),
    flag("is_double"),
    integer("coins"),
    integer("pieces"),
    PrimaryKeyConstraint("guild_id", "challenge_id", "gifter", "creator", "day", "is_double"),
    of_guild(),
    is_flag("is_double"),
    CheckConstraint("coins >= 0", name="no_more_is_taken_than_given"),
    CheckConstraint("pieces >= 0", name="no_more_pieces_are_taken_than_given"),
)

# The points that members have for these gifts, in the league of a creator (0: in the only one). last_ms is when the
# last row of the journal changed what they have done there.
challenge_scores = table(
    "challenge_scores",
    integer("guild_id"),
    integer("challenge_id"),
    holder("league"),
    holder("gifter"),
    integer("points"),
    integer("last_ms"),
    PrimaryKeyConstraint("guild_id", "challenge_id", "league", "gifter"),
    of_guild(),
    CheckConstraint("points >= 0", name="points_are_not_negative"),
)

# Who got which prize: prize number `prize` of the challenge, for a place in a league. The role stays with the member
# as long as the row does. `coins` are in the books as soon as coins_state is 'given'; 'refused' if that was not
# possible, and 'none' where there are none. fallen_ms is when role and badge fell with
# the points for it.
challenge_awards = table(
    "challenge_awards",
    integer("guild_id"),
    integer("challenge_id"),
    holder("league"),
    holder("winner"),
    integer("prize"),
    integer("place"),
    integer("points"),
    integer("role_id"),
    string("badge"),
    string("words"),
    integer("coins"),
    string("coins_state"),
    integer("at_ms"),
    integer("fallen_ms", null=True),
    PrimaryKeyConstraint("guild_id", "challenge_id", "league", "winner", "prize"),
    of_guild(),
    CheckConstraint("coins_state IN ('none', 'open', 'given', 'refused')", name="coins_state_is_known"),
)
index("ix_challenge_awards_winner", challenge_awards.c.guild_id, challenge_awards.c.winner)
