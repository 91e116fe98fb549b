"""Keeps forms that were refused, so that whoever typed a page need not type it again for one word of it."""

from collections import OrderedDict

from discord import ui

from bot.domain import confirmation_errors as confirming
from bot.domain import errors as no
from bot.domain import grant_errors as granting
from bot.domain.applications import AnswerMissing
from bot.domain.challenge_errors import CostlyPrizes, PrizeForNobody
from bot.domain.ledger.restrictions import NoteRefused
from bot.domain.staff_errors import InvalidPrice, InvalidRate
from bot.ui.kit import custom_id
from bot.ui.kit.components import Button
from bot.ui.text.reader import Reader
from bot.ui.text.refusals import ForeignEmoji, InvalidMoment, InvalidTimeOfDay, UnknownPeriod

MOST = 1_000
"""How many forms are kept. The oldest is dropped for a new one."""

EDIT_FORM = "form-edit"
"""Opens a refused form again; answered by `bot.ui.kit.edited_forms`."""

CORRECTABLE = (
    *(no.InvalidAmount, no.AmbiguousAmount, no.InvalidText, no.NameTaken),
    *(no.EmptyRange, no.InvalidPeriod, no.PastMoment, no.InvalidTimeZone, no.InvalidCurrency),
    *(InvalidMoment, InvalidTimeOfDay, UnknownPeriod, ForeignEmoji, InvalidPrice, InvalidRate),
    *(AnswerMissing, NoteRefused, CostlyPrizes, PrizeForNobody, granting.GrantTooLarge, granting.DailyGrantLimit),
    *(confirming.InvalidPage, confirming.SecretMissing, confirming.SecretTaken),
    *(confirming.InvalidPaymentReference, confirming.ReferenceDiffers, confirming.ReferenceUsed),
    *(no.Busy, no.BooksClosed),
)
"""What may be accepted once something else is typed, or once some time has passed."""


class RefusedForms:
    """The last form of each member that was refused, by the call that sent it.

    They are kept in memory only, and no longer than discord.py keeps them, because they hold what members typed.
    """

    def __init__(self) -> None:
        self._forms: OrderedDict[int, tuple[int, ui.Modal]] = OrderedDict()

    def keep(self, member_id: int, call_id: int, form: ui.Modal) -> None:
        """Keep the form that a member has sent with a call, in place of an older one of theirs."""
        self._forms.pop(member_id, None)
        for other_id, (_, other) in list(self._forms.items()):
            if other.is_finished():
                del self._forms[other_id]
        if len(self._forms) == MOST:
            self._forms.popitem(last=False)
        self._forms[member_id] = call_id, form

    def find(self, member_id: int, call_id: int) -> ui.Modal | None:
        """Return the form that a member sent with a call, None if it was accepted since, or is kept no more."""
        latest_id, form = self._forms.get(member_id, (0, None))
        return form if form is not None and latest_id == call_id and not form.is_finished() else None


def edit_button(member_id: int, call_id: int, reader: Reader) -> Button:
    """Return the button that opens the form again that a member has sent with a call."""
    return Button(reader._("Edit and try again"), custom_id.build(EDIT_FORM, (member_id, call_id)), emoji="✏️")
