"""Wallets: a member's coins in one guild, and the transactions that changed them."""

from dataclasses import dataclass

from bot.domain.receipts import Receipt


@dataclass(frozen=True, slots=True)
class Wallet:
    """A member's accounts, in coins. A creator's earnings cannot be spent on gifts. `debt` is what the member owes."""

    paid: int = 0
    promo: int = 0
    earnings: int = 0
    debt: int = 0

    @property
    def total(self) -> int:
        """Coins that can be spent."""
        return self.paid + self.promo


@dataclass(frozen=True, slots=True)
class WalletLine:
    """One transaction from a wallet's view.

    `amount` changes the spendable coins, `earned` the earnings, and `debt_change` the debt: it is above 0 if that grew.
    """

    seq: int
    kind: str
    at_ms: int
    amount: int
    receipt: Receipt
    earned: int = 0
    debt_change: int = 0
