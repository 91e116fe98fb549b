"""Languages: what is translated, and what happens where nothing is."""

import ast
import re
from pathlib import Path
from typing import Any, cast

import discord
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Location
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.guilds import LANGUAGES, GuildCurrency
from bot.domain.policy import POLICY
from bot.ui.text.reader import FALLBACK, LOCALES, languages, reader_for
from bot.ui.text.translator import Translator

ROOT = Path(__file__).parents[2]
KEYWORDS = {"_": None, "N_": None, "n_": (1, 2)}

SUN = "<:sun:123456789012345678>"


def template() -> Catalog:
    with (LOCALES / "rosette.pot").open("rb") as file:
        return read_po(file)


def catalogue(language: str) -> Catalog:
    with (LOCALES / language / "LC_MESSAGES" / "rosette.po").open("rb") as file:
        return read_po(file, locale=language)


def messages(of: Catalog) -> list[Message]:
    return [message for message in of if message.id]


def ids(of: Catalog) -> set[str]:
    return {first(message.id) for message in messages(of)}


def first(text: Any) -> str:
    return text if isinstance(text, str) else text[0]


def strings_of(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ("",))


def in_source() -> set[str]:
    """Return the texts that the code marks, read from its syntax tree: f-strings hide them from the extractor."""
    texts: set[str] = set()
    for folder in ("bot", "cogs"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                    name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
                    if name in KEYWORDS:
                        texts.add(str(node.args[0].value))
    return texts


def test_the_template_has_every_text_of_the_code_and_no_other() -> None:
    extracted = {
        first(text)
        for folder in ("bot", "cogs")
        for _file, _line, text, _comments, _context in extract_from_dir(ROOT / folder, keywords=KEYWORDS)
    }

    assert extracted == ids(template()) == in_source()


@pytest.mark.parametrize("language", languages())
def test_a_catalogue_is_complete(language: str) -> None:
    translated = {
        first(message.id) for message in messages(catalogue(language)) if not message.fuzzy and all(strings_of(message))
    }

    assert translated == ids(template())


@pytest.mark.parametrize("language", languages())
def test_a_translation_has_the_placeholders_and_the_markup_of_its_original(language: str) -> None:
    marks = re.compile(r"\{\w+\}|`[^`]*`|<[@#][^>]*>")

    for message in messages(catalogue(language)):
        for text in strings_of(message):
            assert sorted(marks.findall(text)) == sorted(marks.findall(first(message.id))), text


def test_several_are_creators_in_german() -> None:
    code, role = r"`[^`]*`", r"(?<!keine )\bCreator (?:werden|wird|sein|ist)\b|\b(?:als|zum) Creator\b"
    odd: list[str] = []
    for message in messages(catalogue("de")):
        originals = [message.id] if isinstance(message.id, str) else [*message.id]
        for original, text in zip(originals, strings_of(message), strict=True):
            alone = len(re.findall(r"\bcreator\b", re.sub(code, "", original), re.IGNORECASE))
            if len(re.findall(r"\bCreator\b", re.sub(f"{code}|{role}", "", text))) > alone:
                odd.append(text)

    assert odd == []


@pytest.mark.parametrize("language", languages())
def test_no_text_names_a_command_that_does_not_exist(language: str) -> None:
    families = {name.rpartition(" ")[0] for name in POLICY}
    texts = [text for message in messages(catalogue(language)) for text in (first(message.id), *strings_of(message))]
    named = {match for text in texts for match in re.findall(r"`/([a-z-]+(?: [a-z-]+){0,2})(?=[` ])", text)}

    assert "gift" in named
    assert named - {*POLICY} - families == set()


def test_numbers_money_and_percentages_are_written_as_the_reader_writes_them() -> None:
    english, german = reader_for("en-US"), reader_for("de")

    assert english.coins(1_400) == "🪙\xa01,400 coins"
    assert german.coins(1_400) == "🪙\xa01.400 Coins"
    assert english.money(499, "USD") == "$4.99"
    assert german.money(499, "EUR") == "4,99\N{NO-BREAK SPACE}€"
    assert english.money(500, "JPY") == "¥500"
    assert english.money(1_500, "KWD") == "KWD1.500"
    assert english.percent(7) == "7%"
    assert german.percent(7) == "7\N{NO-BREAK SPACE}%"


@given(st.sampled_from([*discord.Locale]), st.integers(-(2**53), 2**53) | st.integers(-10_000, 10_000))
def test_numbers_are_grouped_as_the_unicode_consortium_has_it_and_have_a_minus_sign_below_zero(
    locale: discord.Locale, value: int
) -> None:
    reader = reader_for(str(locale.value))

    sign = "\N{MINUS SIGN}" if value < 0 else ""
    assert reader.number(value) == sign + format_decimal(abs(value), locale=reader.locale)


def test_the_emoji_and_the_number_carry_the_amount_of_a_currency_of_ones_own() -> None:
    named, pictured, both = (
        reader_for("de", GuildCurrency(*look)) for look in (("Sunflowers", ""), ("", "🌻"), ("Sunflowers", SUN))
    )

    assert [r.coins(1_400) for r in (named, pictured, both)] == ["🪙\xa01.400", "🌻\xa01.400 Coins", f"{SUN}\xa01.400"]
    assert [r.coin(1) for r in (named, pictured, both)] == ["🪙\xa01", "🌻\xa01", f"{SUN}\xa01"]
    assert [r.coins(1_400, plain=True) for r in (named, pictured, both)] == [
        "🪙\xa01.400",
        "🌻\xa01.400 Coins",
        "Sunflowers: 1.400",
    ]
    assert reader_for("de", GuildCurrency("", SUN)).coins(2, plain=True) == "🪙\xa02 Coins"
    assert reader_for("tlh", GuildCurrency("Sunflowers", "🌻")).coins(2) == "🌻\xa02"


def test_one_coin_is_not_coins() -> None:
    assert reader_for("en-US").coins(1) == "🪙\xa01 coin"
    assert reader_for("de").n_("{n} gift", "{n} gifts", 1) == "1 Geschenk"
    assert reader_for("de").n_("{n} gift", "{n} gifts", 2) == "2 Geschenke"


@pytest.mark.parametrize("tag", ["en-GB", "fr", "zh-TW", "tlh", "", "x-y-z", "es-419"])
def test_a_language_without_a_catalogue_reads_english(tag: str) -> None:
    reader = reader_for(tag)

    assert reader._("Buy coins") == "Buy coins"


def test_a_text_that_no_catalogue_knows_stays_as_it_is() -> None:
    assert reader_for("de")._("Unheard {of}", of="of") == "Unheard of"


def test_every_locale_of_discord_has_a_reader() -> None:
    readers = {str(locale.value): reader_for(str(locale.value)) for locale in discord.Locale}

    assert all(reader.number(1_000) for reader in readers.values())
    assert readers["de"].locale.language == "de"
    assert readers["es-419"].locale.language == "es"


def descriptions() -> set[str]:
    """Return what the commands, options and choices are described with: in cogs, a bare `_` makes a locale_str."""
    return {
        str(node.args[0].value)
        for path in (ROOT / "cogs").rglob("cog.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
        if isinstance(node.args[0], ast.Constant)
    }


@pytest.mark.parametrize("locale", ["en-US", *languages()])
def test_descriptions_of_commands_and_options_have_the_length_that_discord_takes(locale: str) -> None:
    reader = reader_for(locale)

    assert len(descriptions()) > 50
    assert [text for text in descriptions() if not 1 <= len(reader._(text)) <= 100] == []


def test_a_guild_can_choose_every_language_that_there_is() -> None:
    assert sorted(LANGUAGES) == sorted([FALLBACK, *languages()])


async def test_commands_are_described_in_the_languages_that_have_a_catalogue() -> None:
    translator = Translator()
    where = app_commands.TranslationContext(Location.command_description, cast("Any", None))
    name = app_commands.TranslationContext(Location.command_name, cast("Any", None))
    text = app_commands.locale_str("Send a gift to a creator")

    assert await translator.translate(text, discord.Locale.german, where) == "Einem Creator ein Geschenk senden"
    assert await translator.translate(text, discord.Locale.french, where) is None
    assert await translator.translate(text, discord.Locale.british_english, where) is None
    assert await translator.translate(text, discord.Locale.german, name) is None


COUNTED = re.compile(
    r"\{\w+\}[^\w{]{0,5}(?:[a-z]+ )?(?:coins|gifts|gifters|members|creators|levels|rounds|minutes|seconds|hours|days"
    r"|characters|times|pieces|packages|items|others|are|were|have|wait)\b"
)
"""A placeholder before what is counted, or before a verb that would have to agree."""

NOT_NUMBERS = {"{creators} are live"}
"""The sentence for one creator is another."""


def test_every_text_with_a_number_of_something_has_plural_forms() -> None:
    counting = [message for message in messages(template()) if COUNTED.search(first(message.id))]

    assert {first(message.id) for message in counting if not message.pluralizable} == NOT_NUMBERS
    # What is looked for is there to be found.
    assert COUNTED.search("{n} Gifters".lower())
    assert COUNTED.search("**{coins}** are in your wallet")
