"""The menu of topics."""

from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.components import Option
from bot.ui.kit.controls import Control, OwnerIds, picked_one
from bot.ui.kit.cross_links import shop_button
from bot.ui.kit.numbers import Numbers
from bot.ui.kit.replies import Reply, reply
from cogs.help import render

TOPICS = Numbers(
    {0: render.START, 1: "gifts", 2: "buying", 3: "refunds", 4: "creators", 5: "moderators", 6: "questions"}
)
_ABOUT_COINS = {render.START, "buying"}
"""Topics below which a button leads to coins."""


class PickTopic(Control[OwnerIds], action="help-topic", ids=OwnerIds):
    """Goes to another topic."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return page(TOPICS.thing(picked_one(caller, "topic")), caller)


def page(name: str, caller: Caller) -> Reply:
    """Return the page of a topic, with the menu that leads to the others."""
    reader = caller.reader
    options = [Option(reader._(render.TOPICS[topic][0]), number, default=topic == name) for number, topic in TOPICS]
    menu = PickTopic.select(OwnerIds(caller.member_id), options, reader._("Topic"), row=0)
    buttons = [shop_button(reader)] if name in _ABOUT_COINS else []
    return reply(render.topic(name, reader), [menu, *buttons])
