"""`/creator apply`: a member applies to become a creator, and sees or withdraws their application."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.domain.applications import ANSWER_LENGTH, Application
from bot.ui import theme
from bot.ui.kit import discord_limits
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.controls import Control, Form, OwnerIds, text_input
from bot.ui.kit.replies import Reply, reply
from bot.ui.kit.staff_roles import is_staff
from bot.ui.looks.applications import answers, question
from bot.ui.text.reader import Reader

COMMAND = "creator apply"


class WithdrawApplication(Control[OwnerIds], action="apply-withdraw", ids=OwnerIds):
    """Withdraws the application."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        await caller.services.applications.withdraw(caller.guild_id, caller.member_id)
        text = caller.reader._("I've deleted your application and your answers. You can apply again at any time.")
        return reply(Card.of(text, theme.GREY))


class ApplyForm(Form):
    """Asks what the staff want to know."""

    command = COMMAND

    def __init__(self, questions: Sequence[str], reader: Reader) -> None:
        super().__init__(reader._("Become a creator"))
        self._questions = questions
        self.answers: list[ui.TextInput[Any]] = []
        for text in questions:
            box = text_input("", longest=ANSWER_LENGTH, is_long=True)
            label = discord_limits.cut(question(text, reader), discord_limits.MODAL_TITLE)
            self.add_item(ui.Label(text=label, component=box))
            self.answers.append(box)

    @replies()
    async def on_submit(self, caller: Caller) -> Reply:
        texts = [box.value for box in self.answers]
        application = await caller.services.applications.apply(
            caller.guild_id, caller.member_id, caller.call_id, self._questions, texts
        )
        return panel(application, caller.reader, is_new=True)


async def apply(interaction: discord.Interaction) -> None:
    """Open the form, or show the application that is open."""
    caller = Caller(interaction)
    application = await caller.services.applications.own(caller.guild_id, caller.member_id)
    await (_open(None, interaction) if application is None else _show(application, interaction))


@opens
async def _open(_owner: None, caller: Caller) -> Form:
    rules = await caller.services.guilds.rules(caller.guild_id)
    questions = await caller.services.applications.questions(
        caller.guild_id, caller.member_id, is_staff=is_staff(caller.member, rules)
    )
    return ApplyForm(questions, caller.reader)


@replies()
async def _show(application: Application, caller: Caller) -> Reply:
    return panel(application, caller.reader, is_new=False)


def panel(application: Application, reader: Reader, *, is_new: bool) -> Reply:
    """Return an open application, with a button that withdraws it."""
    if is_new:
        title = "📝 " + reader._("Your application is in")
        text = reader._("The staff of this server decide. I'll tell you the answer with my next reply to you.")
    else:
        title = "📝 " + reader._("Your application")
        when = reader.when(application.applied_ms)
        text = reader._("You applied {when}. The staff of this server haven't decided yet.", when=when)
    privacy = reader._("Only managers and auditors read your answers. I delete them once the staff decide.")
    card = Card(theme.ROSE, (Part(text), *answers(application, reader)), title=title, footer=privacy)
    withdraw = WithdrawApplication.button(OwnerIds(application.member_id), reader._("Withdraw the application"))
    return reply(card, [withdraw])
