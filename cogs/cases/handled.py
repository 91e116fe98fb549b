"""An order whose payment staff see to by hand, and the buttons that confirm, deny or give back that payment."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

import discord
from discord import ui

from bot.domain import policy
from bot.domain.confirmations import REFERENCE_LENGTH
from bot.domain.currencies import minor_digits, parse_price
from bot.domain.orders import PaymentStatus
from bot.domain.policy import Actor
from bot.services.manual_payments import HandledOrder
from bot.ui.kit import custom_id
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Part
from bot.ui.kit.components import Button, Item
from bot.ui.kit.controls import Control, Form, OwnerIds, text_input
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import Reader
from cogs.cases import handled_render

SEE, DECIDE = "cases", "cases decide"
"""Rows of the policy table: treasurers decide, auditors only see."""

LIST = "cases-page"
"""The action that leads back to the list of cases."""

LONGEST_CODE = 20
LONGEST_PRICE = 20


class HandledIds(NamedTuple):
    """One order of the guild, on the panel of `owner`."""

    owner: int
    order: int


class FindOrder(Control[OwnerIds], action="case-find", ids=OwnerIds):
    """Opens the form that finds an order."""

    command = SEE

    @opens
    async def press(self, caller: Caller) -> Form:
        return FindForm(caller.reader)


class FindForm(Form):
    """Asks for a claim code, or for the number below every message about an order."""

    command = SEE

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader._("Find an order"))
        self.code = text_input("", longest=LONGEST_CODE, placeholder="RO-7K4F")
        hint = reader._("The code came with the payment. Buyers see both in their messages.")
        self.add_item(ui.Label(text=reader._("Code or order number"), description=hint, component=self.code))

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        services = caller.services.manual_payments
        return await panel(caller, await services.find_named(caller.guild_id, self.code.value))


class ConfirmPayment(Control[HandledIds], action="case-confirm", ids=HandledIds):
    """Opens the form in which the first person names the payment."""

    command = DECIDE

    @opens
    async def press(self, caller: Caller) -> Form:
        return ConfirmForm(self.ids.order, caller.reader)


class ConfirmForm(Form):
    """Asks for the number of the payment in the account of the staff."""

    command = DECIDE

    def __init__(self, order_id: int, reader: Reader) -> None:
        super().__init__(reader._("Confirm the payment"))
        self._order_id = order_id
        self.reference = text_input("", longest=REFERENCE_LENGTH)
        hint = reader._("As your account shows it, like a transaction number. No names or e-mail addresses.")
        self.add_item(ui.Label(text=reader._("Payment number"), description=hint, component=self.reference))

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        services = caller.services.manual_payments
        args = (caller.guild_id, self._order_id, caller.member_id, self.reference.value)
        return await panel(caller, await services.confirm(*args))


class ConfirmToo(Control[HandledIds], action="case-confirm-too", ids=HandledIds):
    """Confirms what somebody else has confirmed before."""

    command = DECIDE

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        services = caller.services.manual_payments
        return await panel(caller, await services.confirm(caller.guild_id, self.ids.order, caller.member_id))


class DenyPayment(Control[HandledIds], action="case-deny", ids=HandledIds):
    """Says that the money did not come."""

    command = DECIDE

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        services = caller.services.manual_payments
        return await panel(caller, await services.deny(caller.guild_id, self.ids.order, caller.member_id))


class RecordRefund(Control[HandledIds], action="case-sent-back", ids=HandledIds):
    """Opens the form that records money that staff sent back themselves."""

    command = DECIDE

    @opens
    async def press(self, caller: Caller) -> Form:
        return RefundForm(await caller.services.manual_payments.find(caller.guild_id, self.ids.order), caller.reader)


class RefundForm(Form):
    """Asks how much was sent back, with all that is left filled in."""

    command = DECIDE

    def __init__(self, handled: HandledOrder, reader: Reader) -> None:
        super().__init__(reader._("Record money you sent back"))
        payment = handled.payment
        self._order_id, self._currency = handled.order.order_id, handled.order.currency
        self._refunded_minor, left_minor = (payment.refunded_minor, payment.left_minor) if payment else (0, 0)
        left = f"{Decimal(left_minor).scaleb(-minor_digits(self._currency)):f}".replace(".", reader.decimal)
        self.amount = text_input(left, longest=LONGEST_PRICE)
        label = reader._("Amount in {currency}", currency=self._currency)
        hint = reader._("Send it back first. I only take back the coins that were bought with it.")
        self.add_item(ui.Label(text=label, description=hint, component=self.amount))

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        handled = await caller.services.manual_payments.record_refund(
            caller.guild_id,
            self._order_id,
            caller.member_id,
            amount_minor=parse_price(self.amount.value, self._currency, caller.reader.decimal),
            refunded_minor=self._refunded_minor,
        )
        return await panel(caller, handled)


async def panel(caller: Caller, handled: HandledOrder, *, more: Sequence[Part] = ()) -> Reply:
    """Return an order, with the buttons that the caller may press, and below them the parts `more`."""
    return panel_of(handled, await caller.actor(), caller.reader, more=more)


def panel_of(handled: HandledOrder, actor: Actor, reader: Reader, *, more: Sequence[Part] = ()) -> Reply:
    """Return an order on the panel of `actor`. Treasurers decide about payments, but not about their own."""
    owner, may_decide = actor.user_id, actor.may(policy.POLICY[DECIDE])
    buttons: list[Item] = []
    if may_decide and handled.order.member_id != owner:
        buttons = _decisions(handled, HandledIds(owner, handled.order.order_id), reader)
    card = handled_render.handled(handled, actor, reader, may_decide=may_decide)
    return reply(card.with_parts(*more, below=buttons), [list_button(owner, reader)])


def _decisions(handled: HandledOrder, ids: HandledIds, reader: Reader) -> list[Item]:
    payment = handled.payment
    if not handled.is_undecided:
        return refund_buttons(handled, ids.owner, reader)
    confirm = ConfirmToo if handled.confirmations else ConfirmPayment
    buttons: list[Item] = []
    if not handled.is_confirmed_by(ids.owner):
        buttons.append(confirm.button(ids, reader._("Confirm the payment"), discord.ButtonStyle.success))
    if handled.confirmations or (payment is not None and payment.status is PaymentStatus.PENDING):
        buttons.append(DenyPayment.button(ids, reader._("Not paid"), discord.ButtonStyle.danger))
    return buttons


def refund_buttons(handled: HandledOrder, owner: int, reader: Reader) -> list[Item]:
    """Return the button that records what staff send back, unless all of it went back."""
    if handled.payment is None or not handled.payment.left_minor:
        return []
    ids = HandledIds(owner, handled.order.order_id)
    return [RecordRefund.button(ids, reader._("Record money sent back"))]


def list_button(owner: int, reader: Reader) -> Button:
    """Return the button that leads back to the list of cases, without its control, which imports this module."""
    return Button(reader._("All cases"), custom_id.build(LIST, (owner, 0)), row=1)
