"""The guide about real money, sent as a file: staff read it in Discord, wherever the bot's program lies."""

from bot.ui import theme
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.channels import can_attach
from bot.ui.kit.controls import Control, NoIds
from bot.ui.kit.cross_links import MONEY_GUIDE
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.money_guide import money_guide
from bot.ui.text.reader import Reader


class SendGuide(Control[NoIds], action=MONEY_GUIDE, ids=NoIds):
    """Sends the guide."""

    # Auditors see the packages, and the button there.
    command = "packages list"

    @replies()
    async def press(self, caller: Caller) -> Reply:
        return guide(caller.reader, may_attach=can_attach(caller.bot_permissions))


def guide(reader: Reader, *, may_attach: bool) -> Reply:
    """Return the guide, or where to find it."""
    document = money_guide() if may_attach else None
    if document is not None:
        text = reader._("Payment methods side by side: what they cost, how to set them up, and who the seller is.")
    else:
        text = reader._("The guide is in the file `docs/money.md` of this bot. Ask whoever runs it.")
    documents = (document,) if document is not None else ()
    return reply(Card(theme.ROSE, (Part(text),), title="📖 " + reader._("Payment guide"), documents=documents))
