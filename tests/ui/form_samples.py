"""Every form that opens over a message."""

from discord import ui

from bot.domain.announcement_settings import AnnouncementSettings
from bot.domain.buying_limits import BuyingLimits
from bot.domain.guilds import GuildRules
from bot.services.orders import Offer
from bot.ui.kit.replies import Reply
from bot.ui.looks.payment_methods import METHODS
from bot.ui.text.reader import Reader
from cogs.buy.consents import ConsentForm
from cogs.gift.picker.views import CountForm, NoteForm
from cogs.settings.announcing import QuietHours
from cogs.settings.forms import FORMS
from cogs.settings.limits import LimitsForm, NewAccountsForm, RatesForm
from tests.ui.budget_samples import budget_forms
from tests.ui.challenge_samples import challenge_forms
from tests.ui.facts import ID, Facts
from tests.ui.noted_samples import noted_forms
from tests.ui.order_samples import planned_gift
from tests.ui.samples import LARGE_PICK, method, order, package
from tests.ui.undo_samples import undo_forms


def forms(r: Reader) -> list[ui.Modal]:
    """Return every form."""

    def show(_caller: object, _rules: object) -> Reply:
        raise AssertionError

    gifting: list[ui.Modal] = [
        CountForm(LARGE_PICK, "", r),
        NoteForm(LARGE_PICK, "", r),
        QuietHours(AnnouncementSettings(1), r),
        LimitsForm(BuyingLimits(1, "KWD", 10**8, 10**8, 365), r),
        NewAccountsForm(10**9, r),
        RatesForm(BuyingLimits(1, "USD", rates={"EUR": 10**12 - 1}), ["EUR", "GBP", "JPY", "KWD", "CHF"], r),
        *(
            ConsentForm(Offer(package(Facts(coins=10**9)), methods, is_prepaid=is_prepaid), ID, r, gift)
            for is_prepaid, gift in ((False, None), (True, None), (False, planned_gift(ID, "8" * 100, "8" * 200)))
            for methods in (
                [method("sandbox", is_test=True)],
                [method("stripe")],
                [method(provider) for provider in METHODS],
            )
        ),
    ]
    noted = noted_forms(order(Facts(coins=10**9)), "7XY", r)
    return [
        *gifting,
        *noted,
        *budget_forms(r),
        *challenge_forms(r),
        *undo_forms(Facts(coins=10**9), r),
        *(form(GuildRules(1), r, show) for _, form in FORMS),
    ]
