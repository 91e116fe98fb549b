"""What buying looks like: full prices, before and after."""

from collections.abc import Mapping, Sequence

from discord import app_commands

from bot.domain.buying_errors import PackageChanged
from bot.domain.orders import Order
from bot.domain.packages import Package, matching_packages
from bot.domain.planned_gifts import PlannedGift
from bot.domain.prompts import PremiumButton, Prompt, Quote
from bot.services.orders import Offer
from bot.ui import theme
from bot.ui.kit import discord_limits
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.components import Button
from bot.ui.text.reader import Reader
from bot.ui.text.refusal_texts import not_charged, package_news
from cogs.buy import gift_render


def label(package: Package, reader: Reader) -> str:
    """Return a package in a line: coins and price."""
    coins = reader.coins(package.total, plain=True)
    return f"{coins} · {reader.money(package.price_minor, package.currency)}"


def names(package: Package, reader: Reader) -> tuple[str, str]:
    """Return what a member may type for a package: its coins, or what its line says."""
    return reader.number(package.total), label(package, reader)


def choices(packages: Sequence[Package], query: str, reader: Reader) -> list[app_commands.Choice[str]]:
    """Return the packages that match `query`, for the list that opens while a member types."""
    return [
        app_commands.Choice(
            name=discord_limits.cut(label(package, reader), discord_limits.CHOICE_NAME), value=str(package.package_id)
        )
        for package in matching_packages(packages, query, lambda package: names(package, reader))
    ][: discord_limits.SELECT_OPTIONS]


def shop(
    shelf: Sequence[tuple[Offer, Button]],
    best: Package | None,
    turned: str,
    reader: Reader,
    budget: str = "",
) -> Card:
    """Return a page of the packages, each with its button beside it; `turned` says which page it is, and `budget` how
    much of the buyer's is left."""
    opening = reader._("Coins are for gifts in this server. Pick a package to buy it.")
    intro = Part("\n".join(filter(None, (opening, budget))))
    parts = [Part(_line(offer, best, reader), button=button) for offer, button in shelf]
    is_test = all(offer.is_test for offer, _ in shelf)
    footer = " · ".join(filter(None, (turned, test_note(reader) if is_test else "")))
    return Card(theme.GOLD, (intro, *parts), title=reader._("Buy coins"), footer=footer)


def button_label(offer: Offer, reader: Reader) -> str:
    """Return what stands on the button beside a package."""
    if offer.is_prepaid:
        return reader._("Get your coins")
    return reader._("Buy for {price}", price=reader.money(offer.package.price_minor, offer.package.currency))


def terms(offer: Offer, gift: PlannedGift | None, reader: Reader, budget: str = "") -> str:
    """Return what the buyer consents to: coins, the whole price, what coins are, and the gift that then goes out.
    `budget` says what the buyer's budget has left then."""
    package = offer.package
    price = reader.money(package.price_minor, package.currency)
    parts = [f"## {reader.coins(package.total)}"]
    if package.bonus:
        parts.append(_bonus(package, reader))
    parts.append(_prepaid(reader) if offer.is_prepaid else reader._("Price: {price}", price=f"**{price}**"))
    parts.append(reader._("Coins stay in this server and cannot be turned back into money."))
    if offer.is_prepaid:
        parts.append("-# " + reader._("You won't pay again."))
    else:
        parts.append("-# " + (test_note(reader) if offer.is_test else _charged_later(reader)))
    if budget:
        parts.append(budget)
    if gift is not None:
        parts.append("\n" + gift_render.promise(gift, reader))
    return "\n".join(parts)


