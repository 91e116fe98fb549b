"""The panel of the wallet."""

from collections.abc import Sequence

from bot.services.wallets import Overview
from bot.ui.kit.cross_links import shop_button, withdraw_button
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import Reader
from cogs.wallet import render

MOST_WITHDRAWALS = 4
"""Buttons in one row, besides the shop's."""


def wallet(overview: Overview, member_id: int, withdrawable: Sequence[tuple[int, int]], reader: Reader) -> Reply:
    """Return a member's wallet with a way to fill it, and ways out of purchases: (row, order) each, newest first."""
    buttons = [
        withdraw_button(member_id, order_id, reader._("Withdraw from #{number}", number=seq))
        for seq, order_id in withdrawable[:MOST_WITHDRAWALS]
    ]
    return reply(render.wallet(overview, reader), [shop_button(reader), *buttons])
