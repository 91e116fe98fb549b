"""Every table of the books. Migrations must build exactly these, and a test compares the two.

Keys start with the guild, so that one guild's rows lie together. Amounts and times are integers: coins, real money in
minor units, and milliseconds since the epoch (UTC). Only holders, creators, applications, orders, planned gifts, cases,
confirmations, requests of grants, changes of holds and the tables of live shows contain the ids of Discord users.
Tables that count coins have only holder ids.
"""

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint, UniqueConstraint

import bot.storage.sql.attendance_tables  # pyright: ignore[reportUnusedImport] - only its store knows it
import bot.storage.sql.budget_tables  # pyright: ignore[reportUnusedImport] - only its store knows it
import bot.storage.sql.challenge_tables  # pyright: ignore[reportUnusedImport] - belongs to the books
import bot.storage.sql.chest_tables  # pyright: ignore[reportUnusedImport] - only its store knows it
import bot.storage.sql.club_tables  # pyright: ignore[reportUnusedImport] - belongs to the books
import bot.storage.sql.erasure_tables  # pyright: ignore[reportUnusedImport] - belongs to the books
import bot.storage.sql.gifter_tables  # pyright: ignore[reportUnusedImport] - only one fold knows them
import bot.storage.sql.grant_tables  # pyright: ignore[reportUnusedImport] - belongs to the books
import bot.storage.sql.overlay_tables  # pyright: ignore[reportUnusedImport] - only its store knows them
import bot.storage.sql.perk_tables  # pyright: ignore[reportUnusedImport] - belongs to the books
import bot.storage.sql.reaction_tables  # pyright: ignore[reportUnusedImport] - only its store knows them
import bot.storage.sql.standing_tables  # pyright: ignore[reportUnusedImport] - belongs to the books
import bot.storage.sql.statistics_tables  # pyright: ignore[reportUnusedImport] - only one fold knows them
import bot.storage.sql.train_tables  # noqa: F401  # pyright: ignore[reportUnusedImport] - only its store knows them
from bot.storage.sql.announcement_tables import (
    LISTED,
    UNFINISHED,
    announced_notes,
    announcement_settings,
    announcements,
    broken_channels,
    member_settings,
    message_gifts,
)
from bot.storage.sql.catalogue_tables import gift_items, item_pictures, packages
from bot.storage.sql.chip_in_tables import chip_ins, chips
from bot.storage.sql.columns import (
    Erasure,
    chosen_since,
    holder,
    integer,
    member,
    metadata,
    of_guild,
    of_journal,
    string,
    table,
)
from bot.storage.sql.creator_tables import (
    DECLINED,
    UNTOLD_SHARES,
    application_settings,
    creator_applications,
    creator_blocks,
    creators,
    share_changes,
)
from bot.storage.sql.cursor_tables import cursors, marks
from bot.storage.sql.deadline_tables import deadlines
from bot.storage.sql.freeze_tables import freezes
from bot.storage.sql.hold_tables import earnings_by_source, hold_changes, pieces_taken_back
from bot.storage.sql.journal_tables import MEMBERS_OWN, entries, heads, journal, notes
from bot.storage.sql.leaderboard_tables import (
    ladders,
    leaderboard_calendars,
    leaderboard_days,
    past_standings,
    standings,
    tallies,
    uncounted_rows,
)
from bot.storage.sql.live_tables import (
    live_boards,
    live_creators,
    live_events,
    live_goals,
    live_matches,
    live_recaps,
    live_sources,
    live_told,
    match_invitations,
    thank_yous,
    thanks,
)
from bot.storage.sql.lot_tables import lots, unlisted_lots
from bot.storage.sql.notice_tables import missed_receipts, notices
from bot.storage.sql.payment_tables import (
    HOLDS_TOKEN,
    IS_SECRET,
    OF_PRODUCT,
    UNANNOUNCED,
    UNASSIGNED,
    UNDECIDED,
    UNREPORTED,
    bare_references,
    buying_limits,
    claim_codes,
    confirmations,
    exchange_rates,
    guild_providers,
    noted_payments,
    order_refunds,
    orders,
    payment_cases,
    payment_ids,
    planned_gifts,
    product_purchases,
    settlement_counts,
    webhook_events,
    withdrawals,
)
from bot.storage.sql.payout_tables import IS_OPEN, UNANNOUNCED_PAYOUT, payout_rules, payouts
from bot.storage.sql.proof_tables import proof_channels
from bot.storage.sql.result_tables import results
from bot.storage.sql.staff_tables import staff_acts, staff_logs

