"""What the gift picker looks like: for whom, what, how many, and the total."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.domain.catalogue import GiftItem
from bot.domain.money import MAX_COUNT
from bot.domain.packages import Package
from bot.domain.text import shown
from bot.services.gifts import Habit, SendableGifts
from bot.ui import theme
from bot.ui.kit import pages
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.components import Option
from bot.ui.looks import budgets, gifts
from bot.ui.looks.tiers import TIER_STYLES
from bot.ui.text import mentions
from bot.ui.text.estimates import coins_and_worth, worth
from bot.ui.text.reader import Reader
from cogs.gift import render

PAGE = 25
"""Items in one menu."""

COUNTS = (1, 5, 10, 25, MAX_COUNT)
OTHER = 0
"""The choice that opens a form for any other number."""


UNDECIDED = 2
"""Stands for `anonymous` in a picker that was just opened: it begins with what the member has chosen for all gifts."""


class PickerIds(NamedTuple):
    """What has been picked so far. `item` is 0 before that; `intent` is the interaction that opened the picker."""

    owner: int
    creator: int
    item: int
    quantity: int
    anonymous: int
    message: int
    page: int
    intent: int


class PickedGiftIds(NamedTuple):
    """What is sent: all that has been picked, and the price of it that stands on the button."""

    owner: int
    creator: int
    item: int
    quantity: int
    anonymous: int
    message: int
    page: int
    intent: int
    ceiling: int = 0


def panel(pick: PickerIds, offer: SendableGifts, note: str, reader: Reader, remedy: str = "") -> Card:
    """Return the head of the picker, with the `remedy` for want of coins. The member's message stands in the only
    part with a heading."""
    creator = mentions.member(pick.creator, reader)
    item = item_of(pick, offer)
    title = reader._("Gift this message") if pick.message else reader._("Send a gift")
    lines = [
        reader._("For {creator}'s message", creator=creator)
        if pick.message
        else reader._("For {creator}", creator=creator)
    ]
    if item is None:
        lines.append(reader._("You have {coins}.", coins=mentions.coins_in(offer.wallet, reader)))
        # A member with nothing but test coins, which may not count, is not told of a limit that stops nothing.
        if (budget := offer.budget_for(1)) is not None:
            lines.append(budgets.gifts_left([budget], reader))
        if any(is_out_of_reach(each, offer) for each in offer.items):
            lines.append("-# " + reader._("🔒 marks gifts you can't send right now. Pick one to see why."))
    else:
        lines += _sum(pick, item, offer, reader)
    if remedy:
        lines.append(remedy)
    if pick.anonymous:
        lines.append(mentions.hidden(reader))
    colour = TIER_STYLES[item.tier].colour if item else theme.ROSE
    return Card(colour, (Part("\n".join(lines)), *render.note_part(note, reader)), title=f"🎁 {title}")


def _sum(pick: PickerIds, item: GiftItem, offer: SendableGifts, reader: Reader) -> list[str]:
    coins = item.price * pick.quantity
    wallet = offer.wallet
    parts = [
        f"**{mentions.item(item, reader, pick.quantity)}**",
        reader.coins(coins),
        worth(coins, offer.package, reader),
    ]
    lines = [" · ".join(part for part in parts if part)]
    if offer.is_locked(item):
        lines.append("🔒 " + _way_to_fans(pick.creator, offer, reader))
    elif offer.is_over_budget(coins) and offer.budget is not None:
        lines += ["🔒 " + reader._("That's more than your budget."), budgets.gifts_left([offer.budget], reader)]
    elif coins > offer.balance:
        short = reader.coins(coins - offer.balance)
        balance = reader.coins(offer.balance, is_test=wallet.test > wallet.paid)
        lines.append("🔒 " + reader._("You're {short} short: you have {coins}.", coins=balance, short=short))
    elif wallet.spends_test_coins(coins):
        left = reader.coins(wallet.promo + wallet.test - coins, is_test=True)
        lines += [
            gifts.note_of_test(reader, counts=offer.counts_tests),
            reader._("You'll have {coins} left.", coins=left),
        ]
    else:
        lines.append(reader._("You'll have {coins} left.", coins=reader.coins(wallet.total - coins)))
    return [*lines, *_budget_after(coins, offer, reader)]


def _budget_after(coins: int, offer: SendableGifts, reader: Reader) -> list[str]:
    """Return what a gift would leave of the sender's budget, if they can send it and have one."""
    budget = offer.budget_for(coins)
    if budget is None or coins > budget.room or coins > offer.balance:
        return []
    return [budgets.gifts_left_after([budget._replace(used=budget.used + coins)], reader)]


