"""Reasons why staff cannot confirm a payment, or record that it went back. See `bot.domain.errors`."""

from dataclasses import dataclass

from bot.domain.errors import Refusal


@dataclass(unsafe_hash=True)
class OwnPayment(Refusal):
    """A member of staff wants to confirm a payment of their own."""


@dataclass(unsafe_hash=True)
class AlreadyConfirmed(Refusal):
    """The member has confirmed this payment. It takes somebody else, too."""


@dataclass(unsafe_hash=True)
class PaymentDecided(Refusal):
    """The payment of the order with this claim code has arrived, so there is nothing more to say about it."""

    code: str


@dataclass(unsafe_hash=True)
class PaymentAssigned(Refusal):
    """The payment belongs to an order already."""


@dataclass(unsafe_hash=True)
class ReferenceDiffers(Refusal):
    """Somebody else has already confirmed the payment under another number, `reference`."""

    reference: str


@dataclass(unsafe_hash=True)
class ReferenceUsed(Refusal):
    """Another payment, of the order with this claim code, was confirmed under the same number."""

    code: str


@dataclass(unsafe_hash=True)
class InvalidPaymentReference(Refusal):
    """What was typed is not the number of a payment: it is empty, or an e-mail address."""


@dataclass(unsafe_hash=True)
class RefundChanged(Refusal):
    """More has been sent back than when the form was opened, or more was typed than is left, in minor units."""

    left_minor: int
    currency: str


@dataclass(unsafe_hash=True)
class SecretTaken(Refusal, about="settings"):
    """Another guild has the same secret at a payment provider, so nobody could tell whose payments these are."""


@dataclass(unsafe_hash=True)
class InvalidPage(Refusal, about="settings"):
    """What was typed is not the name of a page at the payment provider."""


@dataclass(unsafe_hash=True)
class SecretMissing(Refusal, about="settings"):
    """The payment provider's messages cannot be recognized without a secret, and none is set."""
