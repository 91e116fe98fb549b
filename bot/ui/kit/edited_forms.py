"""Opens a refused form again, as its member had filled it in."""

from typing import NamedTuple

import discord

from bot.ui.kit.callbacks import opens
from bot.ui.kit.caller import Caller, client_of
from bot.ui.kit.controls import Control, Form
from bot.ui.kit.meter import HANDLED
from bot.ui.kit.refused_forms import EDIT_FORM
from bot.ui.text.refusals import FormGone


class RefusedFormIds(NamedTuple):
    """The form that its `owner` sent with a call."""

    owner: int
    call: int


class EditForm(Control[RefusedFormIds], action=EDIT_FORM, ids=RefusedFormIds):
    """Opens the form."""

    async def press(self, interaction: discord.Interaction, /) -> None:
        form = client_of(interaction).refused_forms.find(self.ids.owner, self.ids.call)
        if isinstance(form, Form):
            await self._open(interaction, form)
        elif client_of(interaction).instances.is_alone:
            raise FormGone
        else:
            # Another process may have it. If none does, `bot.ui.kit.expired` answers.
            del interaction.extras[HANDLED]

    @opens
    async def _open(self, _caller: Caller, form: Form) -> Form:
        form.refill()
        return form
