"""The settings page about payment methods: which of the methods that the operator has switched on are offered to
members."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from bot.domain.errors import NotFound
from bot.domain.guild_providers import PaymentMethod
from bot.domain.holds import HoldRules
from bot.domain.payouts import PayoutRules
from bot.domain.staff_errors import NothingToHold
from bot.domain.transfers import TransferTerms
from bot.ui import theme
from bot.ui.kit import custom_id
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part, named
from bot.ui.kit.components import Button, Menu, Option
from bot.ui.kit.controls import Control, Form, NoIds, picked
from bot.ui.kit.cross_links import guide_button
from bot.ui.kit.numbers import Numbers
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.payment_methods import METHODS, method_name
from bot.ui.text.reader import Reader
from cogs.settings import limits
from cogs.settings.announcing import TURN
from cogs.settings.payment_forms import COMMAND, HoldsForm, KofiForm, ManualForm, PayoutsForm

TRANSFERS = "settings-transfers"
"""The action of the control that opens a form in a module that imports this one."""

PROVIDERS = Numbers({0: "sandbox", 1: "stripe", 2: "discord_sku", 3: "kofi", 4: "manual"})


class PaymentSettings(NamedTuple):
    """What a guild has set about payments. `terms` are those of payouts by transfer, if it has any.

    It `can_send` payouts by transfer if the operator offers that. What the methods `withheld` bring creators waits for
    the operator.
    """

    methods: Sequence[PaymentMethod]
    holds: HoldRules
    payouts: PayoutRules
    terms: TransferTerms | None = None
    can_send: bool = False
    withheld: Collection[str] = ()


class OpenPayments(Control[NoIds], action=limits.PAYMENTS, ids=NoIds):
    """Turns to the page."""

    command = "settings"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await page(caller)


class PickPaymentMethods(Control[NoIds], action="settings-methods", ids=NoIds):
    """Picks the payment methods that members are offered; none means that nobody can buy coins."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        names = [PROVIDERS.thing(number) for number in picked(caller, "provider")]
        await caller.services.guild_providers.choose(caller.guild_id, names, by=caller.member_id)
        return await page(caller)


class OpenKofi(Control[NoIds], action="settings-kofi", ids=NoIds):
    """Opens the form for Ko-fi."""

    command = COMMAND

    @opens
    async def press(self, caller: Caller) -> Form:
        return KofiForm(await _method(caller, "kofi"), caller.reader, page)


class OpenManual(Control[NoIds], action="settings-manual", ids=NoIds):
    """Opens the form for paying the staff directly."""

    command = COMMAND

    @opens
    async def press(self, caller: Caller) -> Form:
        return ManualForm(await _method(caller, "manual"), caller.reader, page)


class OpenHolds(Control[NoIds], action="settings-holds", ids=NoIds):
    """Opens the form for how long earnings are held."""

    command = COMMAND

    @opens
    async def press(self, caller: Caller) -> Form:
        methods = await caller.services.guild_providers.methods(caller.guild_id)
        providers = [method.provider for method in methods if not method.is_test]
        if not providers:
            raise NothingToHold
        holds = await caller.services.earnings.hold_rules(caller.guild_id)
        return HoldsForm(providers, holds, caller.reader, page)


class OpenPayouts(Control[NoIds], action="settings-payouts", ids=NoIds):
    """Opens the form about payouts."""

    command = COMMAND

    @opens
    async def press(self, caller: Caller) -> Form:
        return PayoutsForm(await caller.services.payouts.rules(caller.guild_id), caller.reader, page)


class ConnectStripe(Control[NoIds], action="settings-stripe", ids=NoIds):
    """Leads to the page where staff set up the server's own account at Stripe, and switches Stripe on after that."""

    command = COMMAND

    @replies(Mode.PRIVATE)
    async def press(self, caller: Caller) -> Reply:
        page_url = await caller.services.guild_providers.onboard(caller.guild_id, "stripe", by=caller.member_id)
        reader = caller.reader
        text = reader._("Your server's Stripe account is ready, and members can pay with it now.")
        items: tuple[Button, ...] = ()
        if page_url:
            text = reader._(
                "You set up your server's account on Stripe's own page. The link works once, for a few minutes. When"
                " you've finished there, press **Connect Stripe** again."
            )
            items = (Button(reader._("Continue at Stripe"), url=page_url, emoji=METHODS["stripe"].emoji),)
        title = f"{METHODS['stripe'].emoji} {method_name('stripe', reader)}"
        return reply(Card(theme.ROSE, (Part(text),), title=title), items)


def button(reader: Reader) -> Button:
    """Return the button that leads here."""
    return OpenPayments.button(NoIds(), reader._("Payments"), emoji="💳")


async def page(caller: Caller) -> Reply:
    """Return the page with the current choice. Those who may not change it only read it."""
    services, guild_id = caller.services, caller.guild_id
    settings = PaymentSettings(
        methods=await services.guild_providers.methods(guild_id),
        holds=await services.earnings.hold_rules(guild_id),
        payouts=await services.payouts.rules(guild_id),
        terms=await services.transfers.terms(guild_id),
        can_send=services.transfers.can_offer(guild_id),
        withheld=await services.earnings.withheld(),
    )
    return page_of(settings, caller.reader, is_changeable=caller.manages_guild)