def waiting(order: Order, prompt: Prompt, gift: PlannedGift | None, reader: Reader) -> Card:
    """Return what is shown until the payment is decided, with the `gift` that goes out afterwards."""
    sums = {
        "price": f"**{reader.money(order.price_minor, order.currency)}**",
        "coins": f"**{reader.coins(order.coins)}**",
    }
    if isinstance(prompt, Quote):
        text = _quote(prompt, sums, reader)
    elif isinstance(prompt, PremiumButton):
        text = reader._("Pay {price} for {coins} on Discord.", **sums)
    else:
        text = reader._("Pay {price} for {coins} at the checkout.", **sums)
    if gift is not None:
        text += "\n" + gift_render.reminder(gift, reader)
    after = reader._("This message will turn into your receipt. If you close it, you'll still get the receipt.")
    title = "⏳ " + reader._("Waiting for your payment")
    return Card(
        theme.GREY, (Part(f"{text}\n{after}"),), title=title, footer=footer(order, number(order, reader), reader)
    )


def _quote(prompt: Quote, sums: Mapping[str, str], reader: Reader) -> str:
    text = reader._("Pay {price} for {coins}, and include this code with your payment:", **sums) + f"\n## {prompt.code}"
    if not prompt.instructions:
        return text
    # Buyers copy account numbers and addresses, so they must not contain markup.
    where = reader._("This is where to send the money:")
    return f"{text}\n{where}\n```\n{prompt.instructions}\n```"


def claimed(order: Order, reader: Reader) -> Card:
    """Return what is shown once a buyer has said that the money is on its way."""
    text = reader._(
        "I've told the staff of this server. They'll check that {price} has arrived, and then I'll add {coins}.",
        price=f"**{reader.money(order.price_minor, order.currency)}**",
        coins=f"**{reader.coins(order.coins)}**",
    )
    after = reader._("You'll get a receipt. If the money doesn't arrive, you'll hear about that, too.")
    title = "⏳ " + reader._("Waiting for the staff")
    return Card(theme.GREY, (Part(f"{text}\n{after}"),), title=title, footer=number(order, reader))


def cancelled(gift: PlannedGift | None, reader: Reader) -> Card:
    """Return that an order was cancelled, and that the `gift` it was for was not sent."""
    text = reader._("Order cancelled. If you've already paid, your coins will still arrive.")
    return Card(theme.GREY, (Part(text), *gift_render.unsent(gift, reader)))


def changed(change: PackageChanged, reader: Reader) -> Card:
    """Return how a package changed while its buyer looked at it."""
    return Card.of(package_news(change, reader) + not_charged(reader), theme.AMBER)


def outdated(reader: Reader) -> Card:
    """Return what remains of a panel that a newer one has replaced."""
    text = reader._("You opened this package again. Please continue in your newer message.")
    return Card.of(text, theme.GREY)


def number(order: Order, reader: Reader) -> str:
    """Return the number of an order, for small print."""
    return reader._("Order {number}", number=order.order_id)


def footer(order: Order, numbers: str, reader: Reader) -> str:
    """Return small print with the `numbers` of an order, and whether it is a test."""
    return f"{numbers} · {test_note(reader)}" if order.test else numbers


def _line(offer: Offer, best: Package | None, reader: Reader) -> str:
    """Return a package without its price, which stands on its button. What a coin costs is said only where a bonus
    makes it cheaper."""
    package = offer.package
    # Short lines: beside a button, a phone has room for about twenty letters.
    details: list[str] = []
    if offer.is_prepaid:
        details.append("✅ " + reader._("Already paid"))
    elif package == best:
        details.append("⭐ " + reader._("Best value"))
    if package.bonus:
        # To the nearest minor unit.
        minor = (100 * package.price_minor + package.total // 2) // package.total
        price = reader.money(minor, package.currency)
        each = reader._("{price} per {coins}", price=price, coins=reader.coin(100))
        details += [reader._("Bonus: {coins}", coins=reader.number(package.bonus)), each]
    return "\n".join([f"**{reader.coin(package.total)}**", *(f"-# {detail}" for detail in details)])


def _bonus(package: Package, reader: Reader) -> str:
    return reader._("Bonus included: {coins}", coins=reader.number(package.bonus))


def _prepaid(reader: Reader) -> str:
    return reader._("Already paid on Discord")


def test_note(reader: Reader) -> str:
    """Return the note that coins cost no real money."""
    return "🧪 " + reader._("Test mode: no real money")


def _charged_later(reader: Reader) -> str:
    return reader._("You won't be charged until you complete the payment.")
