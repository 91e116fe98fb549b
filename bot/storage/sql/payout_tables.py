"""The tables of payouts: what creators have asked for, what became of it, and what guilds chose about it."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, PrimaryKeyConstraint, text

from bot.storage.sql.columns import flag, index, integer, is_flag, of_guild, string, table

# A request is known by its row in the journal. closed_seq is the row that paid or rejected it, 0 while it is open, and
# the note of that row is the reference or the reason. `announced` is 1 once staff were told. All people are holders.
payouts = table(
    "payouts",
    integer("guild_id"),
    integer("payout_id"),
    integer("creator"),
    integer("diamonds"),
    integer("requested_ms"),
    string("state"),
    integer("approved_by"),
    integer("approved_ms"),
    integer("closed_by"),
    integer("closed_ms"),
    integer("closed_seq"),
    flag("announced"),
    PrimaryKeyConstraint("guild_id", "payout_id"),
    of_guild(),
    ForeignKeyConstraint(["guild_id", "payout_id"], ["journal.guild_id", "journal.seq"]),
    CheckConstraint("diamonds > 0", name="diamonds_are_positive"),
    CheckConstraint("state IN ('requested', 'approved', 'paid', 'rejected')", name="state_is_known"),
    CheckConstraint("approved_by <> creator", name="nobody_approves_their_own"),
    CheckConstraint("state <> 'paid' OR closed_by <> creator", name="nobody_pays_themselves"),
    CheckConstraint("(state IN ('paid', 'rejected')) = (closed_seq <> 0)", name="end_is_in_the_journal"),
    CheckConstraint("state NOT IN ('approved', 'paid') OR approved_by <> 0", name="somebody_approved"),
    is_flag("announced"),
)
IS_OPEN = text("state IN ('requested', 'approved')")
UNANNOUNCED_PAYOUT = text("announced = 0")
index("ix_payouts_open", payouts.c.guild_id, payouts.c.creator, unique=True, where=IS_OPEN)
index("ix_payouts_unannounced", payouts.c.guild_id, where=UNANNOUNCED_PAYOUT)

# The fewest diamonds of one payout, and how many people among the staff it takes. Guilds without a row have not chosen.
payout_rules = table(
    "payout_rules",
    integer("guild_id"),
    integer("minimum"),
    integer("people"),
    PrimaryKeyConstraint("guild_id"),
    of_guild(),
    CheckConstraint("minimum > 0", name="minimum_is_positive"),
    CheckConstraint("people IN (1, 2)", name="people_are_known"),
)
