"""One store per noun of the product, under the noun's own name.

Importing them fills the ledger's table of projections, so whoever settles commands must have imported this package.
"""

from bot.storage.stores import (
    catalogue,
    creators,
    fans,
    grant_batches,
    grant_limits,
    guilds,
    live,
    lots,
    missed_receipts,
    notices,
    offers,
    orders,
    payouts,
    reversals,
    staff_acts,
    withdrawals,
)

__all__ = [
    "catalogue",
    "creators",
    "fans",
    "grant_batches",
    "grant_limits",
    "guilds",
    "live",
    "lots",
    "missed_receipts",
    "notices",
    "offers",
    "orders",
    "payouts",
    "reversals",
    "staff_acts",
    "withdrawals",
]
