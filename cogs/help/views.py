"""The menu of topics."""

from collections.abc import Callable, Mapping

from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.components import Button, Menu, Option
from bot.ui.kit.controls import Control, OwnerIds, picked_one
from bot.ui.kit.cross_links import board_button, guide_button, open_gift_button, review_button, shop_button
from bot.ui.kit.numbers import Numbers
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import Reader
from cogs.help import render
from cogs.help.render import Place
from cogs.help.topics import START, TOPICS

NUMBERS = Numbers(
    {
        0: START,
        1: "gifts",
        2: "buying",
        3: "refunds",
        7: "live",
        12: "levels",
        8: "pitfalls",
        9: "misconceptions",
        4: "creators",
        13: "overlay",
        10: "earnings",
        5: "moderators",
        11: "desk",
        6: "questions",
    }
)

_BUTTONS: Mapping[str, tuple[Callable[[Reader], Button], ...]] = {
    START: (shop_button, open_gift_button, board_button),
    "gifts": (open_gift_button,),
    "buying": (shop_button,),
    "live": (board_button,),
    "misconceptions": (open_gift_button,),
    "moderators": (review_button, guide_button),
}
"""What can be done at once below a topic."""


_LEGAL_TOPICS = {START, "buying", "refunds", "questions"}
"""Topics below which the operator's own pages about privacy and terms are offered."""


class PickTopic(Control[OwnerIds], action="help-topic", ids=OwnerIds):
    """Goes to another topic."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return page(Place(NUMBERS.thing(picked_one(caller, "topic"))), caller)


def page(place: Place, caller: Caller) -> Reply:
    """Return the page of a topic, with the menu that leads to the others."""
    buttons = [button(caller.reader) for button in _BUTTONS.get(place.topic, ())]
    if place.topic in _LEGAL_TOPICS:
        buttons += caller.legal_pages.buttons(caller.reader)
    return reply(
        render.topic(place, caller.reader, manages_guild=caller.manages_guild), [_menu(place.topic, caller), *buttons]
    )


def not_found(query: str, caller: Caller) -> Reply:
    """Return that help has nothing about what was typed, with the menu of topics."""
    return reply(render.not_found(query, caller.reader), [_menu("", caller)])


def _menu(name: str, caller: Caller) -> Menu:
    reader = caller.reader
    options = [Option(reader._(TOPICS[topic].title), number, default=topic == name) for number, topic in NUMBERS]
    return PickTopic.select(OwnerIds(caller.member_id), options, reader._("Topic"), row=0)
