"""What staff read about payments that they have to decide."""

from bot.domain.noted_payments import NO_ORDER
from bot.domain.payment_cases import CaseKind, Report
from bot.ui.text.reader import N_, Reader


def payment_news(report: Report, r: Reader) -> str:
    """Return what is unusual about a payment."""
    case, order = report.case, report.order
    if not case.amount_minor and (order is None or case.kind is not CaseKind.UNREADABLE):
        return r._("A payment arrived that I can't read. Look it up at the payment provider.")
    amount = r.money(case.amount_minor, case.currency)
    if case.kind is CaseKind.ELSEWHERE:
        return r._("{paid} came to this server's own account, but for no order from here.", paid=amount)
    if order is None and case.order_id == NO_ORDER:
        return r._("{paid} was paid without a code, so I don't know who paid.", paid=amount)
    if order is None:
        return r._("{paid} was paid for an order that doesn't exist here.", paid=amount)
    facts = {
        "member": f"<@{order.member_id}>",
        "paid": amount,
        "price": r.money(order.price_minor, order.currency),
        "coins": r.coins(order.coins),
    }
    if case.kind is CaseKind.DIFFERS and amount == facts["price"]:
        return r._("{member} paid {paid} for {coins}, but either the order or the payment was only a test.", **facts)
    return r._(_CASES[case.kind], limit=r.number(report.limit or 0), code=report.code, **facts)


_CASES = {
    CaseKind.DIFFERS: N_("{member} paid {paid} for {coins}, which cost {price}. No coins were added."),
    CaseKind.UNKNOWN_ORIGIN: N_(
        "{member} got {coins} from Discord, which doesn't say whether anybody paid. No coins were added."
    ),
    CaseKind.NOT_CREDITED: N_("{member} paid {paid} for {coins}, but that's more than their balance can hold."),
    CaseKind.OVER_LIMIT: N_(
        "{member} bought {coins} more often than the limit allows ({limit} per member). The coins were added."
    ),
    CaseKind.OVER_AMOUNT: N_(
        "{member} paid {paid} for {coins}, which is more than they may buy here. The coins were added."
    ),
    CaseKind.PAID_TWICE: N_("{member} paid {paid} a second time for {coins}. The coins were added twice."),
    CaseKind.NO_ORDER: N_("{member} paid {paid} for {coins}, which cost {price}. No coins were added."),
    CaseKind.UNCLEAR: N_("{paid} was paid, maybe by {member} for {coins}, or maybe in another server."),
    CaseKind.DISPUTED: N_("{member}'s bank disputes the payment of {paid} for {coins}. The coins were taken back."),
    CaseKind.REFUND_FAILED: N_("A refund to {member} failed, but the coins were taken back."),
    CaseKind.WITHDRAWN: N_(
        "{member} withdrew from {coins}, and gave the unspent ones back. Send {paid} back by hand, then close this."
    ),
    CaseKind.UNREADABLE: N_(
        "{member} ordered {coins} for {price}, and I can't read what became of the payment. Look it up at the payment"
        " provider."
    ),
    CaseKind.AWAITING: N_("{member} says they've paid {paid} for {coins}. Look for {code} in your account."),
}
"""A sentence for each kind of case whose order is known."""


def payment_details(report: Report, r: Reader) -> str:
    """Return the numbers by which a payment can be found here and at its provider."""
    case = report.case
    if case.kind is CaseKind.AWAITING:
        # The order's reference at the provider only repeats its number.
        return r._("Order {order} · {when}", order=case.order_id, when=r.when(case.opened_ms))
    # What precedes a payment's own number is only for us.
    payment = f"`{case.provider} {case.external_id.removeprefix(f'{case.guild_id}/')}`"
    if case.order_id == NO_ORDER:
        return r._("{when} · payment {payment}", payment=payment, when=r.when(case.opened_ms))
    return r._(
        "Order {order} · {when} · payment {payment}",
        order=case.order_id,
        payment=payment,
        when=r.when(case.opened_ms),
    )
