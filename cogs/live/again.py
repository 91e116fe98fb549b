"""*Go live again* below a recap: the next live event begins with the title and the goal of the last."""

from typing import Any

from discord import ui

from bot.domain.live import LiveEvent
from bot.domain.money import MAX_AMOUNT, amount
from bot.domain.text import TITLE_LENGTH
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.controls import Control, Form, text_input
from bot.ui.kit.cross_links import LIVE_AGAIN
from bot.ui.kit.replies import Reply
from bot.ui.text.parsing import parse_whole
from bot.ui.text.reader import Reader
from cogs.live import views
from cogs.live.views import EventIds

_DIGITS = len(str(MAX_AMOUNT))


class GoLiveAgain(Control[EventIds], action=LIVE_AGAIN, ids=EventIds):
    """Opens the form, filled in with what the last live event had."""

    command = "live start"

    @opens
    async def press(self, caller: Caller) -> Form:
        status = await caller.services.live.of_event(caller.guild_id, self.ids.event)
        # A host may press, too, and then starts it for that creator.
        is_own = caller.member_id in status.creators
        return AgainForm(status.event, caller.member_id if is_own else status.event.creator_id, caller.reader)


class AgainForm(Form):
    """Asks for title and goal. Sending it as it is repeats the last live event."""

    command = "live start"

    def __init__(self, event: LiveEvent, creator_id: int, reader: Reader) -> None:
        super().__init__(reader._("Go live again"))
        self._creator_id = creator_id
        goal = str(event.goal) if event.goal else ""
        self.title_input: ui.TextInput[Any] = text_input(event.title, longest=TITLE_LENGTH, required=False)
        self.goal_input: ui.TextInput[Any] = text_input(goal, longest=_DIGITS, required=False)
        self.add_item(ui.Label(text=reader._("Title of the live event"), component=self.title_input))
        self.add_item(ui.Label(text=reader._("Number of coins to reach together"), component=self.goal_input))

    @replies()
    async def on_submit(self, caller: Caller) -> Reply:
        await views.check_channel(caller)
        goal = self.goal_input.value.strip()
        status = await caller.services.live.start(
            caller.guild_id,
            event_id=caller.call_id,
            channel_id=caller.channel_id,
            caller=await caller.actor(),
            creator_id=self._creator_id,
            title=self.title_input.value,
            goal=amount(parse_whole(goal, MAX_AMOUNT)) if goal else None,
            minutes=None,
        )
        return views.started(status, caller.member_id, caller.reader)
