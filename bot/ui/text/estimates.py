"""What coins are worth in real money, wherever they are about to be spent."""

from bot.domain.currencies import minor_digits
from bot.domain.packages import Package
from bot.ui.text.reader import Reader

_EXACT_BELOW = 1_000
"""Minor units from which an estimate is rounded: below, "≈ $1.43" is as easy to read as "≈ $1.4"."""


_ABOUT = "≈\u00a0"
"""The sign in front of an estimate. Its space does not break, so that no line of a button ends with the sign."""


def worth(coins: int, package: Package | None, reader: Reader) -> str:
    """Return "≈ $1.43", by what `package` costs per coin, rounded as people do; nothing without a package."""
    if package is None:
        return ""
    minor = (coins * package.price_minor + package.total // 2) // package.total
    if minor < _EXACT_BELOW:
        return f"{_ABOUT}{reader.money(minor, package.currency)}"
    # Two digits are what anybody remembers; whole units are what anybody says.
    digits = max(len(str(minor)) - 2, minor_digits(package.currency))
    return f"{_ABOUT}{reader.whole_money(round(minor, -digits), package.currency)}"


def coins_and_worth(coins: int, package: Package | None, reader: Reader) -> str:
    """Return "🪙 100 · ≈ $1.43", for buttons and menus, where no emoji of a server's own can stand."""
    return " · ".join(filter(None, (reader.coin(coins, plain=True), worth(coins, package, reader))))
