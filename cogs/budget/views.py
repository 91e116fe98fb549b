"""The panel of a budget, its form, and the question before a pause."""

from typing import Any, NamedTuple

import discord
from discord import ui

from bot.domain.budgets import MOST_PAUSE_DAYS, BudgetPeriod
from bot.domain.money import MAX_AMOUNT, amount
from bot.services.budgets import Standing
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.components import Item
from bot.ui.kit.controls import Control, Form, NoIds, OwnerIds, text_input
from bot.ui.kit.cross_links import OPEN_BUDGET
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.parsing import parse_whole
from bot.ui.text.reader import Reader
from cogs.budget import render

_DIGITS = len(str(MAX_AMOUNT))


class PauseIds(NamedTuple):
    """Whose pause it is, and its days."""

    owner: int
    days: int


class OpenBudget(Control[NoIds], action=OPEN_BUDGET, ids=NoIds):
    """Opens the budget of whoever presses, in a reply of its own."""

    @replies()
    async def press(self, caller: Caller) -> Reply:
        return await show(caller)


class ChangeLimits(Control[OwnerIds], action="budget-change", ids=OwnerIds):
    """Opens the form for all limits."""

    @opens
    async def press(self, caller: Caller) -> Form:
        return LimitsForm(await caller.services.budgets.standing(caller.guild_id, caller.member_id), caller.reader)


class KeepLimits(Control[OwnerIds], action="budget-keep", ids=OwnerIds):
    """Keeps the limits of now."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return changed(await caller.services.budgets.keep(caller.guild_id, caller.member_id), caller)


class StartPause(Control[PauseIds], action="budget-pause", ids=PauseIds):
    """Begins a pause, which nobody can shorten."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        days = amount(self.ids.days, highest=MOST_PAUSE_DAYS)
        return changed(await caller.services.budgets.pause(caller.guild_id, caller.member_id, days), caller)


class LimitsForm(Form):
    """Asks for a limit for each period."""

    def __init__(self, budget: Standing, reader: Reader) -> None:
        super().__init__(reader._("Your budget"))
        self.boxes: dict[BudgetPeriod, ui.TextInput[Any]] = {}
        for period, limit in zip(BudgetPeriod, budget.limits, strict=True):
            coins = limit.coins if limit.next_ms is None else limit.next_coins
            box = text_input("" if coins is None else str(coins), longest=_DIGITS, required=False)
            self.boxes[period] = box
            hint = reader._("Coins for gifts, and as many again for purchases. Leave it empty for no limit.")
            self.add_item(ui.Label(text=reader._(render.NAMES[period]), description=hint, component=box))

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        limits = {period: _coins(box) for period, box in self.boxes.items()}
        return changed(await caller.services.budgets.limit(caller.guild_id, caller.member_id, limits), caller)


def _coins(box: ui.TextInput[Any]) -> int | None:
    return amount(parse_whole(box.value, MAX_AMOUNT)) if box.value.strip() else None


async def show(caller: Caller) -> Reply:
    """Return the caller's budget."""
    return panel(
        await caller.services.budgets.standing(caller.guild_id, caller.member_id), caller.member_id, caller.reader
    )


def changed(budget: Standing, caller: Caller) -> Reply:
    """Return the caller's budget once they have changed it."""
    return panel(budget, caller.member_id, caller.reader, is_changed=True)


def panel(budget: Standing, owner: int, reader: Reader, *, is_changed: bool = False) -> Reply:
    """Return a member's budget, with the ways to change it."""
    style = discord.ButtonStyle.secondary if budget.limits_exist else discord.ButtonStyle.success
    label = reader._("Change limits") if budget.limits_exist else reader._("Set limits")
    items: list[Item] = [ChangeLimits.button(OwnerIds(owner), label, style, emoji="📏")]
    if budget.is_changing:
        items.append(KeepLimits.button(OwnerIds(owner), reader._("Keep my limits"), discord.ButtonStyle.success))
    return reply(render.panel(budget, reader, is_changed=is_changed), items)


async def ask_pause(caller: Caller, days: int) -> Reply:
    """Return the question before a pause. Raise PauseRuns if a longer one runs."""
    reader = caller.reader
    until_ms = await caller.services.budgets.pause_until(caller.guild_id, caller.member_id, days)
    start = StartPause.button(
        PauseIds(caller.member_id, days), reader._("Take the break"), discord.ButtonStyle.danger, emoji="⏸️"
    )
    return reply(render.pause_question(until_ms, days, reader), [start], asks=True)
