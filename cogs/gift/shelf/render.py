"""What the catalogue looks like to members: one shelf for each tier."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.catalogue import GiftItem, Tier
from bot.domain.packages import Package
from bot.imaging.values import MOST_SHELF_GIFTS, Priced, Shelf, look_of
from bot.ui import theme
from bot.ui.kit import discord_limits, pages
from bot.ui.kit.cards import Card, Part, Picture
from bot.ui.kit.components import Option
from bot.ui.looks.tiers import TIER_STYLES
from bot.ui.text import mentions
from bot.ui.text.estimates import worth
from bot.ui.text.reader import Reader

PAGE = MOST_SHELF_GIFTS
"""Gifts on one shelf."""


@dataclass(frozen=True, slots=True)
class ShelfPage:
    """A page of one tier's gifts, of `gifts` in all. `package` gives the price in real money."""

    tier: Tier
    items: Sequence[GiftItem]
    gifts: int
    page: int
    pages: int
    package: Package | None


def shelf_page(items: Sequence[GiftItem], preferred: Tier | None, page: int, package: Package | None) -> ShelfPage:
    """Return a page of the gifts that are `preferred`, or of the lowest tier that has any. `items` are by price."""
    tiers_here = {item.tier for item in items}
    tier = preferred if preferred and preferred in tiers_here else min(tiers_here, key=lambda tier: tier.from_price)
    gifts = [item for item in items if item.tier is tier]
    page_items, page, of_pages = pages.page_of(gifts, page, PAGE)
    return ShelfPage(tier, page_items, len(gifts), page, of_pages, package)


def tiers(items: Sequence[GiftItem], current: Tier, reader: Reader) -> list[Option]:
    """Return the menu of the tiers that have gifts; an option's value is the tier's number."""
    options: list[Option] = []
    for tier, style in TIER_STYLES.items():
        prices = [item.price for item in items if item.tier is tier]
        if prices:
            least, most = reader.coin(min(prices), plain=True), reader.number(max(prices))
            span = least if min(prices) == max(prices) else f"{least}–{most}"
            about = f"{reader.n_('{n} gift', '{n} gifts', len(prices))} · {span}"
            label = reader._(style.name)
            options.append(Option(label, tier.number, description=about, emoji=style.emoji, default=tier is current))
    return options


def gifts(shelf: ShelfPage, reader: Reader) -> list[Option]:
    """Return the menu of the gifts on a shelf."""
    return [
        Option(
            item.name,
            item.item_id,
            description=_price(item, shelf, reader),
            emoji=item.emoji,
        )
        for item in shelf.items
    ]


def _price(item: GiftItem, shelf: ShelfPage, reader: Reader) -> str:
    fans = mentions.fans_only(reader) if item.fans_only else ""
    price = reader.coin(item.price, plain=True)
    return " ".join(part for part in (price, worth(item.price, shelf.package, reader), fans) if part)


def shelf_panel(shelf: ShelfPage, reader: Reader, picture: Picture | None = None) -> Card:
    """Return the shelf in words, without what the picture shows: title, names and prices."""
    pictured = picture is not None
    lines = [line for item in shelf.items if (line := _line(item, shelf, reader, pictured=pictured))]
    text = discord_limits.lines(lines, discord_limits.CARD_TEXT)
    return Card(
        TIER_STYLES[shelf.tier].colour,
        (Part(text),) if text else (),
        title="" if pictured else _title(shelf, reader),
        footer=pages.footer(reader, shelf.page, shelf.pages),
        pictures=(picture,) if picture is not None else (),
    )


def shelf_card(shelf: ShelfPage, reader: Reader) -> Shelf:
    """Return what the picture of the shelf shows."""
    gifts = tuple(
        Priced(
            look_of(item),
            reader.coin(item.price, plain=True),
            worth(item.price, shelf.package, reader),
            mentions.fans_only(reader) if item.fans_only else "",
        )
        for item in shelf.items
    )
    parts = [reader.n_("{n} gift", "{n} gifts", shelf.gifts), pages.footer(reader, shelf.page, shelf.pages)]
    return Shelf(
        _title(shelf, reader), " · ".join(part for part in parts if part), TIER_STYLES[shelf.tier].colour, gifts
    )


def alt_text(card: Shelf, reader: Reader) -> str:
    """Return what the picture of a shelf says, for those who do not see it."""
    gifts = ", ".join(
        " ".join(part for part in (gift.name, gift.price, gift.worth, gift.badge) if part) for gift in card.gifts
    )
    return reader._("Gifts: {text}", text=f"{card.title} · {card.subtitle}: {gifts}")


def _title(shelf: ShelfPage, reader: Reader) -> str:
    return f"{TIER_STYLES[shelf.tier].emoji} {reader._(TIER_STYLES[shelf.tier].name)}"


def _line(item: GiftItem, shelf: ShelfPage, reader: Reader, *, pictured: bool) -> str:
    estimate = worth(item.price, shelf.package, reader)
    price = [] if pictured else [part for part in (f"**{reader.coin(item.price)}**", estimate) if part]
    parts = [*price, *_limits(item, reader)]
    return " · ".join([mentions.item(item, reader), *parts]) if parts else ""


def _limits(item: GiftItem, reader: Reader) -> list[str]:
    parts: list[str] = []
    if item.live_only:
        parts.append(f"{theme.LIVE} " + reader._("live only"))
    if item.fans_only:
        parts.append(mentions.fans_only(reader))
    if item.stock is not None:
        parts.append(reader.n_("{n} left", "{n} left", item.stock))
    if item.until_ms is not None:
        parts.append(reader._("until {moment}", moment=reader.moment(item.until_ms)))
    return parts
