"""The outcome of a payment: the receipt, and everything else that a buyer may have to hear."""

from dataclasses import replace

from bot.domain.budgets import Line
from bot.domain.ledger.gift import facts_of as gift_facts
from bot.domain.ledger.order import facts_of as order_facts
from bot.domain.order_states import CREDITED, OrderState
from bot.domain.orders import Observation, Order
from bot.domain.planned_gifts import PlannedGift
from bot.domain.receipts import Receipt
from bot.services.manual_payments import MANUAL
from bot.services.planned_gifts import GiftOutcome
from bot.services.settlements import Settlement
from bot.ui import theme
from bot.ui.kit.cards import Card, Part
from bot.ui.looks.budgets import purchase_warning, warning_of
from bot.ui.looks.orders import price_of
from bot.ui.text import mentions
from bot.ui.text.reader import N_, Reader
from bot.ui.text.refusal_texts import not_charged
from cogs.buy import discord_render, gift_render, render


def decided(order: Order, reader: Reader) -> Card:
    """Return the answer to a button of an order that has been paid, or is being paid."""
    if order.state in CREDITED:
        text = reader._(
            "You've paid for this order, and I've added {coins} to your balance.",
            coins=reader.coins(order.coins, is_test=order.test),
        )
        return Card.of(text, theme.GREEN)
    if order.state is OrderState.REVIEW:
        return _in_review(order, None, reader)
    if order.state is OrderState.CANCELLED:
        return discord_render.free_coins(order, "", reader)
    text = reader._("Your payment is on its way. You'll get a receipt.")
    return Card.of(text, theme.GREY)


def settled(news: Settlement, plan: PlannedGift | None, reader: Reader, budget: Line | None = None) -> Card:
    """Return the receipt of a paid order, or another outcome of its payment, and of the gift of the `plan`.

    `budget` is the limit of the buyer's that is most used up, if that is news.
    """
    order, receipt = news.order, news.receipt
    if order.state is OrderState.REVIEW:
        return _in_review(order, news.payment, reader)
    if order.state in _MONEY_BACK:
        return _money_back(_as_paid(news), reader)
    if receipt is None and order.provider == MANUAL:
        return _not_arrived(order, plan, reader)
    if receipt is None:
        title, text = _UNPAID[order.state is OrderState.FAILED]
        parts = [Part(reader._(text) + not_charged(reader)), *gift_render.unsent(plan, reader)]
        return Card(theme.AMBER, tuple(parts), title=reader._(title), footer=render.number(order, reader))
    gift = news.gift
    lines = [
        reader._(
            "Thank you! I've added {coins} to your balance.",
            coins=f"**{reader.coins(order.coins, is_test=order.test)}**",
        ),
        mentions.paid_off(receipt, reader),
        reader._("Paid: {price}", price=price_of(_as_paid(news), reader)),
        gift_render.outcome(gift, reader) if gift else "",
        reader._("You now have {coins}.", coins=_coins_after(receipt, gift, reader)),
        purchase_warning(budget, reader) if budget else "",
        warning_of(gift_facts(gift.receipt), reader) if gift and gift.receipt else "",
    ]
    text = "\n".join(filter(None, lines))
    title = "✅ " + reader._("Payment received")
    numbers = reader._("Receipt #{number} · Order {order}", number=receipt.seq, order=order.order_id)
    if gift is not None and gift.receipt is not None:
        numbers += " · " + reader._("Gift: receipt #{number}", number=gift.receipt.seq)
    return Card(theme.GREEN, (Part(text),), title=title, footer=render.footer(order, numbers, reader))


def _as_paid(news: Settlement) -> Order:
    """Return the order with what was paid for it: staff may have added the coins for another amount."""
    payment = news.payment
    if payment is None or not payment.is_paid:
        return news.order
    return replace(news.order, price_minor=payment.amount_minor, currency=payment.currency)


def _coins_after(receipt: Receipt, gift: GiftOutcome | None, reader: Reader) -> str:
    """Return what the buyer has after a purchase and its gift. Promo coins are not added to test coins."""
    if gift is not None and gift.receipt is not None:
        return reader.coins(gift.receipt.balance, is_test=gift.receipt.is_test)
    if receipt.is_test:
        return reader.coins(order_facts(receipt)["paid_after"], is_test=True)
    return reader.coins(receipt.balance)


def _not_arrived(order: Order, plan: PlannedGift | None, reader: Reader) -> Card:
    """Return what a buyer reads whose money staff have not seen. Nobody here knows whether it was sent."""
    price = reader.money(order.price_minor, order.currency)
    text = reader._("The staff of this server haven't found your payment of {price}.", price=price)
    after = reader._("No coins were added. If you've sent the money, ask them to look again.")
    title = reader._("Your payment hasn't arrived")
    parts = (Part(f"{text}\n{after}"), *gift_render.unsent(plan, reader))
    return Card(theme.AMBER, parts, title=title, footer=render.number(order, reader))


_UNPAID = {
    True: (N_("Payment declined"), N_("The payment provider declined your payment.")),
    False: (N_("Not paid"), N_("The checkout closed before you paid.")),
}
"""Title and text of an order without payment, by whether the payment was tried."""


_MONEY_BACK = {
    OrderState.PARTIALLY_REFUNDED: (
        N_("Part of your payment was refunded"),
        N_("{refunded} of {price} is going back to you. I have taken back the coins you bought with it."),
    ),
    OrderState.REFUNDED: (
        N_("Your payment was refunded"),
        N_("{price} is going back to you. I have taken back the coins you bought with it."),
    ),
    OrderState.DISPUTED: (
        N_("Your payment is disputed"),
        N_("Your bank is checking your payment of {price}. Until it decides, I have taken back the coins you bought."),
    ),
    OrderState.WON: (
        N_("Your payment stands"),
        N_("Your bank decided that your payment of {price} stands. The coins you bought are back."),
    ),
    OrderState.LOST: (
        N_("Your payment was returned"),
        N_("Your bank gave {price} back to you. The coins you bought will not come back."),
    ),
}
"""Title and text of an order whose money went back, or came back."""


def _money_back(order: Order, reader: Reader) -> Card:
    title, text = _MONEY_BACK[order.state]
    price, refunded = (reader.money(minor, order.currency) for minor in (order.price_minor, order.refunded_minor))
    part = Part(reader._(text, price=price, refunded=refunded))
    return Card(theme.AMBER, (part,), title=reader._(title), footer=render.number(order, reader))


def _in_review(order: Order, payment: Observation | None, reader: Reader) -> Card:
    """Return what a buyer reads whose payment staff have to decide about."""
    price = reader.money(order.price_minor, order.currency)
    amount = reader.money(payment.amount_minor, payment.currency) if payment else price
    if amount == price:
        text = reader._("Your payment arrived, but I couldn't add the coins.")
    else:
        text = reader._("You paid {paid}, but this order costs {price}.", paid=f"**{amount}**", price=f"**{price}**")
    after = reader._("No coins have been added yet. This server's staff will decide what happens next.")
    title = "🔎 " + reader._("Your payment is under review")
    footer = render.footer(order, render.number(order, reader), reader)
    return Card(theme.AMBER, (Part(f"{text}\n{after}"),), title=title, footer=footer)
