"""Amounts in minor units: limits, tax, the buyer's own currency, and what Stripe takes."""

from typing import Final

from sandbox.discord.jsontypes import JSON
from sandbox.stripe.account import Account, new_id

LEAST_MINOR: Final = 50
MOST_MINOR: Final = 99_999_999
TAX_PERCENT: Final = 20
"""The tax wherever tax is computed: this Stripe knows one country."""
FEE_PER_MILLE: Final = 29
FEE_MINOR: Final = 30
DISPUTE_FEE_MINOR: Final = 1500
_RATES: Final = {"eur": 0.92, "usd": 1.09, "jpy": 1.63}
"""What 1.00 of any other currency costs a buyer; for yen, 0.01 of it."""


def buyer_currency(currency: str) -> str:
    """Return the currency of a buyer who pays in another one than the shop's."""
    return "eur" if currency != "eur" else "usd"


def converted(amount_minor: int, currency: str) -> int:
    """Return an amount in the buyer's `currency`, at a rate that never changes."""
    return max(round(amount_minor * _RATES[currency]), 1)


def tax_of(amount_minor: int, *, inclusive: bool) -> int:
    """Return the tax on an amount, or the tax within it."""
    if inclusive:
        return round(amount_minor * TAX_PERCENT / (100 + TAX_PERCENT))
    return round(amount_minor * TAX_PERCENT / 100)


def fee_of(amount_minor: int) -> int:
    """Return what Stripe keeps of a payment."""
    return round(amount_minor * FEE_PER_MILLE / 1000) + FEE_MINOR


def book(account: Account, kind: str, amount_minor: int, currency: str, *, source: str, fee_minor: int = 0) -> JSON:
    """Record a movement on the account's balance: positive amounts come in. `kind` is Stripe's reporting category."""
    now_s = account.now_s()
    return account.keep(
        {
            "id": new_id("txn_1"),
            "object": "balance_transaction",
            "amount": amount_minor,
            "available_on": now_s,
            "created": now_s,
            "currency": currency,
            "description": None,
            "exchange_rate": None,
            "fee": fee_minor,
            "fee_details": [],
            "net": amount_minor - fee_minor,
            "reporting_category": kind,
            "source": source,
            "status": "available",
            "type": "adjustment" if kind.startswith("dispute") else kind,
        }
    )
