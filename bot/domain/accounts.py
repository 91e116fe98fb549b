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
    HOUSE = "house"
    """What remains of gifts after the creator's share."""
    SOLD = "sold"
    """Where bought coins come from. Its balance is minus the coins ever sold."""
    GRANTED = "granted"
    """Where granted coins come from. Its balance is minus the coins ever granted."""
    DEBT = "debt"
    """Coins that were taken back from a member who no longer had them. Its balance is minus what the member owes."""


SOURCES = frozenset({AccountKind.SOLD, AccountKind.GRANTED, AccountKind.DEBT})
"""Kinds of account that may go below zero: coins enter the economy there, or are owed to it."""


IN_LOTS = (AccountKind.PAID,)
"""Kinds of account whose coins are in lots (see `bot.domain.lots`)."""


class Account(NamedTuple):
    """One account of one guild. `owner` is a holder id (see `bot.storage.ledger.holders`), or NOBODY."""

    kind: AccountKind
    owner: int


# Before Python 3.12, looking up an enum member costs a function call. Look these up once.
_PAID, _PROMO, _EARNINGS, _DEBT = AccountKind.PAID, AccountKind.PROMO, AccountKind.EARNINGS, AccountKind.DEBT


def paid_of(holder: int) -> Account:
    """Return the account that holds the coins a member bought."""
    return Account(_PAID, holder)


def promo_of(holder: int) -> Account:
    """Return the account that holds the coins a member was given."""
    return Account(_PROMO, holder)


def earnings_of(holder: int) -> Account:
    """Return the account that holds what a creator earned."""
    return Account(_EARNINGS, holder)


def debt_of(holder: int) -> Account:
    """Return the account of what a member owes."""
    return Account(_DEBT, holder)


HOUSE = Account(AccountKind.HOUSE, NOBODY)
SOLD = Account(AccountKind.SOLD, NOBODY)
GRANTED = Account(AccountKind.GRANTED, NOBODY)
