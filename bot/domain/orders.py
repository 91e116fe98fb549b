"""Orders: the steps of a purchase, from the buyer's consent to the coins."""

import hashlib
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple, Self

from bot.domain.ids import HIGHEST, id_in
from bot.domain.order_states import MONEY_CAME, STEPS, Action, OrderState, Report, Step
from bot.domain.packages import Terms


class Reference(NamedTuple):
    """The name of an order at a payment provider. It includes the guild, because order ids are unique only within one.

    `guild_id` is None in old references, which were the order's id alone.
    """

    guild_id: int | None
    order_id: int

    def __str__(self) -> str:
        return str(self.order_id) if self.guild_id is None else f"{self.guild_id}-{self.order_id}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Return the reference in `text`, None if it is not one of ours."""
        guild, dash, order = text.rpartition("-")
        guild_id, order_id = id_in(guild), id_in(order)
        if order_id is None or (guild_id is None and dash):
            return None
        return cls(guild_id, order_id)


@dataclass(frozen=True, slots=True)
class Order:
    """One purchase: the package, the price and the time at which the buyer consented to them.

    `order_id` is the id of the interaction that made it. `coins` includes the bonus. `test` marks orders at a provider
    without real money. `consent_version` is the number of the text that the buyer consented to, 0 before texts had one.
    `report` is the fingerprint of the last observation that was settled; by then, `refunded_minor` had been paid back.
    `product` is the package's name at its provider (a SKU, say), as it was when the buyer consented.

    If the provider showed and charged the buyer another currency than that of the price, the buyer paid
    `presented_minor` of `presented_currency`. These are only shown, and never compared with anything.
    """

    guild_id: int
    order_id: int
    member_id: int
    package_id: int
    coins: int
    price_minor: int
    currency: str
    provider: str
    test: bool
    consented_ms: int
    state: OrderState = OrderState.CREATED
    external_id: str = ""
    consent_version: int = 0
    report: str = ""
    refunded_minor: int = 0
    product: str = ""
    presented_minor: int | None = None
    presented_currency: str | None = None

    @property
    def key(self) -> str:
        """The idempotency key of the credit in the journal of the order's guild."""
        return f"order:{self.order_id}"

    @property
    def reference(self) -> Reference:
        """The name of this order at its provider, which opens one checkout for it."""
        return Reference(self.guild_id, self.order_id)

    @property
    def terms(self) -> Terms:
        """The terms that the buyer accepted."""
        return Terms(self.coins, self.price_minor, self.currency)


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach a buyer: through the panel that `reply_token` can edit, None once Discord rejects it.

    `last_seen_state` is the last state of the order that the buyer saw, None before the first. `locale` is Discord's
    name of the buyer's language.
    """

    locale: str
    reply_token: str | None
    last_seen_state: OrderState | None = None


class PaymentStatus(StrEnum):
    """The state of the payment at a checkout."""

    OPEN = "open"
    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"


class DisputeStatus(StrEnum):
    """The state of a dispute. The provider holds the money from the moment it opens, and gives it back if it is won."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Dispute(NamedTuple):
    """A dispute that a buyer's bank has opened, about `amount_minor` of the payment.

    `due_ms` is when the provider needs an answer, None if it does not say.
    """

    dispute_id: str
    status: DisputeStatus
    amount_minor: int
    due_ms: int | None = None


class Cause(StrEnum):
    """Why something is taken back, other than by a reversal of the staff. The values are stored."""

    REFUND = "refund"
    DISPUTE = "dispute"
    WITHDRAWAL = "withdrawal"
    DECLINED = "declined"
    """The creator declined the gift."""
    STAFF_DECLINED = "staff_declined"
    """Staff declined the gift for its creator."""


