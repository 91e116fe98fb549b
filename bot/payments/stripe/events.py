"""Events of Stripe, in both of its forms. Only their ids, and what they are about, are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, StringConstraints, ValidationError

from bot.payments.stripe.places import is_object

TYPES: Final = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "charge.refunded",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
)
"""The events that affect purchases. Any other event means nothing here."""

_THIN_PREFIX = "v1."
"""The beginning of the type of an event that only names its object."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event about a purchase. `object_id` is the payment's if the event names it, else the changed object's own.

    `account` is the connected account that it happened at, and `context` the same in events that name only their
    object; there it may be the operator's own account too.
    """

    event_id: str
    is_live: bool
    account: str
    context: str
    object_id: str

    @classmethod
    def parse(cls, body: bytes | Mapping[str, object]) -> Self | None:
        """Return the event in `body`, None if it is not about a purchase. Raise ValueError if it is no event."""
        try:
            event = _Event.model_validate_json(body) if isinstance(body, bytes) else _Event.model_validate(body)
        except ValidationError:
            # Its text quotes the body.
            raise ValueError("not an event") from None
        if event.type.removeprefix(_THIN_PREFIX) not in TYPES:
            return None
        object_id = _object_id(event.related_object or (event.data and event.data.object))
        # With several parts, the last is the account.
        context = (event.context or "").rpartition("/")[2]
        return cls(event.id, event.livemode, event.account or "", context, object_id)


class _Object(BaseModel):
    id: str | None = None
    payment_intent: object = None


class _Data(BaseModel):
    object: _Object | None = None


class _Event(BaseModel):
    object: Literal["event", "v2.core.event"]
    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]{1,160}$")]
    type: str
    livemode: bool
    account: str | None = None
    context: str | None = None
    data: _Data | None = None
    related_object: _Object | None = None


def _object_id(changed: _Object | None) -> str:
    if changed is None or changed.id is None or not is_object(changed.id):
        raise ValueError("an event about nothing")
    payment = changed.payment_intent
    is_session = changed.id.startswith("cs_")
    return payment if isinstance(payment, str) and is_object(payment) and not is_session else changed.id
