"""Everything that a reader sees in their own language: sentences by gettext, numbers and money by CLDR."""

import io
import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, get_quarter_names
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, format_percent, get_decimal_symbol

from bot.domain.currencies import minor_digits
from bot.domain.guilds import OUR_CURRENCY, GuildCurrency
from bot.ui.text.commands import UNREGISTERED, CommandMentions
from bot.ui.theme import COIN, DIAMOND, GIFT, TEST

LOCALES = Path(__file__).parents[2] / "locales"
DOMAIN = "rosette"
FALLBACK = "en-US"
MINUS = "\N{MINUS SIGN}"
_OWN_EMOJI = re.compile(r"<a?:\w+:(\d+)>")


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    """Mark `message` for the catalogues; it is translated where it is shown."""
    return message


def joined(emoji: str, amount: str) -> str:
    """Return an emoji and the number that it carries, in either order: no line breaks between them."""
    return f"{emoji}\N{NO-BREAK SPACE}{amount}"


def any_emoji(_emoji_id: int) -> bool:
    """Take every emoji of a server for one that it still has."""
    return True


class Reader:
    """One language to write in, what coins are called, which commands can be pressed where a text names them, and by
    `has_emoji` which emoji of servers can still be shown.

    `bot.ui.kit.readers` knows whose reader to take.

    Placeholders are filled in after translation, so that a member's text never is.
    """

    def __init__(
        self,
        locale: Locale,
        translations: NullTranslations,
        currency: GuildCurrency = OUR_CURRENCY,
        commands: CommandMentions = UNREGISTERED,
        has_emoji: Callable[[int], bool] = any_emoji,
    ) -> None:
        self.locale = locale
        self.currency = currency
        self._commands = commands
        self._has_emoji = has_emoji
        self._translations = translations
        self._separator = _separator_of(locale)

    def _(self, message: str, /, **values: object) -> str:
        """Return `message` translated, with `values` in its {placeholders}."""
        return self._commands.written_in(self._translations.gettext(message)).format(**values)

    def n_(self, singular: str, plural: str, n: int, /, **values: object) -> str:
        """Return the form that the language uses for `n`; {n} is the number, formatted."""
        return self._translations.ngettext(singular, plural, n).format(n=self.number(n), **values)

    def number(self, value: int) -> str:
        """Return a whole number with the locale's grouping, and negative with a minus sign instead of a hyphen."""
        if value < 0:
            return MINUS + self.number(-value)
        if self._separator is None:
            return format_decimal(value, locale=self.locale)
        return f"{value:,}".replace(",", self._separator)

    def coins(self, value: int, *, plain: bool = False, is_test: bool = False) -> str:
        """Return an amount of coins for a sentence, of test coins with `is_test`. `plain` is for places that show no
        emoji of a server's own: labels, choices, descriptions, pictures."""
        if is_test and self.currency.name:
            return joined(TEST, self.coin(value, plain=plain))
        if is_test:
            return joined(TEST, self.n_("{n} test coin", "{n} test coins", value))
        # Nobody knows the plural of a name that a moderator made up, so the emoji and the number carry it.
        if self.currency.name:
            return self.coin(value, plain=plain)
        return joined(self.coin_emoji(plain=plain), self.n_("{n} coin", "{n} coins", value))

    def coin(self, value: int, *, plain: bool = False) -> str:
        """Return an amount of coins for a list, where the emoji says enough. `plain` is as in `coins`."""
        if plain and self.currency.name and self.currency.emoji.startswith("<"):
            return f"{self.currency.name}: {self.number(value)}"
        return self.amount(self.coin_emoji(plain=plain), value)

    def coin_emoji(self, *, plain: bool = False) -> str:
        """Return the emoji of coins. `plain` is as in `coins`."""
        return COIN if plain and self.currency.emoji.startswith("<") else self.currency.emoji or COIN

    def emoji(self, stored: str, instead: str = GIFT) -> str:
        """Return an emoji that was stored once, or `instead` if it was a server's own and is gone: Discord would show
        its name between colons."""
        own = _OWN_EMOJI.fullmatch(stored) if stored.startswith("<") else None
        return stored if own is None or self._has_emoji(int(own[1])) else instead

    def diamonds(self, value: int) -> str:
        """Return an amount of earnings."""
        return self.amount(DIAMOND, value)

    def amount(self, emoji: str, value: int) -> str:
        """Return a number of what an emoji stands for."""
        return joined(emoji, self.number(value))

    def change(self, value: int, emoji: str) -> str:
        """Return by how much an amount has changed: "**+1,400** 🪙"."""
        return joined(f"**{'+' if value > 0 else ''}{self.number(value)}**", emoji)

    @property
    def decimal(self) -> str:
        """What stands before decimals: "." in English, "," in German."""
        return get_decimal_symbol(self.locale)

    def percent(self, value: int) -> str:
        """Return a whole percentage."""
        return format_percent(Decimal(value).scaleb(-2), locale=self.locale)

    def money(self, minor: int, currency: str) -> str:
        """Return real money, given in minor units of its ISO 4217 currency."""
        return _money(minor, currency, self.locale)

    def whole_money(self, minor: int, currency: str) -> str:
        """Return real money without decimals, for estimates."""
        units = Decimal(minor).scaleb(-minor_digits(currency)).to_integral_value()
        pattern = self.locale.currency_formats["standard"].pattern
        return format_currency(units, currency, re.sub(r"\.0+", "", pattern), locale=self.locale, currency_digits=False)

    def listed(self, parts: Iterable[str]) -> str:
        """Return `parts` joined as the language joins a list: "a, b and c"."""
        return format_list(list(parts), locale=self.locale)

    def either(self, parts: Iterable[str]) -> str:
        """Return `parts` joined as alternatives: "a, b or c"."""
        return format_list(list(parts), style="or", locale=self.locale)

    def day(self, day: date) -> str:
        """Return a day of a guild's calendar, which is the same for every reader."""
        return format_date(day, "long", locale=self.locale)

    def month(self, day: date) -> str:
        """Return the month that a day is in."""
        return format_skeleton("yMMMM", day, locale=self.locale)

    def quarter(self, number: int) -> str:
        """Return a quarter of the year, from 1 to 4, in a few letters."""
        return get_quarter_names("abbreviated", locale=self.locale)[number]

    @staticmethod
    def when(at_ms: int) -> str:
        """Return a moment as Discord shows it, relative to now."""
        return f"<t:{at_ms // 1000}:R>"

    @staticmethod
    def date(at_ms: int) -> str:
        """Return the day of a moment as Discord shows it, in the reader's time zone."""
        return f"<t:{at_ms // 1000}:D>"

    @staticmethod
    def moment(at_ms: int) -> str:
        """Return a moment as Discord shows it, with date and time of day in the reader's time zone."""
        return f"<t:{at_ms // 1000}:f>"