@dataclass(frozen=True, slots=True)
class Observation:
    """Everything that a payment provider says about one purchase. It is read anew for every settlement.

    The amount is what was or is still to be paid, and `refunded_minor` how much of it went back so far, both in minor
    units. If it `is_unclear`, nobody knows how the purchase was made, so it may or may not have been paid for.
    `presented_minor` of `presented_currency` is what the buyer saw and paid, if that was in another currency.
    `other_ids` are further ids of the payment at the provider, besides `external_id`, as far as it names them.
    """

    provider: str
    external_id: str
    reference: Reference | None
    status: PaymentStatus
    amount_minor: int
    currency: str
    live: bool
    refunded_minor: int = 0
    disputes: tuple[Dispute, ...] = ()
    is_unclear: bool = False
    presented_minor: int | None = None
    presented_currency: str | None = None
    other_ids: tuple[str, ...] = field(default=(), compare=False)

    @property
    def is_paid(self) -> bool:
        """Whether the money came, even if it has gone back since."""
        return self.status is PaymentStatus.PAID

    @property
    def event_id(self) -> str:
        """An id for the event that led to this report, if the provider named none."""
        disputes = (f"{dispute.dispute_id}={dispute.status}={dispute.amount_minor}" for dispute in self.disputes)
        refunded = [str(self.refunded_minor)] if self.refunded_minor else []
        return ":".join([self.status, self.external_id, *refunded, *disputes])

    @property
    def fingerprint(self) -> str:
        """The report as text, to recognize it when nothing has changed."""
        return f"{self.event_id}:{self.amount_minor}{self.currency}{'' if self.live else ' test'}"


def is_newly_disputed(order: Order, observation: Observation) -> bool:
    """Whether a dispute is open that was not open in the last report that was settled."""
    return any(
        dispute.status is DisputeStatus.OPEN and f":{dispute.dispute_id}={DisputeStatus.OPEN}=" not in order.report
        for dispute in observation.disputes
    )


def is_paid_by(order: Order, observation: Observation) -> bool:
    """Whether there was a payment for exactly this order, amount and currency."""
    is_named = observation.reference in {order.reference, Reference(None, order.order_id)}
    return (
        observation.is_paid
        and observation.provider == order.provider
        and (is_named or order.external_id == observation.external_id)
        and observation.amount_minor == order.price_minor
        and observation.currency == order.currency
        and observation.live != order.test
        and not observation.is_unclear
    )


def _is_accepted_refund(order: Order, observation: Observation) -> bool:
    """Whether money went back from a payment that did not match, but for which staff added the coins all the same."""
    has_moved = observation.refunded_minor > 0 or order.refunded_minor > 0 or bool(observation.disputes)
    return has_moved and order.state in MONEY_CAME and order.external_id == observation.external_id


def report_of(order: Order, observation: Observation) -> Report:
    """Return what a provider's observation means for `order`."""
    if not observation.is_paid:
        return Report(observation.status.value)
    if not is_paid_by(order, observation) and not _is_accepted_refund(order, observation):
        return Report.DIFFERS
    statuses = {dispute.status for dispute in observation.disputes}
    if DisputeStatus.OPEN in statuses:
        return Report.DISPUTED
    if DisputeStatus.LOST in statuses:
        return Report.LOST
    if observation.refunded_minor >= observation.amount_minor:
        return Report.REFUNDED
    if observation.refunded_minor > 0:
        return Report.PARTLY_REFUNDED
    return Report.WON if DisputeStatus.WON in statuses else Report.PAID


def step_of(order: Order, observation: Observation) -> Step:
    """Return the next step of `order` after its provider has reported `observation`."""
    if not observation.is_paid and order.external_id not in {"", observation.external_id}:
        # The report is about a checkout that another one has replaced.
        return Step(order.state, Action.NOTHING)
    return STEPS[order.state, report_of(order, observation)]


def paid_again(order: Order, observation: Observation) -> Order:
    """Return the order for a second payment of `order`: the buyer gets what they paid for, and staff hear of it.

    Its id follows from the payment, so that the same payment is always the same order.
    """
    digest = hashlib.sha256(f"{observation.provider} {observation.external_id}".encode()).digest()
    order_id = int.from_bytes(digest[:8], "big") % HIGHEST + 1
    return replace(
        order,
        order_id=order_id,
        external_id=observation.external_id,
        state=OrderState.OPEN,
        report="",
        refunded_minor=0,
        presented_minor=None,
        presented_currency=None,
    )


def coins_for(order: Order, minor: int) -> int:
    """Return how many of the order's coins `minor` units of its price stand for, rounded down: all of them for the
    whole price."""
    return order.coins * min(max(minor, 0), order.price_minor) // order.price_minor


def money_back(order: Order, unspent: int) -> int:
    """Return what a buyer gets for `unspent` coins of an order, in minor units: the price in proportion, half up.

    Bonus coins count like the others. It is never more than the seller still has of the payment.
    """
    return max(min(price_of(order, unspent), order.price_minor - order.refunded_minor), 0)


def price_of(order: Order, coins: int) -> int:
    """Return what `coins` of the order cost, in minor units, rounded half up."""
    return (2 * order.price_minor * coins + order.coins) // (2 * order.coins)
