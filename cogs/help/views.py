"""The menu of topics."""

from bot.domain.errors import NotFound
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.controls import Control, OwnerIds, option, picked_one
from bot.ui.kit.cross_links import shop_button
from bot.ui.kit.replies import Reply, reply
from cogs.help import render

_NAMES = tuple(render.TOPICS)
_ABOUT_COINS = {render.START, "buying"}


class PickTopic(Control[OwnerIds], action="help-topic", ids=OwnerIds):
    """Goes to another topic."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        number = picked_one(caller, "topic")
        if number >= len(_NAMES):
            raise NotFound("topic")
        return page(_NAMES[number], caller)


def page(name: str, caller: Caller) -> Reply:
    """Return the page of a topic, with the menu that leads to the others."""
    reader = caller.reader
    options = [
        option(reader._(title), number, default=topic == name)
        for number, (topic, (title, _)) in enumerate(render.TOPICS.items())
    ]
    menu = PickTopic.select(OwnerIds(caller.member_id), options, reader._("Topic"), row=0)
    buttons = [shop_button(reader)] if name in _ABOUT_COINS else []
    return reply(render.topic(name, reader, caller.command_ids), [menu, *buttons])
