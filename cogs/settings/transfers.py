"""The form with which a server pays its creators by transfer, or stops to."""

from discord import ui

from bot.domain.currencies import check_currency, parse_price, price_text
from bot.domain.packages import DEFAULT_CURRENCY
from bot.domain.transfers import TransferTerms
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.controls import Control, Form, NoIds, text_input
from bot.ui.kit.replies import Reply
from bot.ui.text.reader import Reader
from cogs.settings import payments
from cogs.settings.payment_forms import COMMAND

THOUSAND = 1_000


class OpenTransfers(Control[NoIds], action=payments.TRANSFERS, ids=NoIds):
    """Opens the form."""

    command = COMMAND

    @opens
    async def press(self, caller: Caller) -> Form:
        return TransfersForm(await caller.services.transfers.terms(caller.guild_id), caller.reader)


class TransfersForm(Form):
    """Asks what a thousand diamonds are worth, in which currency."""

    command = COMMAND

    def __init__(self, terms: TransferTerms | None, reader: Reader) -> None:
        super().__init__(reader._("Payouts through Stripe"))
        self._decimal = reader.decimal
        currency = terms.currency if terms else DEFAULT_CURRENCY
        price = price_text(terms.minor_per_thousand, currency, self._decimal) if terms else ""
        self.price, self.currency = text_input(price, longest=12, required=False), text_input(currency, longest=3)
        worth = reader._("Money for {diamonds}", diamonds=reader.diamonds(THOUSAND))
        hint = reader._("The money that a creator gets. Leave it empty to stop paying through Stripe.")
        self.add_item(ui.Label(text=worth, description=hint, component=self.price))
        hint = reader._("Like USD or EUR. Your Stripe balance needs this currency.")
        self.add_item(ui.Label(text=reader._("Currency"), description=hint, component=self.currency))

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        terms = None
        if self.price.value.strip():
            currency = check_currency(self.currency.value)
            terms = TransferTerms(currency, parse_price(self.price.value, currency, self._decimal))
        await caller.services.transfers.change_terms(caller.guild_id, terms, caller.member_id)
        return await payments.page(caller)
