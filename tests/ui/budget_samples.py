"""Everything that members read about their budget and their history."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from discord import ui

from bot.domain.budgets import PERIODS, Limit, Line
from bot.domain.receipts import Receipt
from bot.domain.wallets import WalletLine
from bot.services.budgets import Standing
from bot.services.gifts import SendableGifts
from bot.services.histories import PAGE, CreatorSpent, MonthSpent, Purchase
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.cross_links import withdraw_button
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks import budgets
from bot.ui.text.reader import Reader
from cogs.budget import render, views
from cogs.gift import render as gift_render
from cogs.gift.picker import render as picker_render
from cogs.gift.picker.render import PickerIds
from cogs.wallet import history_render
from cogs.wallet.history import ReceiptForm
from tests.ui.facts import ID, NOW_MS, Facts

NOTHING = Standing((), (), (Limit(),) * 3)


def lines(coins: int, used: int, *, is_young: bool = False) -> tuple[Line, ...]:
    """Return a line for each period."""
    return tuple(Line(period, coins, used, NOW_MS, is_young) for period in PERIODS)


def standing(coins: int) -> Standing:
    """Return a budget in which everything is used, paused and about to change."""
    limits = Limit(coins, coins * 2, NOW_MS), Limit(coins, None, NOW_MS), Limit(coins)
    return Standing(lines(coins, coins), lines(coins, 0, is_young=True), limits, NOW_MS)


def budget_screens(f: Facts, gift: Receipt, offer: SendableGifts, pick: PickerIds, r: Reader) -> Iterator[Reply]:
    """Yield every reply about budgets."""
    for is_changed in (True, False):
        yield from (views.panel(it, ID, r, is_changed=is_changed) for it in (NOTHING, standing(f.coins)))
    yield views.panel(replace(standing(f.coins), paused_until_ms=None), ID, r, is_changed=True)
    yield views.panel(replace(standing(f.coins), limits=(Limit(1),) * 3, paused_until_ms=None), ID, r, is_changed=True)
    yield from (reply(render.pause_question(NOW_MS, days, r)) for days in (1, 30))
    for is_young in (True, False):
        of_period = lines(f.coins, 0, is_young=is_young)
        texts = [look(line, r) for line in of_period for look in (budgets.warning, budgets.purchase_warning)]
        for look in (budgets.gifts_left, budgets.gifts_left_after, budgets.coins_left, budgets.coins_left_after):
            texts += [look([line], r) for line in of_period]
        yield from (reply(Card(0, (Part(text),))) for text in texts)
    for place in range(len(PERIODS)):
        warned = gift._replace(facts={**gift.facts, "budget": [place, 8, 10, 0]})
        yield reply(gift_render.receipt(warned, r))
    for room in (0, 10**9):
        limited = replace(offer, budget=Line(PERIODS[0], 10**9, 10**9 - room, NOW_MS))
        yield from (reply(picker_render.panel(it, limited, f.note, r)) for it in (pick, pick._replace(item=0)))


def histories(lines: Sequence[WalletLine], purchases: Sequence[Purchase], coins: int, r: Reader) -> Iterator[Reply]:
    """Yield every view of a history."""
    yield reply(history_render.entries(lines[:PAGE], r))
    yield reply(history_render.entries([], r))
    yield reply(history_render.months([MonthSpent(202600 + month, coins, month) for month in range(12, 0, -1)], r))
    yield reply(history_render.months([], r))
    yield reply(history_render.creators([CreatorSpent(ID, coins, 1), CreatorSpent(0, coins, 2)] * 8, r))
    yield reply(history_render.creators([], r))
    buttons = {
        order_id: withdraw_button(ID, order_id, r._("Withdraw here"))
        for order_id in (purchase.order.order_id for purchase in purchases)
    }
    yield reply(history_render.purchases(purchases[:5], buttons, 0, 2, r))
    yield reply(history_render.purchases([], {}, 0, 1, r))
    yield from (reply(history_render.receipt(line, r)) for line in lines)


def budget_forms(r: Reader) -> list[ui.Modal]:
    """Return the form, empty and with the largest limits."""
    return [ReceiptForm(r), *(views.LimitsForm(it, r) for it in (NOTHING, standing(10**9)))]
