"""The settings page about how much members may buy."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from discord import ui

from bot.domain.buying_limits import MOST_DAYS, BuyingLimits
from bot.domain.currencies import check_currency, parse_price, parse_rate, price_text, rate_text
from bot.domain.money import MAX_AMOUNT
from bot.domain.money import amount as checked_amount
from bot.domain.staff_errors import NoRateNeeded
from bot.ui import theme
from bot.ui.kit import custom_id
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part, named
from bot.ui.kit.components import Button
from bot.ui.kit.controls import Control, Form, NoIds, text_input
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.parsing import parse_whole
from bot.ui.text.reader import Reader

PAYMENTS = "settings-payments"
"""The action of the button that leads to the page about payments, which leads here."""

MOST_RATES = 5
"""Currencies in one form: as many lines as Discord allows."""


class SwitchIds(NamedTuple):
    """Whether something is switched on or off. Buttons of an earlier version say nothing if they switch on."""

    on: int = 1


OFF = SwitchIds(0)


class OpenLimits(Control[NoIds], action="settings-limits", ids=NoIds):
    """Turns to the page."""

    command = "settings"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await page(caller)


class EditLimits(Control[NoIds], action="settings-limits-edit", ids=NoIds):
    """Opens the form for the limits."""

    command = "settings"

    @opens
    async def press(self, caller: Caller) -> Form:
        return LimitsForm(await caller.services.limits.limits(caller.guild_id), caller.reader)


class EditRates(Control[NoIds], action="settings-rates-edit", ids=NoIds):
    """Opens the form for exchange rates."""

    command = "settings"

    @opens
    async def press(self, caller: Caller) -> Form:
        limits = await caller.services.limits.limits(caller.guild_id)
        currencies = await caller.services.limits.currencies(caller.guild_id)
        if not currencies:
            raise NoRateNeeded(limits.currency)
        return RatesForm(limits, currencies[:MOST_RATES], caller.reader)


class EditNewAccounts(Control[NoIds], action="settings-young", ids=NoIds):
    """Opens the form for the limit on young accounts."""

    command = "settings"

    @opens
    async def press(self, caller: Caller) -> Form:
        rules = await caller.services.guilds.rules(caller.guild_id)
        return NewAccountsForm(rules.young_limit, caller.reader)


class SellToAdults(Control[SwitchIds], action="settings-adults", ids=SwitchIds, formerly={"settings-anywhere": OFF}):
    """Sells coins only in age-restricted channels from now on, or in all channels again."""

    command = "settings"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        await caller.services.limits.sell_to_adults(caller.guild_id, only=bool(self.ids.on), by=caller.member_id)
        return await page(caller)


class AllowWithdrawals(
    Control[SwitchIds], action="settings-withdraw", ids=SwitchIds, formerly={"settings-no-withdraw": OFF}
):
    """Lets buyers withdraw from now on, or no longer."""

    command = "settings"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        await caller.services.limits.let_withdraw(caller.guild_id, allowed=bool(self.ids.on), by=caller.member_id)
        return await page(caller)


class LimitsForm(Form):
    """Asks for the limits, all sums in one currency."""

    command = "settings"

    def __init__(self, limits: BuyingLimits, reader: Reader) -> None:
        super().__init__(reader._("Limits on buying"))
        self._decimal = reader.decimal
        none = reader._("Leave it empty for no limit.")
        self.currency = text_input(limits.currency, longest=3)
        self.daily = self._sum_input(limits.daily_minor, limits.currency)
        self.held = self._sum_input(limits.held_minor, limits.currency)
        self.days = text_input(str(limits.account_days), longest=3)
        self._add(
            reader._("Main currency"), reader._("All limits are in this currency, like USD or EUR."), self.currency
        )
        self._add(reader._("Most a member can buy in 24 hours"), none, self.daily)
        self._add(reader._("Most their unspent coins can be worth"), none, self.held)
        hint = reader._("Days that a Discord account has to exist before it can buy, 0 for any")
        self._add(reader._("Youngest account"), hint, self.days)

    def _add(self, text: str, description: str, box: ui.TextInput[Any]) -> None:
        self.add_item(ui.Label(text=text, description=description, component=box))

    def _sum_input(self, minor: int | None, currency: str) -> ui.TextInput[Any]:
        value = "" if minor is None else price_text(minor, currency, self._decimal)
        return text_input(value, longest=12, required=False)

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        currency = check_currency(self.currency.value)
        daily_minor, held_minor = (
            parse_price(box.value, currency, self._decimal) if box.value.strip() else None
            for box in (self.daily, self.held)
        )
        days = parse_whole(self.days.value, MOST_DAYS)
        await caller.services.limits.change(
            caller.guild_id,
            currency=currency,
            daily_minor=daily_minor,
            held_minor=held_minor,
            account_days=days,
            by=caller.member_id,
        )
        return await page(caller)


class NewAccountsForm(Form):
    """Asks how much young Discord accounts may gift, and buy."""

    command = "settings"

    def __init__(self, young_limit: int | None, reader: Reader) -> None:
        super().__init__(reader._("New accounts"))
        value = "" if young_limit is None else str(young_limit)
        self.limit = text_input(value, longest=len(str(MAX_AMOUNT)), required=False)
        hint = reader._("For Discord accounts younger than 30 days. Leave it empty for no limit.")
        label = reader._("Most coins to gift, and to buy, in a day")
        self.add_item(ui.Label(text=label, description=hint, component=self.limit))

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        typed = self.limit.value.strip()
        young_limit = checked_amount(parse_whole(typed, MAX_AMOUNT)) if typed else None
        await caller.services.guilds.change(caller.guild_id, by=caller.member_id, young_limit=young_limit)
        return await page(caller)


class RatesForm(Form):
    """Asks what other currencies are worth in the main one."""

    command = "settings"

    def __init__(self, limits: BuyingLimits, currencies: Sequence[str], reader: Reader) -> None:
        super().__init__(reader._("Exchange rates"))
        self.boxes: dict[str, ui.TextInput[Any]] = {}
        for currency in currencies:
            rate = limits.rates.get(currency)
            box = text_input("" if rate is None else rate_text(rate, reader.decimal), longest=14, required=False)
            self.boxes[currency] = box
            hint = reader._("Leave it empty to stop selling packages in {currency}.", currency=currency)
            label = reader._("1 {currency} in {main}", currency=currency, main=limits.currency)
            self.add_item(ui.Label(text=label, description=hint, component=box))

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        rates = {currency: parse_rate(box.value) if box.value.strip() else None for currency, box in self.boxes.items()}
        await caller.services.limits.set_rates(caller.guild_id, rates, by=caller.member_id)
        return await page(caller)


def button(reader: Reader) -> Button:
    """Return the button that leads here."""
    return OpenLimits.button(NoIds(), reader._("Limits"), emoji="🚦", row=2)


async def page(caller: Caller) -> Reply:
    """Return the page with the current limits."""
    limits = await caller.services.limits.limits(caller.guild_id)
    young_limit = (await caller.services.guilds.rules(caller.guild_id)).young_limit
    currencies = await caller.services.limits.currencies(caller.guild_id)
    return page_of(limits, currencies, caller.reader, young_limit)


def page_of(limits: BuyingLimits, currencies: Sequence[str], reader: Reader, young_limit: int | None = None) -> Reply:
    """Return the page for these limits; `currencies` are those of packages that are not in the main one."""
    intro = reader._(
        "They apply to each member. Orders that wait for their payment count. If a payment still goes beyond "
        "a limit, its coins are added, and your staff get a case."
    )
    parts = [Part(intro), *(Part(text) for text in _values(limits, reader)), Part(_new_accounts(young_limit, reader))]
    place_label = reader._("Sell in all channels") if limits.adults_only else reader._("Sell only to adults")
    right_label = reader._("Stop withdrawals") if limits.can_withdraw else reader._("Allow withdrawals")
    items = [
        EditLimits.button(NoIds(), reader._("Change limits"), emoji="🚦", row=0),
        SellToAdults.button(SwitchIds(int(not limits.adults_only)), place_label, emoji="🔞", row=0),
        EditNewAccounts.button(NoIds(), reader._("New accounts"), emoji="🌱", row=0),
        AllowWithdrawals.button(SwitchIds(int(not limits.can_withdraw)), right_label, emoji="↩️", row=1),
    ]
    if currencies:
        rates = "\n".join(_rate(limits, currency, reader) for currency in currencies)
        parts.append(Part(named("💱", reader._("Exchange rates"), rates)))
        items.append(EditRates.button(NoIds(), reader._("Exchange rates"), emoji="💱", row=1))
    # Without its control, which is in a module that imports this one.
    items.append(Button(reader._("Back"), custom_id.build(PAYMENTS, ()), emoji="◀️", row=1))
    return reply(Card(theme.ROSE, tuple(parts), title="🚦 " + reader._("Limits on buying")), items)


def _values(limits: BuyingLimits, reader: Reader) -> list[str]:
    """Return a paragraph for each limit."""
    none = reader._("No limit")
    daily, held = (
        none if minor is None else reader.money(minor, limits.currency)
        for minor in (limits.daily_minor, limits.held_minor)
    )
    days = reader.n_("{n} day", "{n} days", limits.account_days) if limits.account_days else reader._("Any age")
    place = reader._("Only in age-restricted channels") if limits.adults_only else reader._("In all channels")
    days_left = reader._("Allowed for 14 days, for coins that are unspent")
    right = days_left if limits.can_withdraw else reader._("Not offered")
    return [
        named("💶", reader._("Main currency"), limits.currency),
        named("📅", reader._("Most a member can buy in 24 hours"), daily),
        named("👛", reader._("Most their unspent coins can be worth"), held),
        named("🐣", reader._("Youngest account"), days),
        named("🔞", reader._("Where coins are sold"), place),
        named("↩️", reader._("Right of withdrawal"), right),
    ]


def _new_accounts(young_limit: int | None, reader: Reader) -> str:
    limit = reader._("No limit")
    if young_limit is not None:
        limit = reader._("Up to {coins} a day to gift, and as much to buy", coins=reader.coins(young_limit))
    about = reader._("For Discord accounts younger than 30 days")
    return named("🌱", reader._("New accounts"), f"{limit}\n-# {about}")


def _rate(limits: BuyingLimits, currency: str, reader: Reader) -> str:
    rate = limits.rates.get(currency)
    if rate is None:
        return "⚠️ " + reader._("{currency}: no rate, so packages in it can't be bought", currency=currency)
    value = rate_text(rate, reader.decimal)
    return reader._("1 {currency} = {rate} {main}", currency=currency, rate=value, main=limits.currency)
