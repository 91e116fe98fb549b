"""Wallets: what a member holds in one guild, and the lines of the journal that touched it."""

from dataclasses import dataclass

from bot.domain.receipts import Receipt


@dataclass(frozen=True, slots=True)
class Wallet:
    """A member's accounts, in coins. Earnings are a creator's own and cannot be spent on gifts."""

    paid: int = 0
    promo: int = 0
    earnings: int = 0

    @property
    def total(self) -> int:
        """Coins that can be spent."""
        return self.paid + self.promo


@dataclass(frozen=True, slots=True)
class Line:
    """One transaction as a member's wallet saw it: `amount` on the spendable coins, `earned` on the earnings."""

    seq: int
    kind: str
    at_ms: int
    amount: int
    receipt: Receipt
    earned: int = 0
