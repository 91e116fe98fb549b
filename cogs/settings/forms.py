"""The forms of the settings: what has to be typed."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from discord import ui

from bot.domain.guilds import CURRENCY_LENGTH, GuildRules, Setting
from bot.domain.money import MAX_AMOUNT
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.controls import Form, text_input
from bot.ui.kit.numbers import Numbers
from bot.ui.kit.replies import Reply
from bot.ui.text.parsing import LONGEST_EMOJI, parse_emoji, parse_whole
from bot.ui.text.reader import Reader

Show = Callable[[Caller, GuildRules], Reply]
"""Shows the panel again, with the rules that a form has changed."""


class SettingsForm(Form, ABC):
    """A form of one or two lines; `emoji` stands on the button that opens it."""

    command = "settings"
    emoji: ClassVar[str]

    def __init__(self, title: str, show: Show) -> None:
        super().__init__(title)
        self._show = show

    def line(
        self, text: str, description: str, value: str, longest: int, *, required: bool = True
    ) -> ui.TextInput[Any]:
        """Add one line to the form, filled with `value`."""
        box = text_input(value, longest=longest, required=required)
        self.add_item(ui.Label(text=text, description=description, component=box))
        return box

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        return self._show(caller, await self.change(caller))

    @abstractmethod
    async def change(self, caller: Caller) -> GuildRules:
        """Save what was typed, and return the rules of now. Raises InvalidAmount."""


class RulesForm(SettingsForm):
    """A form whose lines are fields of GuildRules."""

    async def change(self, caller: Caller) -> GuildRules:
        """Save the fields. Raises what `values` and the service raise."""
        return await caller.services.guilds.change(caller.guild_id, by=caller.member_id, **self.values(caller))

    @abstractmethod
    def values(self, caller: Caller) -> dict[str, Setting]:
        """Return what was typed, by field of GuildRules; raise InvalidAmount or ForeignEmoji."""


class Shares(SettingsForm):
    """How much of a gift its creator earns."""

    emoji = "💎"

    def __init__(self, rules: GuildRules, reader: Reader, show: Show) -> None:
        super().__init__(reader._("What creators earn"), show)
        hint = reader._("0 to 100. A lower share starts in seven days, so that creators know before.")
        self.paid = self.line(reader._("Percent of bought coins"), hint, str(rules.share_percent), 4)
        hint = reader._("0 to 100. Promo coins are free, so more than 0 turns gifts of staff into earnings.")
        self.promo = self.line(reader._("Percent of promo coins"), hint, str(rules.promo_share_percent), 4)

    async def change(self, caller: Caller) -> GuildRules:
        """Choose both percentages. A lower one starts later."""
        paid, promo = (parse_whole(box.value, 100) for box in (self.paid, self.promo))
        return await caller.services.shares.change(caller.guild_id, paid, promo, by=caller.member_id)


class Threshold(RulesForm):
    """From which price on a gift has to be confirmed."""

    emoji = "✋"

    def __init__(self, rules: GuildRules, reader: Reader, show: Show) -> None:
        super().__init__(reader._("Confirm large gifts"), show)
        hint = reader._("Larger gifts need a second confirmation.")
        self.above = self.line(reader._("Confirm gifts above"), hint, str(rules.confirm_above), 10)

    def values(self, caller: Caller) -> dict[str, Setting]:
        """Return the threshold in coins."""
        return {"confirm_above": parse_whole(self.above.value, MAX_AMOUNT)}


class TimeZone(RulesForm):
    """Where the guild's days and weeks begin."""

    emoji = "🕛"

    def __init__(self, rules: GuildRules, reader: Reader, show: Show) -> None:
        super().__init__(reader._("This server's time zone"), show)
        hint = reader._("Like Europe/Berlin, America/New_York or UTC")
        self.zone = self.line(reader._("Time zone"), hint, rules.time_zone, 40)

    def values(self, caller: Caller) -> dict[str, Setting]:
        """Return the name of the zone; whether it exists is checked by the service."""
        return {"time_zone": self.zone.value.strip()}


class Currency(RulesForm):
    """What coins are called here."""

    emoji = "🪙"

    def __init__(self, rules: GuildRules, reader: Reader, show: Show) -> None:
        super().__init__(reader._("What coins are called here"), show)
        name, emoji = rules.currency
        hint = reader._("Like Sunflowers. Leave it empty to call them coins.")
        self.name = self.line(reader._("Name"), hint, name, CURRENCY_LENGTH, required=False)
        hint = reader._("A standard one or one of this server's own. Leave it empty for 🪙.")
        self.coin_emoji = self.line(reader._("Emoji"), hint, emoji, LONGEST_EMOJI, required=False)

    def values(self, caller: Caller) -> dict[str, Setting]:
        """Return name and emoji, None if the line was left empty."""
        emoji = self.coin_emoji.value.strip()
        return {
            "currency_name": self.name.value.strip() or None,
            "currency_emoji": parse_emoji(emoji, caller.guild) if emoji else None,
        }


class MessagePrices(RulesForm):
    """Between which prices gifts on messages are."""

    emoji = "💬"

    def __init__(self, rules: GuildRules, reader: Reader, show: Show) -> None:
        super().__init__(reader._("Gifts on messages"), show)
        hint = reader._("Price of one piece. Leave it empty for no limit.")
        bounds = ["" if price is None else str(price) for price in (rules.message_lowest, rules.message_highest)]
        self.lowest = self.line(reader._("Lowest price"), hint, bounds[0], 10, required=False)
        self.highest = self.line(reader._("Highest price"), hint, bounds[1], 10, required=False)

    def values(self, caller: Caller) -> dict[str, Setting]:
        """Return both prices, None for no limit."""
        lowest, highest = (
            parse_whole(box.value, MAX_AMOUNT) or None if box.value.strip() else None
            for box in (self.lowest, self.highest)
        )
        return {"message_lowest": lowest, "message_highest": highest}


FORMS: Numbers[type[Shares | Threshold | TimeZone | Currency | MessagePrices]] = Numbers(
    {0: Shares, 1: Threshold, 2: TimeZone, 3: Currency, 4: MessagePrices}
)