def page_of(settings: PaymentSettings, reader: Reader, *, is_changeable: bool) -> Reply:
    """Return the page for these settings, with buttons that change them if it `is_changeable`."""
    methods = settings.methods
    text = reader._("How members pay for coins. Only someone with Manage Server can change this.")
    if not methods:
        text = reader._("No payment method is set up yet. Ask whoever runs this bot to add one.")
    parts = [Part(text)]
    for method in methods:
        state = "\n-# ".join(filter(None, (_state(method, reader), _hold(method, settings, reader))))
        about = named(METHODS[method.provider].emoji, method_name(method.provider, reader), state)
        parts.append(Part(about))
    is_real = any(not method.is_test for method in methods)
    if is_real:
        parts.append(Part(named("💎", reader._("Payouts"), _payouts(settings.payouts, settings.terms, reader))))
    items = [_menu(methods, reader), *_set_up(methods, reader)] if methods and is_changeable else []
    end = [
        OpenHolds.button(NoIds(), reader._("Hold earnings"), emoji="⏳", row=2),
        OpenPayouts.button(NoIds(), reader._("Payouts"), emoji="💎", row=2),
    ]
    if settings.can_send:
        # Without its control, which is in a module that imports this one.
        end.append(Button(reader._("Payouts through Stripe"), custom_id.build(TRANSFERS, ()), emoji="🏦", row=2))
    # Without its control, which is in a module that imports this one.
    back = Button(reader._("Back"), custom_id.build(TURN, (0,)), emoji="◀️", row=3)
    card = Card(theme.ROSE, tuple(parts), title="💳 " + reader._("Payments"))
    can_hold = is_changeable and is_real
    return reply(card, [*items, limits.button(reader), *(end if can_hold else ()), guide_button(reader, row=3), back])


def _state(method: PaymentMethod, reader: Reader) -> str:
    if not method.is_on:
        return reader._("Off")
    if not method.is_offered:
        return "⚠️ " + reader._("On, but this server hasn't connected its account yet.")
    return reader._("On: test coins, no real money") if method.is_test else reader._("On")


def _hold(method: PaymentMethod, settings: PaymentSettings, reader: Reader) -> str:
    """Return for how long creators' earnings from it wait, "" for tests, which are never paid out."""
    if method.is_test:
        return ""
    if method.provider in settings.withheld:
        return reader._(
            "Earnings are held until whoever runs this bot has confirmed that creators are paid from this money."
        )
    days = settings.holds.current_days(method.provider)
    if not days:
        return reader._("Earnings are available at once.")
    return reader.n_("Earnings are held for {n} day.", "Earnings are held for {n} days.", days)


def _payouts(rules: PayoutRules, terms: TransferTerms | None, reader: Reader) -> str:
    minimum = reader._("Payouts start at {minimum}.", minimum=reader.diamonds(rules.minimum))
    people = reader._("One person approves and sends the money.")
    if rules.people > 1:
        people = reader._("One person approves, another one sends the money.")
    if terms is None:
        return f"{minimum} {people}"
    money, thousand = reader.money(terms.minor_per_thousand, terms.currency), reader.diamonds(1_000)
    sent = reader._("Sent through Stripe: {money} for {diamonds}.", money=money, diamonds=thousand)
    return f"{minimum} {people} {sent}"


def _set_up(methods: Sequence[PaymentMethod], reader: Reader) -> list[Button]:
    """Return a button for each method that staff set up themselves."""
    names = {method.provider for method in methods}
    items: list[Button] = []
    if any(method.provider == "stripe" and method.needs_account for method in methods):
        items.append(ConnectStripe.button(NoIds(), reader._("Connect Stripe"), emoji=METHODS["stripe"].emoji, row=1))
    if "kofi" in names:
        items.append(OpenKofi.button(NoIds(), reader._("Set up Ko-fi"), emoji=METHODS["kofi"].emoji, row=1))
    if "manual" in names:
        label = reader._("Set up direct payments")
        items.append(OpenManual.button(NoIds(), label, emoji=METHODS["manual"].emoji, row=1))
    return items


async def _method(caller: Caller, name: str) -> PaymentMethod:
    methods = await caller.services.guild_providers.methods(caller.guild_id)
    method = next((method for method in methods if method.provider == name), None)
    if method is None:
        raise NotFound("provider")
    return method


def _menu(methods: Sequence[PaymentMethod], reader: Reader) -> Menu:
    options = [
        Option(
            method_name(method.provider, reader),
            PROVIDERS.of(method.provider),
            emoji=METHODS[method.provider].emoji,
            default=method.is_on,
        )
        for method in methods
    ]
    menu_id = PickPaymentMethods.id_for(NoIds())
    return Menu(menu_id, reader._("Payment methods"), options=options, fewest=0, most=len(options), row=0)
