"""What the buyer of an order is given to pay."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Checkout:
    """A checkout: the provider's id of the purchase, and the address of the page where the buyer pays."""

    external_id: str
    url: str


@dataclass(frozen=True, slots=True)
class PremiumButton:
    """Discord's own button, on which the buyer pays for a SKU. The purchase has no id before that."""

    sku_id: int
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """A code that the buyer quotes with a payment of their own. `url` is a page to pay on, `instructions` is what staff
    wrote about where to send the money, each "" if there is none."""

    external_id: str
    code: str
    url: str = ""
    instructions: str = ""


Prompt = Checkout | PremiumButton | Quote
