"""How much somebody has gifted, in the form that others may read."""

from bot.domain.leaderboards import Standing
from bot.ui.text.reader import Reader


def sum_of(standing: Standing, reader: Reader, *, plain: bool = False) -> str:
    """Return the coins of a place, or that its member does not show them. `plain` is for where no emoji can stand."""
    if standing.hides_amount:
        return reader._("amount hidden")
    return reader.coin(standing.coins, plain=plain)
