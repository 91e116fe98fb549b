"""Wallets: a member's coins in one guild, and the transactions that changed them."""

from dataclasses import dataclass

from bot.domain.ledger.charge import takes_test_coins
from bot.domain.orders import Order
from bot.domain.receipts import Receipt


@dataclass(frozen=True, slots=True)
class Wallet:
    """A member's accounts, in coins. A creator's earnings cannot be spent on gifts. `debt` is what the member owes.

    Three are the same in test coins. An open payout has `reserved` earnings, which are no part of the others.
    """

    paid: int = 0
    promo: int = 0
    earnings: int = 0
    debt: int = 0
    test: int = 0
    test_earnings: int = 0
    test_debt: int = 0
    reserved: int = 0

    @property
    def total(self) -> int:
        """Coins that can be spent, without test coins."""
        return self.paid + self.promo

    @property
    def spendable(self) -> int:
        """The most that one gift may cost: promo coins go with either bought coins or test coins."""
        return self.promo + max(self.paid, self.test)

    def spends_test_coins(self, coins: int) -> bool:
        """Whether test coins would pay for a gift of that price: see `bot.domain.ledger.charge`."""
        return takes_test_coins(0 if self.debt else self.promo, self.test, coins)


@dataclass(frozen=True, slots=True)
class WalletLine:
    """One transaction from a wallet's view.

    `amount` changes the spendable coins, `earned` the earnings, and `debt_change` the debt: it is above 0 if that grew.
    A transaction of test coins changes all of these in test coins. `order` is the purchase that it credits, with what
    was really paid for it, None if it credits none.
    """

    seq: int
    kind: str
    at_ms: int
    amount: int
    receipt: Receipt
    earned: int = 0
    debt_change: int = 0
    order: Order | None = None

    @property
    def is_test(self) -> bool:
        """Whether it is about test coins."""
        return self.receipt.is_test
