"""Where a creator sets up the account at Stripe on which payouts arrive."""

from bot.ui import theme
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.components import Button
from bot.ui.kit.controls import Control, OwnerIds
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.payment_methods import METHODS
from bot.ui.text.reader import Reader


class SetUpTransfers(Control[OwnerIds], action="payout-account", ids=OwnerIds):
    """Leads to Stripe's page, or says that everything is set up."""

    command = "creator payout"

    @replies()
    async def press(self, caller: Caller) -> Reply:
        page = await caller.services.transfers.onboard(caller.guild_id, caller.member_id)
        return card(page, caller.reader)


def button(owner: int, reader: Reader) -> Button:
    """Return the button that leads there."""
    return SetUpTransfers.button(OwnerIds(owner), reader._("Get paid through Stripe"), emoji=METHODS["stripe"].emoji)


def card(page: str, reader: Reader) -> Reply:
    """Return what a creator reads, with the link to Stripe's `page` if there is something left to do."""
    title = f"{METHODS['stripe'].emoji} " + reader._("Get paid through Stripe")
    if not page:
        text = reader._("Your Stripe account is ready. Staff can send your payouts to it now.")
        return reply(Card(theme.GREEN, (Part(text),), title=title))
    lines = [
        reader._("You set up your account on Stripe's own page. The link works once, for a few minutes."),
        reader._("What you enter there stays with Stripe. I only keep the number of your account."),
        "-# " + reader._("When you've finished there, press **Get paid through Stripe** again."),
    ]
    link = Button(reader._("Continue at Stripe"), url=page, emoji=METHODS["stripe"].emoji)
    return reply(Card(theme.ROSE, (Part("\n".join(lines)),), title=title), [link])
