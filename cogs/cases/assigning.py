"""Assigning a payment without an order: to one that waits, or to a member and a package."""

from typing import Any, Final, NamedTuple

import discord

from bot.domain.confirmation_errors import PaymentAssigned
from bot.domain.orders import Order
from bot.domain.packages import Package
from bot.domain.staff_errors import CoinsToBot
from bot.services.assignments import Assignable
from bot.ui import theme
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.components import Item, Menu, Option
from bot.ui.kit.controls import Control, picked_one
from bot.ui.kit.replies import Reply, reply
from bot.ui.text import mentions
from bot.ui.text.reader import Reader
from bot.ui.text.refusals import NotAMember
from cogs.cases.handled import DECIDE, list_button, panel

LISTED: Final = 10
"""Orders that a case shows."""


class AssignIds(NamedTuple):
    """One case of the guild, on the panel of `owner`."""

    owner: int
    case: int


class AssignMemberIds(NamedTuple):
    """A case whose payment goes to `member`, for a package yet to be picked."""

    owner: int
    case: int
    member: int


class AssignOrder(Control[AssignIds], action="case-assign", ids=AssignIds):
    """Picks the order that a payment is for."""

    command = DECIDE

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        order_id, services = picked_one(caller, "order"), caller.services.assignments
        await services.assign(caller.guild_id, self.ids.case, order_id, caller.member_id)
        return await assigned(caller, order_id)


class AssignMember(Control[AssignIds], action="case-member", ids=AssignIds):
    """Picks the member whose payment it is, and goes on to the package."""

    command = DECIDE

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        member_id = _picked_member(caller)
        assignable = await caller.services.assignments.find(caller.guild_id, self.ids.case)
        if assignable is None:
            raise PaymentAssigned
        return package_panel(assignable, AssignMemberIds(*self.ids, member_id), caller.reader)


class AssignPackage(Control[AssignMemberIds], action="case-package", ids=AssignMemberIds):
    """Picks the package, and assigns the payment."""

    command = DECIDE

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        order_id = await caller.services.assignments.assign_to_member(
            caller.guild_id,
            self.ids.case,
            member_id=self.ids.member,
            package_id=picked_one(caller, "package"),
            locale=caller.guild_locale,
            by=caller.member_id,
        )
        return await assigned(caller, order_id)


async def assigned(caller: Caller, order_id: int) -> Reply:
    """Return the order that a payment was assigned to."""
    return await panel(caller, await caller.services.manual_payments.find(caller.guild_id, order_id))


def news(assignable: Assignable, reader: Reader) -> str:
    """Return which orders a payment may be for."""
    if not assignable.orders:
        return reader._("No order is waiting for a payment. Pick the member who paid.")
    lines = [_order_line(code, order, reader) for code, order in assignable.orders[:LISTED]]
    return "\n".join([reader._("Pick the order this pays for, or the member who paid:"), *lines])


def menus(assignable: Assignable, ids: AssignIds, reader: Reader) -> list[Item]:
    """Return the menus that assign a payment."""
    items: list[Item] = []
    if assignable.orders:
        options = [
            Option(f"{code} · {_sums(order, reader)}", order.order_id) for code, order in assignable.orders[:LISTED]
        ]
        items.append(AssignOrder.select(ids, options, reader._("Order")))
    member = Menu(AssignMember.id_for(ids), reader._("Member"), discord.ComponentType.user_select)
    return [*items, member]


def package_panel(assignable: Assignable, ids: AssignMemberIds, reader: Reader) -> Reply:
    """Return the question which package a member paid for."""
    payment = assignable.payment
    text = reader._(
        "{member} paid {paid}. Which package is it for?",
        member=mentions.member(ids.member, reader),
        paid=f"**{reader.money(payment.amount_minor, payment.currency)}**",
    )
    note = reader._("A payment of another amount stays under review until you add the coins.")
    options = [Option(_package(package, reader), package.package_id) for package in assignable.packages]
    items = [AssignPackage.select(ids, options, reader._("Package"))] if options else []
    card = Card(theme.AMBER, (Part(f"{text}\n-# {note}"),), title=reader._("Assign the payment"))
    return reply(card, [*items, list_button(ids.owner, reader)])


def _order_line(code: str, order: Order, reader: Reader) -> str:
    member, when = mentions.member(order.member_id, reader), reader.when(order.consented_ms)
    return f"- {code} · {member} · {_sums(order, reader)} · {when}"


def _sums(order: Order, reader: Reader) -> str:
    return f"{reader.coins(order.coins, plain=True)} · {reader.money(order.price_minor, order.currency)}"


def _package(package: Package, reader: Reader) -> str:
    return f"{reader.coins(package.total, plain=True)} · {reader.money(package.price_minor, package.currency)}"


def _picked_member(caller: Caller) -> int:
    """Return the member who was picked. Raise NotAMember for others, and CoinsToBot for bots."""
    member_id = picked_one(caller, "order")
    data: Any = caller.interaction.data or {}
    resolved = data.get("resolved", {})
    if str(member_id) not in resolved.get("members", {}):
        raise NotAMember(member_id)
    if resolved.get("users", {}).get(str(member_id), {}).get("bot"):
        raise CoinsToBot
    return member_id
