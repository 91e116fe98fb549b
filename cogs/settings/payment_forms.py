"""The forms about payment methods: those that a guild sets up itself, and for how long earnings are held."""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import discord
from discord import ui

from bot.domain.confirmation_errors import InvalidPage, SecretMissing
from bot.domain.confirmations import INSTRUCTIONS_LENGTH, MOST_CONFIRMATIONS, clean_instructions
from bot.domain.guild_providers import PaymentMethod
from bot.domain.holds import MOST_DAYS, HoldRules
from bot.domain.money import MAX_BALANCE
from bot.domain.payouts import MOST_PEOPLE, PayoutRules
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.controls import Form, text_input
from bot.ui.kit.replies import Reply
from bot.ui.looks.payment_methods import method_name
from bot.ui.text.parsing import parse_whole
from bot.ui.text.reader import Reader

COMMAND = "settings payments"
"""The row of the policy table: managers may change settings, but not decide who gets the money."""

LONGEST_PAGE = 100
LONGEST_TOKEN = 100
LONGEST_DIAMONDS = 16

_PAGE = re.compile(r"(?:https?://)?(?:www\.)?(?:ko-fi\.com/)?([A-Za-z0-9_]{1,50})/?")

ShowPage = Callable[[Caller], Awaitable[Reply]]
"""Shows the page again that a form belongs to."""


class KofiForm(Form):
    """Asks for the guild's page at Ko-fi, and for the token in its notices. The token is never shown again."""

    command = COMMAND

    def __init__(self, method: PaymentMethod, reader: Reader, show: ShowPage) -> None:
        super().__init__(reader._("Set up Ko-fi"))
        self._show, self._has_token = show, method.has_secret
        self.page = text_input(method.account, longest=LONGEST_PAGE, placeholder="ko-fi.com/yourname")
        self.token = text_input("", longest=LONGEST_TOKEN, required=not method.has_secret)
        self.add_item(ui.Label(text=reader._("Your Ko-fi page"), component=self.page))
        hint = reader._("You find it at ko-fi.com/manage/webhooks.")
        if method.has_secret:
            hint = reader._("Leave it empty to keep the one you've set.")
        self.add_item(ui.Label(text=reader._("Verification token"), description=hint, component=self.token))

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        name, token = _PAGE.fullmatch(self.page.value.strip()), self.token.value.strip()
        if name is None:
            raise InvalidPage
        if not token and not self._has_token:
            raise SecretMissing
        await caller.services.guild_providers.connect(
            caller.guild_id, "kofi", name[1], secret=token, by=caller.member_id
        )
        return await self._show(caller)


class ManualForm(Form):
    """Asks where buyers are to send the money, and how many people confirm that it arrived."""

    command = COMMAND

    def __init__(self, method: PaymentMethod, reader: Reader, show: ShowPage) -> None:
        super().__init__(reader._("Pay the staff directly"))
        self._show = show
        self.instructions = text_input(method.account, longest=INSTRUCTIONS_LENGTH, is_long=True)
        hint = reader._("Your bank account or PayPal address, as buyers should read it.")
        self.add_item(ui.Label(text=reader._("Where to send the money"), description=hint, component=self.instructions))
        needed = method.confirmations or MOST_CONFIRMATIONS
        self.people = ui.RadioGroup[Any](
            options=[
                discord.RadioGroupOption(label=label, value=str(number), default=number == needed)
                for number, label in ((2, reader._("Two people")), (1, reader._("One person")))
            ]
        )
        hint = reader._("Buyers never confirm their own payment.")
        self.add_item(ui.Label(text=reader._("Who confirms a payment?"), description=hint, component=self.people))

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        await caller.services.guild_providers.connect(
            caller.guild_id,
            "manual",
            clean_instructions(self.instructions.value),
            confirmations=1 if self.people.value == "1" else MOST_CONFIRMATIONS,
            by=caller.member_id,
        )
        return await self._show(caller)


class HoldsForm(Form):
    """Asks for how many days earnings from each of `providers` wait."""

    command = COMMAND

    def __init__(self, providers: Sequence[str], holds: HoldRules, reader: Reader, show: ShowPage) -> None:
        super().__init__(reader._("Hold earnings"))
        self._show = show
        self.boxes = {name: text_input(str(holds.current_days(name)), longest=3) for name in providers}
        hint = reader._("Days from the gift on, 0 for none. Applies from the next gift.")
        for name, box in self.boxes.items():
            self.add_item(ui.Label(text=method_name(name, reader), description=hint, component=box))

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        days = {name: parse_whole(box.value, MOST_DAYS) for name, box in self.boxes.items()}
        await caller.services.earnings.hold(caller.guild_id, days, caller.member_id)
        return await self._show(caller)


class PayoutsForm(Form):
    """Asks for the fewest diamonds of a payout, and how many people it takes."""

    command = COMMAND

    def __init__(self, rules: PayoutRules, reader: Reader, show: ShowPage) -> None:
        super().__init__(reader._("Payouts"))
        self._show = show
        self.minimum = text_input(str(rules.minimum), longest=LONGEST_DIAMONDS)
        hint = reader._("The fewest diamonds a creator can ask for")
        self.add_item(ui.Label(text=reader._("Minimum"), description=hint, component=self.minimum))
        self.people = ui.RadioGroup[Any](
            options=[
                discord.RadioGroupOption(label=label, value=str(number), default=number == rules.people)
                for number, label in ((2, reader._("Two people")), (1, reader._("One person")))
            ]
        )
        hint = reader._("One approves, the other sends the money. It's never the creator.")
        self.add_item(ui.Label(text=reader._("Who takes care of a payout?"), description=hint, component=self.people))

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        people = 1 if self.people.value == "1" else MOST_PEOPLE
        rules = PayoutRules(parse_whole(self.minimum.value, MAX_BALANCE), people)
        await caller.services.payouts.change_rules(caller.guild_id, rules, caller.member_id)
        return await self._show(caller)
