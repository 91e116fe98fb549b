"""Every reason why a reversal is refused, or a gift of a member who owes coins after one. See `bot.domain.errors`."""

from dataclasses import dataclass

from bot.domain.errors import Refusal


@dataclass(unsafe_hash=True)
class InDebt(Refusal):
    """The member owes `coins`, and cannot spend or share any until incoming coins have settled the debt."""

    coins: int


@dataclass(unsafe_hash=True)
class AlreadyReversed(Refusal):
    """Everything in row `seq` has been taken back before."""

    seq: int


@dataclass(unsafe_hash=True)
class DeclineOver(Refusal):
    """The gift was sent more than a day ago, so it stays."""


@dataclass(unsafe_hash=True)
class NotReversible(Refusal):
    """Rows of this kind are not taken back."""

    kind: str


@dataclass(unsafe_hash=True)
class HouseShort(Refusal):
    """The house holds `balance` coins, less than the `needed` ones that are its part of the gift to take back."""

    balance: int
    needed: int
