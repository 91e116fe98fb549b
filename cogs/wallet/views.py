"""The panel of the wallet."""

from collections.abc import Sequence
from dataclasses import replace

from bot.services.wallets import Overview
from bot.ui.kit.cross_links import budget_button, history_button, shop_button, withdraw_button
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import Reader
from cogs.wallet import render

MOST_WITHDRAWALS = 5
"""Buttons in one row. `/history` has the rest."""


def wallet(overview: Overview, member_id: int, withdrawable: Sequence[tuple[int, int]], reader: Reader) -> Reply:
    """Return a member's wallet with a way to fill it, and ways out of purchases: (row, order) each, newest first."""
    buttons = [
        replace(withdraw_button(member_id, order_id, reader._("Withdraw from #{number}", number=seq)), row=1)
        for seq, order_id in withdrawable[:MOST_WITHDRAWALS]
    ]
    # A frozen member can't buy, and reads why instead.
    shop = [] if overview.freezes else [shop_button(reader)]
    ways = [replace(button, row=0) for button in (*shop, history_button(reader), budget_button(reader))]
    return reply(render.wallet(overview, reader), [*ways, *buttons])
