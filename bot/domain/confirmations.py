"""Confirming by hand that money came: by two people unless a guild trusts one, and never by its buyer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.confirmation_errors import (
    AlreadyConfirmed,
    InvalidPaymentReference,
    OwnPayment,
    ReferenceDiffers,
)
from bot.domain.orders import Order
from bot.domain.text import clean

REFERENCE_LENGTH: Final = 60
"""The most graphemes of a payment's number."""
INSTRUCTIONS_LENGTH: Final = 500
"""The most graphemes of what buyers read about where to send the money."""
MOST_CONFIRMATIONS: Final = 2
"""People who must confirm a payment, unless a guild has chosen one."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A member of staff says that the money of an order came. `reference` is the payment's number in their account."""

    guild_id: int
    order_id: int
    member_id: int
    reference: str
    confirmed_ms: int


def clean_reference(text: str) -> str:
    """Return a payment's number as it is stored. Raise InvalidPaymentReference.

    The number of a payment tells nobody's name or address, so an e-mail address is refused.
    """
    reference = clean(text, REFERENCE_LENGTH)
    if not reference or "@" in reference:
        raise InvalidPaymentReference
    return reference


def clean_instructions(text: str) -> str:
    """Return the text about where to send the money, in the form in which it is stored: plain lines, without
    backticks."""
    lines = (clean(line, INSTRUCTIONS_LENGTH) for line in text.replace("`", "'").splitlines())
    return "\n".join(filter(None, lines))[:INSTRUCTIONS_LENGTH].strip()


def confirm(
    order: Order, earlier: Sequence[Confirmation], *, by: int, reference: str, needed: int, now_ms: int
) -> tuple[Confirmation | None, bool]:
    """Return the confirmation to add, None if `by` has confirmed before, and whether the payment is confirmed by now.

    `reference` may be empty once somebody has named it. Raises OwnPayment, AlreadyConfirmed, ReferenceDiffers or
    InvalidPaymentReference.
    """
    if by == order.member_id:
        raise OwnPayment
    people = {confirmation.member_id for confirmation in earlier}
    is_complete = len(people | {by}) >= needed
    if by in people:
        # The guild may have chosen one person meanwhile.
        if not is_complete:
            raise AlreadyConfirmed
        return None, True
    named = earlier[0].reference if earlier else ""
    if named and reference and reference.casefold() != named.casefold():
        raise ReferenceDiffers(named)
    return Confirmation(order.guild_id, order.order_id, by, clean_reference(named or reference), now_ms), is_complete
