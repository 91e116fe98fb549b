"""Payments that no provider can be asked about. What we know of one is what its notice or our staff said."""

from dataclasses import dataclass

from bot.domain.orders import Observation, PaymentStatus, Reference

NO_ORDER = 0
"""The order id of a payment that belongs to no order yet."""


@dataclass(frozen=True, slots=True)
class PaidNotice:
    """A payment as reported in a provider's notice. The guild is the one whose token has this hash.

    `amount_minor` is 0 if the notice is genuine, but its amount cannot be read. `codes` are the claim codes that it
    may quote, and `product` the provider's id of what was bought, "" if it names none.
    """

    token_hash: str
    message_id: str
    kind: str
    amount_minor: int
    currency: str
    codes: tuple[str, ...] = ()
    product: str = ""


@dataclass(frozen=True, slots=True)
class NotedPayment:
    """A payment that was noted. The amount and `refunded_minor`, which went back so far, are in minor units.

    `kind` and `code` are the provider's word for the payment and the claim code that it quoted, "" for none.
    """

    provider: str
    external_id: str
    guild_id: int
    order_id: int
    status: PaymentStatus
    amount_minor: int
    currency: str
    noted_ms: int
    refunded_minor: int = 0
    kind: str = ""
    code: str = ""
    product: str = ""

    @property
    def observation(self) -> Observation:
        """The payment as every provider reports it."""
        return Observation(
            provider=self.provider,
            external_id=self.external_id,
            reference=Reference(self.guild_id, self.order_id),
            status=self.status,
            amount_minor=self.amount_minor,
            currency=self.currency,
            live=True,
            refunded_minor=self.refunded_minor,
        )

    @property
    def left_minor(self) -> int:
        """What has not been sent back yet."""
        return self.amount_minor - self.refunded_minor if self.status is PaymentStatus.PAID else 0
