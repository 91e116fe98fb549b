"""The panel of the wallet."""

from bot.services.wallets import Overview
from bot.ui.kit.cross_links import shop_button
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import Reader
from cogs.wallet import render


def wallet(overview: Overview, reader: Reader) -> Reply:
    """Return a member's wallet with a way to fill it."""
    return reply(render.wallet(overview, reader), [shop_button(reader)])
