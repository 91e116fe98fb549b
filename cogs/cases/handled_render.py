"""What an order looks like to the staff who handle its payment."""

from bot.domain.confirmations import Confirmation
from bot.domain.orders import PaymentStatus
from bot.domain.policy import Actor
from bot.domain.text import shown
from bot.services.manual_payments import HandledOrder
from bot.ui import theme
from bot.ui.kit.cards import Card, Part
from bot.ui.text import mentions
from bot.ui.text.personal_refusals import own_payment
from bot.ui.text.reader import Reader


def handled(handled_order: HandledOrder, viewer: Actor, reader: Reader, *, may_decide: bool) -> Card:
    """Return an order, what is known of its payment, and who may do what about it."""
    order = handled_order.order
    facts = {
        "member": mentions.member(order.member_id, reader),
        "price": f"**{reader.money(order.price_minor, order.currency)}**",
        "coins": f"**{reader.coins(order.coins)}**",
    }
    lines = [
        reader._("{member} ordered {coins} for {price}, {when}.", when=reader.when(order.consented_ms), **facts),
        _payment(handled_order, reader),
        *(_confirmed(confirmation, reader) for confirmation in handled_order.confirmations),
    ]
    if handled_order.is_undecided:
        lines.append(_next_step(handled_order, viewer, reader, may_decide=may_decide))
    title = reader._("Order {code}", code=handled_order.code) if handled_order.code else reader._("Order")
    colour = theme.AMBER if handled_order.is_undecided else theme.GREY
    footer = reader._("Order {order}", order=order.order_id)
    return Card(colour, (Part("\n".join(filter(None, lines))),), title=title, footer=footer)


def _payment(handled_order: HandledOrder, reader: Reader) -> str:
    payment = handled_order.payment
    if payment is None:
        return reader._("The buyer hasn't said yet that the money is on its way.")
    if payment.status is PaymentStatus.FAILED:
        return reader._("Staff said that the money hasn't arrived. If it does arrive, you can still confirm it.")
    if payment.status is not PaymentStatus.PAID:
        return reader._("The buyer says the money is on its way, {when}.", when=reader.when(payment.noted_ms))
    amount, refunded = (
        reader.money(minor, payment.currency) for minor in (payment.amount_minor, payment.refunded_minor)
    )
    if payment.refunded_minor:
        return reader._("{paid} arrived. {refunded} of it was sent back.", paid=amount, refunded=refunded)
    return reader._("{paid} arrived {when}.", paid=amount, when=reader.when(payment.noted_ms))


def _confirmed(confirmation: Confirmation, reader: Reader) -> str:
    return reader._(
        "✅ {member} confirmed it {when}: {reference}",
        member=mentions.member(confirmation.member_id, reader),
        when=reader.when(confirmation.confirmed_ms),
        reference=shown(confirmation.reference),
    )


def _next_step(handled_order: HandledOrder, viewer: Actor, reader: Reader, *, may_decide: bool) -> str:
    if not may_decide:
        return reader._("Only treasurers can confirm payments.")
    if handled_order.order.member_id == viewer.user_id:
        return own_payment(reader, viewer)
    if handled_order.is_confirmed_by(viewer.user_id):
        return reader._("You've confirmed it. Somebody else has to confirm it, too, before the coins are added.")
    if handled_order.confirmations:
        return reader._("One more person has to confirm it before the coins are added.")
    return reader._(
        "Look for {code} in your account. Confirm only if you see the whole amount there.", code=handled_order.code
    )
