"""The tables of payouts: what creators have asked for, what was decided, and the rules that guilds chose."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, PrimaryKeyConstraint, text

from bot.storage.sql.columns import (
    Erasure,
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

# A request is known by its row in the journal. closed_seq is the row that paid or rejected it, 0 while it is open, and
# the note of that row is the reference or the reason. `announced` is 1 once staff were told. All people are holders.
# `sending` is the attempt of a transfer that is under way.
payouts = table(
    "payouts",
    integer("guild_id"),
    integer("payout_id"),
    holder("creator"),
    integer("diamonds"),
    integer("requested_ms"),
    string("state"),
    holder("approved_by"),
    integer("approved_ms"),
    holder("closed_by"),
    integer("closed_ms"),
    integer("closed_seq"),
    flag("announced"),
    integer("sending", null=True),
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

# What a guild pays for a thousand diamonds by transfer, in minor units. Guilds without a row do not pay by transfer.
transfer_terms = table(
    "transfer_terms",
    integer("guild_id"),
    string("currency"),
    integer("minor_per_thousand"),
    PrimaryKeyConstraint("guild_id"),
    of_guild(),
    CheckConstraint("minor_per_thousand > 0", name="rate_is_positive"),
)

# The account at the payment provider on which a creator, a holder, receives transfers.
payees = table(
    "payees",
    integer("guild_id"),
    holder("holder", Erasure.ROW),
    string("account"),
    PrimaryKeyConstraint("guild_id", "holder"),
    of_guild(),
)

# Every attempt to pay a payout by transfer. Its account and amount never change, so that it can be repeated as it was.
# external_id is the transfer's at the provider, and why is what the provider refused it for. started_by is a holder.
payout_transfers = table(
    "payout_transfers",
    integer("guild_id"),
    integer("payout_id"),
    integer("attempt"),
    words("account", "payouts.creator"),
    integer("amount_minor"),
    string("currency"),
    string("state"),
    string("external_id"),
    string("why"),
    holder("started_by"),
    integer("started_ms"),
    integer("ended_ms"),
    PrimaryKeyConstraint("guild_id", "payout_id", "attempt"),
    ForeignKeyConstraint(["guild_id", "payout_id"], ["payouts.guild_id", "payouts.payout_id"]),
    CheckConstraint("attempt > 0", name="attempts_count_from_one"),
    CheckConstraint("amount_minor > 0", name="amount_is_positive"),
    CheckConstraint("state IN ('open', 'sent', 'refused')", name="state_is_known"),
)