__all__ = [
    "DECLINED",
    "HOLDS_TOKEN",
    "IS_OPEN",
    "IS_SECRET",
    "LISTED",
    "MEMBERS_OWN",
    "OF_PRODUCT",
    "UNANNOUNCED",
    "UNANNOUNCED_PAYOUT",
    "UNASSIGNED",
    "UNDECIDED",
    "UNFINISHED",
    "UNREPORTED",
    "UNTOLD_SHARES",
    "announced_notes",
    "announcement_settings",
    "announcements",
    "application_settings",
    "balances",
    "bare_references",
    "broken_channels",
    "buying_limits",
    "chip_ins",
    "chips",
    "claim_codes",
    "confirmations",
    "creator_applications",
    "creator_blocks",
    "creators",
    "cursors",
    "deadlines",
    "earnings_by_source",
    "entries",
    "exchange_rates",
    "freezes",
    "gift_items",
    "guild_providers",
    "guilds",
    "heads",
    "hold_changes",
    "holders",
    "item_pictures",
    "journal",
    "ladders",
    "leaderboard_calendars",
    "leaderboard_days",
    "live_boards",
    "live_creators",
    "live_events",
    "live_goals",
    "live_matches",
    "live_recaps",
    "live_sources",
    "live_told",
    "lots",
    "marks",
    "match_invitations",
    "member_settings",
    "message_gifts",
    "metadata",
    "missed_receipts",
    "noted_payments",
    "notes",
    "notices",
    "order_refunds",
    "orders",
    "packages",
    "past_standings",
    "payment_cases",
    "payment_ids",
    "payout_rules",
    "payouts",
    "pieces_taken_back",
    "planned_gifts",
    "product_purchases",
    "proof_channels",
    "results",
    "reversals",
    "settlement_counts",
    "share_changes",
    "staff_acts",
    "staff_logs",
    "standings",
    "tallies",
    "thank_yous",
    "thanks",
    "uncounted_rows",
    "unlisted_lots",
    "webhook_events",
    "withdrawals",
]

# The guilds that have books, with their settings. left_ms is set while the bot is not a member.
guilds = table(
    "guilds",
    integer("guild_id"),
    integer("gift_channel_id"),
    integer("share_percent"),
    integer("promo_share_percent"),
    integer("confirm_above"),
    string("time_zone"),
    integer("manager_role_id"),
    integer("host_role_id"),
    integer("treasurer_role_id"),
    integer("auditor_role_id"),
    integer("joined_ms"),
    integer("left_ms", null=True),
    integer("message_lowest", null=True),
    integer("message_highest", null=True),
    string("currency_name", null=True),
    string("currency_emoji", null=True),
    integer("money_since_ms", null=True),
    string("language", null=True),
    *(integer(f"next_{name}_{part}", null=True) for name in ("share", "promo_share") for part in ("percent", "ms")),
    string("note_words", null=True),
    integer("staff_creators_since_ms", null=True),
    integer("creator_week", null=True),
    integer("frozen_since_ms", null=True),
    integer("young_limit", null=True),
    integer("matches_since_ms", null=True),
    *(integer(name, null=True) for name in ("sponsor_role_id", "chest_account_days", "chest_joined_hours")),
    string("overlay_notes_from", null=True),
    integer("overlay_holds_since_ms", null=True),
    PrimaryKeyConstraint("guild_id"),
    CheckConstraint("share_percent BETWEEN 0 AND 100", name="share_is_percent"),
    CheckConstraint("promo_share_percent BETWEEN 0 AND 100", name="promo_share_is_percent"),
    rowid=True,
)

# The member behind each holder id. Erasing a member sets user_id to NULL, and leaves every sum as it is.
holders = table(
    "holders",
    integer("guild_id"),
    holder("holder_id"),
    member("user_id", Erasure.BLANK, null=True),
    chosen_since("anonymous_since_ms", "user_id"),
    chosen_since("quiet_since_ms", "user_id"),
    PrimaryKeyConstraint("guild_id", "holder_id"),
    UniqueConstraint("guild_id", "user_id"),
    of_guild(),
    CheckConstraint("holder_id > 0", name="holder_is_somebody"),
)

# The balance of each account: the sum of its entries, updated in the same transaction.
balances = table(
    "balances",
    integer("guild_id"),
    holder("owner"),
    string("kind"),
    integer("amount"),
    PrimaryKeyConstraint("guild_id", "owner", "kind"),
    CheckConstraint(
        "amount >= 0 OR kind IN ('sold', 'granted', 'debt', 'test_sold', 'test_debt')", name="amount_is_covered"
    ),
)

# How much of a journal row was taken back: pieces of a gift, or coins.
reversals = table(
    "reversals",
    integer("guild_id"),
    integer("seq"),
    integer("part"),
    PrimaryKeyConstraint("guild_id", "seq"),
    of_journal(),
    CheckConstraint("part > 0", name="something_was_taken_back"),
)