def _way_to_fans(creator_id: int, offer: SendableGifts, reader: Reader) -> str:
    text = reader._("Only {creator}'s fan club can send this.", creator=mentions.member(creator_id, reader))
    if offer.way_in is None:
        return text
    return f"{text} " + reader._("To join, send them {gift} under your own name.", gift=shown(offer.way_in.name))


def item_of(pick: PickerIds, offer: SendableGifts) -> GiftItem | None:
    """Return the item that is picked, None if there is none or it cannot be sent any more."""
    return next((item for item in offer.items if item.item_id == pick.item), None)


def is_out_of_reach(item: GiftItem, offer: SendableGifts) -> bool:
    """Whether the member cannot send even one of an item."""
    return item.price > offer.balance or offer.is_locked(item) or offer.is_over_budget(item.price)


def items(pick: PickerIds, offer: SendableGifts, reader: Reader) -> tuple[list[Option], int, int]:
    """Return the menu of gifts, what the wallet can pay for first, then by price; its page, and how many there are."""
    # Sorting is stable: within each half the catalogue's order by price stays.
    ordered: Sequence[GiftItem] = sorted(offer.items, key=lambda item: is_out_of_reach(item, offer))
    page_items, page, of_pages = pages.page_of(ordered, pick.page, PAGE)
    return [_item(item, pick, offer, reader) for item in page_items], page, of_pages


def _item(item: GiftItem, pick: PickerIds, offer: SendableGifts, reader: Reader) -> Option:
    parts = [coins_and_worth(item.price, offer.package, reader)]
    if is_out_of_reach(item, offer):
        parts.insert(0, "🔒")
    if item.fans_only:
        parts.append(mentions.fans_only(reader))
    if item.stock is not None:
        parts.append(reader.n_("{n} left", "{n} left", item.stock))
    description = " · ".join(parts) if len(parts) > 1 and parts[0] != "🔒" else " ".join(parts)
    return Option(item.name, item.item_id, description=description, emoji=item.emoji, default=item.item_id == pick.item)


def habit_label(habit: Habit, package: Package | None, reader: Reader) -> str:
    """Return what stands on the button that sends what the member often sends."""
    mask = "🎭 " if habit.anonymous else ""
    quantity = f" × {reader.number(habit.quantity)}" if habit.quantity > 1 else ""
    coins = coins_and_worth(habit.item.price * habit.quantity, package, reader)
    return mask + reader._("Send {gift} for {coins}", gift=f"{habit.item.name}{quantity}", coins=coins)


def counts(pick: PickerIds, item: GiftItem | None, package: Package | None, reader: Reader) -> list[Option]:
    """Return the menu of numbers, with what each comes to."""
    most = MAX_COUNT if item is None or item.stock is None else min(MAX_COUNT, item.stock)
    numbers = sorted({count for count in COUNTS if count <= most} | {pick.quantity})
    options = [
        Option(
            f"× {reader.number(count)}",
            count,
            description=coins_and_worth(item.price * count, package, reader) if item else "",
            default=count == pick.quantity,
        )
        for count in numbers
    ]
    return [*options, Option(reader._("Another number …"), OTHER, emoji="✏️")]


def whose(creators: Sequence[tuple[int, str]], reader: Reader) -> tuple[Card, list[Option]]:
    """Return the question to whom a gift goes, for a live event of several creators: id and name of each."""
    card = Card(theme.ROSE, (Part(reader._("Who is it for?")),), title="🎁 " + reader._("Send a gift"))
    return card, [Option(name, member_id) for member_id, name in creators]