@lru_cache(maxsize=4096)
def _money(minor: int, currency: str, locale: Locale) -> str:
    # Every button that sends a gift says about how much money that is. CLDR's patterns take a tenth of a whole gift,
    # and the same few prices come again and again.
    return format_currency(Decimal(minor).scaleb(-minor_digits(currency)), currency, locale=locale)


def _separator_of(locale: Locale) -> str | None:
    """Return what stands between groups of three digits; None if a language groups them otherwise.

    Every receipt has numbers in it, and CLDR's patterns take longer than all the rest of a sentence. A test compares
    both ways for every language that Discord has.
    """
    examples = (1_234, 1_234_567)
    formatted = [format_decimal(example, locale=locale) for example in examples]
    separator = formatted[1][1]
    return separator if formatted == [f"{example:,}".replace(",", separator) for example in examples] else None


@lru_cache(maxsize=256)
def reader_for(
    tag: str,
    currency: GuildCurrency = OUR_CURRENCY,
    commands: CommandMentions = UNREGISTERED,
    has_emoji: Callable[[int], bool] = any_emoji,
) -> Reader:
    """Return the reader for a Discord locale such as "de" or "pt-BR"; English where we know no better."""
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return reader_for(FALLBACK, currency, commands, has_emoji)
    return Reader(locale, catalogue(locale.language), currency, commands, has_emoji)


@lru_cache(maxsize=64)
def catalogue(language: str) -> NullTranslations:
    """Return the translations into `language`; without any, texts stay as the source has them: English."""
    path = LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not path.is_file():
        return NullTranslations()
    # Read from the .po at start: a compiled file in the tree would be one more thing that can be out of date.
    with path.open("rb") as file:
        entries = read_po(file, locale=language, domain=DOMAIN)
    compiled = io.BytesIO()
    write_mo(compiled, entries)
    compiled.seek(0)
    return GNUTranslations(compiled)


def languages() -> list[str]:
    """Return the languages that have a catalogue."""
    return sorted(path.parent.parent.name for path in LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
