"""The settings page about creators: whether members can apply, and what they are asked."""

from typing import Any, Final

from discord import ui

from bot.domain.applications import MOST_QUESTIONS, QUESTION_LENGTH, ApplicationSettings
from bot.domain.text import shown
from bot.ui import theme
from bot.ui.kit import custom_id
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.components import Button
from bot.ui.kit.controls import Control, Form, NoIds, text_input
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.applications import question
from bot.ui.text.reader import Reader
from cogs.settings.announcing import TURN
from cogs.settings.limits import SwitchIds

COMMAND: Final = "settings"


class OpenCreators(Control[NoIds], action="settings-creators", ids=NoIds):
    """Turns to the page."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await page(caller)


class EditQuestions(Control[NoIds], action="settings-questions", ids=NoIds):
    """Opens the form for the questions."""

    command = COMMAND

    @opens
    async def press(self, caller: Caller) -> Form:
        return QuestionsForm(await caller.services.applications.settings(caller.guild_id), caller.reader)


class TakeApplications(Control[SwitchIds], action="settings-apply", ids=SwitchIds):
    """Takes applications from now on, or no more."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        await caller.services.applications.take(caller.guild_id, is_open=bool(self.ids.on), by=caller.member_id)
        return await page(caller)


class QuestionsForm(Form):
    """Asks what members who apply are asked."""

    command = COMMAND

    def __init__(self, settings: ApplicationSettings, reader: Reader) -> None:
        super().__init__(reader._("Questions for new creators"))
        texts = [*settings.questions, *[""] * (MOST_QUESTIONS - len(settings.questions))]
        self.boxes: list[ui.TextInput[Any]] = []
        for number, text in enumerate(texts, start=1):
            box = text_input(text, longest=QUESTION_LENGTH, required=False)
            hint = reader._("Like: What do you stream, and when?") if number == 1 else None
            label = reader._("Question {number}", number=reader.number(number))
            self.add_item(ui.Label(text=label, description=hint, component=box))
            self.boxes.append(box)

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        questions = [box.value for box in self.boxes]
        await caller.services.applications.ask(caller.guild_id, questions, by=caller.member_id)
        return await page(caller)


def button(reader: Reader) -> Button:
    """Return the button that leads here."""
    return OpenCreators.button(NoIds(), reader._("Creators"), emoji="🎤")


async def page(caller: Caller) -> Reply:
    """Return the page with what is chosen now."""
    return page_of(await caller.services.applications.settings(caller.guild_id), caller.reader)


def page_of(settings: ApplicationSettings, reader: Reader) -> Reply:
    """Return the page for these choices."""
    intro = reader._("Who can become a creator here. `/creators list` shows all creators, and who applied.")
    state = reader._("Members can apply with `/creator apply`.")
    if not settings.is_open:
        state = reader._("Nobody can apply. You choose creators with `/creators approve`.")
    questions = "\n".join(f"- {shown(question(text, reader))}" for text in settings.asked)
    parts = (
        Part(intro),
        Part(state, heading="📝 " + reader._("Applications")),
        Part(questions, heading="❓ " + reader._("Questions")),
    )
    label = reader._("Stop taking applications") if settings.is_open else reader._("Take applications")
    items = [
        EditQuestions.button(NoIds(), reader._("Change the questions"), emoji="❓", row=0),
        TakeApplications.button(SwitchIds(int(not settings.is_open)), label, emoji="📝", row=0),
        # Without its control, which is in a module that imports this one.
        Button(reader._("Back"), custom_id.build(TURN, (0,)), emoji="◀️", row=1),
    ]
    return reply(Card(theme.ROSE, parts, title="🎤 " + reader._("Creators")), items)
