"""Payouts by transfer: the payment provider sends the money of an approved payout to its creator's account there.

Nothing may be paid twice, whatever is lost between the request and its answer. So each attempt is written down before
the provider is asked, with an account and an amount that never change. While it is open, nobody can reject the payout
or record a payment of another kind, and the attempt is repeated under the same key until the provider has answered.
Before each repetition the provider is asked what it has sent for the payout: keys last a day, transfers stay.

An attempt that was refused for certain has moved nothing. The payout is approved and not paid, as before. One that
goes back after it was recorded stays in the books as paid, since payments never leave them, and staff are told.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from bot.domain.currencies import check_currency
from bot.domain.errors import InvalidAmount
from bot.domain.payout_errors import TransferTooSmall

MOST_MINOR: Final = 99_999_999
"""The most minor units of one transfer, and of the price of a thousand diamonds."""

FIRST_LOOK_MS: Final = 60_000
"""How long the presser's own call has to get the answer before the bot asks again by itself."""

AGAIN_MS: Final = 300_000
"""How long the bot waits before it asks again."""


LOOK_EVERY_MS: Final = 24 * 3_600_000
"""How often the bot looks whether a transfer that is recorded has gone back."""

LOOK_FOR_MS: Final = 30 * LOOK_EVERY_MS
"""How long it does so."""

REVERSED: Final = "reversed"
"""Why an attempt is refused whose money went back before it was recorded, and what is noted if it did after that."""


class TransferState(StrEnum):
    """What has become of an attempt. The values are stored."""

    OPEN = "open"
    """Nobody knows yet whether the money was sent."""
    SENT = "sent"
    REFUSED = "refused"


class TransferTerms(NamedTuple):
    """What a guild pays for a thousand diamonds, in minor units of a currency."""

    currency: str
    minor_per_thousand: int

    def checked(self) -> "TransferTerms":
        """Return the same. Raise InvalidAmount or InvalidCurrency for what no guild can choose."""
        if not 1 <= self.minor_per_thousand <= MOST_MINOR:
            raise InvalidAmount(str(self.minor_per_thousand), 1, MOST_MINOR)
        check_currency(self.currency)
        return self

    def estimate(self, diamonds: int) -> int:
        """Return what diamonds are worth, in minor units, rounded down."""
        return diamonds * self.minor_per_thousand // 1_000

    def worth(self, diamonds: int) -> int:
        """Return what is paid for diamonds, in minor units, rounded down. Raise TransferTooSmall for nothing."""
        amount_minor = self.estimate(diamonds)
        if not amount_minor:
            raise TransferTooSmall
        if amount_minor > MOST_MINOR:
            raise InvalidAmount(str(amount_minor), 1, MOST_MINOR)
        return amount_minor


@dataclass(frozen=True, slots=True)
class Transfer:
    """One attempt to pay a payout. `started_by` is a holder. `why` is what the provider refused it for, as it says."""

    guild_id: int
    payout_id: int
    attempt: int
    account: str
    amount_minor: int
    currency: str
    started_by: int
    started_ms: int
    state: TransferState = TransferState.OPEN
    external_id: str = ""
    why: str = ""
    ended_ms: int = 0

    @property
    def key(self) -> str:
        """The key under which the provider sends it once, however often it is asked to."""
        return f"payout:{self.guild_id}:{self.payout_id}:{self.attempt}"

    @property
    def group(self) -> str:
        """What tells the provider's transfers for this payout from all others."""
        return f"payout:{self.guild_id}:{self.payout_id}"


class SentTransfer(NamedTuple):
    """A transfer as the provider lists it. What is `reversed` has gone back as a whole."""

    external_id: str
    amount_minor: int
    currency: str
    account: str
    attempt: int
    is_reversed: bool


def sent_for(attempt: Transfer, listed: list[SentTransfer]) -> SentTransfer | None:
    """Return what has paid the payout of an attempt, None if nothing has. What went back pays nothing."""
    return next((each for each in listed if not each.is_reversed), None)


def has_gone_back(attempt: Transfer, listed: list[SentTransfer]) -> bool:
    """Whether the transfer of an attempt that is recorded has gone back since."""
    return any(each.is_reversed and each.external_id == attempt.external_id for each in listed)


def is_back(attempt: Transfer, listed: list[SentTransfer]) -> bool:
    """Whether the attempt itself was sent, and went back before the books knew of it."""
    return any(each.is_reversed and each.attempt == attempt.attempt for each in listed)
