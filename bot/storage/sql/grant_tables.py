"""The tables of what staff may grant, have granted, and are about to grant."""

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint, UniqueConstraint

from bot.storage.sql.columns import Erasure, flag, holder, integer, is_flag, member, of_guild, string, table, words

# The limits on grants, in coins. NULL is no limit.
grant_limits = table(
    "grant_limits",
    integer("guild_id"),
    integer("per_grant", null=True),
    integer("per_day", null=True),
    PrimaryKeyConstraint("guild_id"),
    of_guild(),
    CheckConstraint("per_grant > 0", name="per_grant_is_positive"),
    CheckConstraint("per_day > 0", name="per_day_is_positive"),
    rowid=True,
)

# What each member of staff has granted on the last day on which they did, counted from row first_seq of the journal on.
granted_in_day = table(
    "granted_in_day",
    integer("guild_id"),
    holder("holder_id", Erasure.ROW),
    integer("day"),
    integer("coins"),
    integer("first_seq"),
    PrimaryKeyConstraint("guild_id", "holder_id"),
    of_guild(),
    CheckConstraint("coins > 0", name="coins_are_positive"),
)

# Grants of staff to themselves that wait for somebody else on the staff. made_by is a Discord user.
grant_requests = table(
    "grant_requests",
    integer("guild_id"),
    integer("request_id"),
    member("made_by", Erasure.ROW),
    integer("coins"),
    words("reason", "made_by"),
    integer("until_ms"),
    PrimaryKeyConstraint("guild_id", "request_id"),
    of_guild(),
    CheckConstraint("coins > 0", name="coins_are_positive"),
)

# Grants to many members, each from when staff have seen what it will do. `plan` has the Discord users who will get
# coins, as JSON; it is removed as soon as the grant is row `seq` of the journal.
grant_batches = table(
    "grant_batches",
    integer("guild_id"),
    integer("batch_id"),
    integer("members"),
    integer("coins"),
    string("reason"),
    string("plan", null=True),
    integer("made_ms"),
    integer("seq", null=True),
    PrimaryKeyConstraint("guild_id", "batch_id"),
    of_guild(),
)

# Offers of promo coins. `plain_code` is what typed codes are compared with, NULL if there is a button.
offers = table(
    "offers",
    integer("guild_id"),
    integer("offer_id"),
    string("kind"),
    string("code"),
    string("plain_code", null=True),
    integer("role_id"),
    integer("coins"),
    integer("uses", null=True),
    integer("claims"),
    integer("account_days"),
    integer("until_ms"),
    holder("giver"),
    flag("is_revoked"),
    PrimaryKeyConstraint("guild_id", "offer_id"),
    UniqueConstraint("guild_id", "plain_code"),
    of_guild(),
    is_flag("is_revoked"),
    CheckConstraint("kind IN ('code', 'button')", name="kind_is_known"),
    CheckConstraint("coins > 0", name="coins_are_positive"),
    CheckConstraint("uses IS NULL OR claims <= uses", name="uses_are_not_passed"),
)

# When members have typed codes that are none, as long as that counts.
wrong_codes = table(
    "wrong_codes",
    integer("guild_id"),
    member("member_id", Erasure.ROW),
    integer("at_ms"),
    PrimaryKeyConstraint("guild_id", "member_id", "at_ms"),
    of_guild(),
)
