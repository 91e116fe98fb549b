"""The form that shows what taking coins back will do, and asks for the reason. Sending it confirms it."""

from typing import Any

from discord import ui

from bot.services.wallets import REASON_LENGTH
from bot.ui.kit.cards import Card
from bot.ui.kit.controls import Form, text_input
from bot.ui.text.reader import Reader


class ReasonForm(Form):
    """Shows a `question` and asks for the reason.

    `intent` is the call that opened the form, so that a form acts once however often it is sent.
    """

    def __init__(self, question: Card, intent: int, reader: Reader) -> None:
        super().__init__(question.title)
        self.intent = intent
        self.reason: ui.TextInput[Any] = text_input("", longest=REASON_LENGTH)
        hint = reader._("Everyone it affects can read this.")
        self.add_item(ui.TextDisplay(question.text))
        self.add_item(ui.Label(text=reader._("Reason for our records"), description=hint, component=self.reason))
