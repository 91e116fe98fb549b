"""What staff read who are refused something about packages or payments."""

from bot.domain import staff_errors as staff
from bot.domain.currencies import minor_digits
from bot.domain.packages import MAX_PRICE_MINOR
from bot.domain.text import shown
from bot.ui.text.reader import Reader


def invalid_price(e: staff.InvalidPrice, r: Reader) -> str:
    digits = minor_digits(e.currency)
    example = f"4{r.decimal}{'990'[:digits]}" if digits else "150"
    return r._(
        "“{given}” isn't a price in {currency}. Write it like {example}, at most {highest}.",
        given=shown(e.text),
        currency=e.currency,
        example=example,
        highest=r.money(MAX_PRICE_MINOR, e.currency),
    )


def unknown_sku(e: staff.UnknownSku, r: Reader) -> str:
    return r._(
        "“{given}” isn't an item that this bot sells on Discord. Ask whoever runs this bot for its SKU ID.",
        given=shown(e.text),
    )


def store_price(e: staff.StorePriceDiffers, r: Reader) -> str:
    return r._(
        "Discord sells this package for {price}, and doesn't allow it to be cheaper anywhere else. Set the price to "
        "{price}, so that everybody sees what they pay.",
        price=r.money(e.price_minor, e.currency),
    )


def no_rate_needed(e: staff.NoRateNeeded, r: Reader) -> str:
    return r._("All packages are priced in {currency}, so there's no exchange rate to set.", currency=e.currency)


def nothing_to_hold(_e: staff.NothingToHold, r: Reader) -> str:
    return r._("Members can only pay with test coins here. Those are never paid out, so there's nothing to hold.")
