"""What a payment provider has to do so that payouts can be paid through it."""

from typing import Protocol, runtime_checkable

from bot.domain.transfers import SentTransfer, Transfer
from bot.payments.provider import ProviderError


class TransferRefused(ProviderError):  # noqa: N818 - an answer
    """The provider has refused a transfer for certain: nothing was sent. `code` is its word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(f"sending a transfer: refused, {code}")
        self.code = code


class Payer(Protocol):
    """Sends money to accounts of creators."""

    def pays(self, guild_id: int) -> bool:
        """Whether the operator has switched it on for this guild."""
        ...

    async def onboard(self, guild_id: int, holder: int, account: str) -> tuple[str, str]:
        """Return a creator's account, a new one if `account` is "", and the page where they set it up.

        Raises ProviderError.
        """
        ...

    async def is_ready(self, account: str) -> bool:
        """Whether an account takes transfers. Raises ProviderError."""
        ...

    async def listed(self, group: str) -> list[SentTransfer]:
        """Return what was sent for a payout, newest first. Raises ProviderError."""
        ...

    async def send(self, attempt: Transfer) -> str:
        """Send the money of an attempt, once for its key, and return the transfer's id.

        Raises TransferRefused if nothing was sent, and ProviderError if that is not known.
        """
        ...


@runtime_checkable
class PayingProvider(Protocol):
    """A payment provider through which payouts can be paid."""

    @property
    def payer(self) -> Payer | None:
        """What sends the money, None if the operator has not switched that on."""
        ...
