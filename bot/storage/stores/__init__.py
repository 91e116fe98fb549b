"""One store per noun of the product, under the noun's own name.

Importing them fills the ledger's table of projections, so this package must be imported before commands are settled.
"""

from bot.storage.stores import (
    budgets,
    catalogue,
    chests,
    chip_ins,
    creators,
    fans,
    grant_batches,
    grant_limits,
    guilds,
    held_earnings,
    live,
    lots,
    missed_receipts,
    notices,
    offers,
    orders,
    payouts,
    perks,
    planned_gifts,
    reversals,
    staff_acts,
    withdrawals,
)

__all__ = [
    "budgets",
    "catalogue",
    "chests",
    "chip_ins",
    "creators",
    "fans",
    "grant_batches",
    "grant_limits",
    "guilds",
    "held_earnings",
    "live",
    "lots",
    "missed_receipts",
    "notices",
    "offers",
    "orders",
    "payouts",
    "perks",
    "planned_gifts",
    "reversals",
    "staff_acts",
    "withdrawals",
]
