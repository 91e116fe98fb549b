"""Where coins can be. Every account belongs to one guild and has a kind and an owner."""

from enum import StrEnum
from typing import NamedTuple

NOBODY = 0
"""Owner of the accounts that belong to the guild itself."""


class AccountKind(StrEnum):
    """What an account is for. The values are stored in the database."""

    PAID = "paid"
    """Coins a member bought."""
    PROMO = "promo"
    """Coins a member was given. They are spent before paid coins."""
    EARNINGS = "earnings"
    """A creator's share of the gifts received."""
    RESERVED = "reserved"
    """Earnings that a creator has asked to be paid, until they are, or go back."""
    CHEST = "chest"
    """Promo coins that sponsors share out, until members take them or they go back."""
    CHIPS = "chips"
    """Coins a member bought and has chipped in for a gift that others pool for, too."""
    PROMO_CHIPS = "promo_chips"
    """Coins a member was given and has chipped in."""
    PAID_OUT = "paid_out"
    """Earnings that staff have paid in money. They never come back."""
    HOUSE = "house"
    """What remains of gifts after the creator's share."""
    SOLD = "sold"
    """Where bought coins come from. Its balance is minus the coins ever sold."""
    GRANTED = "granted"
    """Where granted coins come from. Its balance is minus the coins ever granted."""
    DEBT = "debt"
    """Coins that were taken back from a member who no longer had them. Its balance is minus what the member owes."""
    TEST = "test"
    """Coins a member bought without real money, to try things out. They never mix with those bought with money."""
    TEST_EARNINGS = "test_earnings"
    """A creator's share of gifts of test coins. It is never paid out."""
    TEST_HOUSE = "test_house"
    """What remains of gifts of test coins after the creator's share."""
    TEST_SOLD = "test_sold"
    """Where test coins come from."""
    TEST_CHIPS = "test_chips"
    """Test coins that a member has chipped in."""
    TEST_DEBT = "test_debt"
    """Like a debt, but of test coins. Only test coins pay it off."""


SOURCES = frozenset(
    {AccountKind.SOLD, AccountKind.GRANTED, AccountKind.DEBT, AccountKind.TEST_SOLD, AccountKind.TEST_DEBT}
)
"""Kinds of account that may go negative: coins enter the economy there, or are owed to it."""

DEBTS = frozenset({AccountKind.DEBT, AccountKind.TEST_DEBT})
"""Kinds of account that are never above zero."""


WALLETS = (AccountKind.PAID, AccountKind.TEST)
"""Kinds of account with what members have bought and can spend."""

CHIPPED_IN = (AccountKind.CHIPS, AccountKind.TEST_CHIPS)
"""Kinds of account with what members have bought and chipped in."""

IN_LOTS = (*WALLETS, *CHIPPED_IN)
"""Kinds of account whose coins are in lots (see `bot.domain.lots`)."""


class Account(NamedTuple):
    """One account of one guild. `owner` is a holder id (see `bot.storage.ledger.holders`), or NOBODY."""

    kind: AccountKind
    owner: int


class Coinage(NamedTuple):
    """One of the two sorts of bought coins, as the kinds of account among which they move. No coin leaves its sort.

    Promo coins go where the coins go that they are spent together with, and come back from there.
    `wallet` is where a member has bought coins, `chips` where those are that they chipped in, and `source` where they
    come from.
    """

    wallet: AccountKind
    chips: AccountKind
    earnings: AccountKind
    debt: AccountKind
    house: Account
    source: Account

    def wallet_of(self, holder: int) -> Account:
        """Return the account of what a member has bought of these coins."""
        return Account(self.wallet, holder)

    def chips_of(self, holder: int) -> Account:
        """Return the account of what a member has chipped in of these coins."""
        return Account(self.chips, holder)

    def earnings_of(self, holder: int) -> Account:
        """Return the account of what a creator has earned in these coins."""
        return Account(self.earnings, holder)

    def debt_of(self, holder: int) -> Account:
        """Return the account of what a member owes in these coins."""
        return Account(self.debt, holder)


# Before Python 3.12, looking up an enum member costs a function call. Look these up once.
_PAID, _PROMO, _DEBT = AccountKind.PAID, AccountKind.PROMO, AccountKind.DEBT


def paid_of(holder: int) -> Account:
    """Return the account that holds the coins a member bought."""
    return Account(_PAID, holder)


def promo_of(holder: int) -> Account:
    """Return the account that holds the coins a member was given."""
    return Account(_PROMO, holder)


def promo_chips_of(holder: int) -> Account:
    """Return the account that holds the coins a member was given and has chipped in."""
    return Account(AccountKind.PROMO_CHIPS, holder)


def debt_of(holder: int) -> Account:
    """Return the account of what a member owes."""
    return Account(_DEBT, holder)


def reserved_of(holder: int) -> Account:
    """Return the account of what a creator has asked to be paid."""
    return Account(AccountKind.RESERVED, holder)


HOUSE = Account(AccountKind.HOUSE, NOBODY)
CHEST = Account(AccountKind.CHEST, NOBODY)
PAID_OUT = Account(AccountKind.PAID_OUT, NOBODY)
SOLD = Account(AccountKind.SOLD, NOBODY)
GRANTED = Account(AccountKind.GRANTED, NOBODY)
TEST_HOUSE = Account(AccountKind.TEST_HOUSE, NOBODY)
TEST_SOLD = Account(AccountKind.TEST_SOLD, NOBODY)

REAL_COINS = Coinage(_PAID, AccountKind.CHIPS, AccountKind.EARNINGS, _DEBT, HOUSE, SOLD)
"""Coins that were bought with money."""
TEST_COINS = Coinage(
    AccountKind.TEST,
    AccountKind.TEST_CHIPS,
    AccountKind.TEST_EARNINGS,
    AccountKind.TEST_DEBT,
    TEST_HOUSE,
    TEST_SOLD,
)
"""Coins that were bought at a provider without real money."""

TEST_KINDS = frozenset(kind for kind in AccountKind if kind.value.startswith("test"))
"""Kinds of account of test coins. What they hold is worth nothing."""


def debt_beside(account: Account) -> Account:
    """Return the account of what the owner of `account` owes in the coins that it holds."""
    return Account(AccountKind.TEST_DEBT if account.kind in TEST_KINDS else _DEBT, account.owner)
