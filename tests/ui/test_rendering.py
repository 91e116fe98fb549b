"""Whatever is in the books, Discord takes the reply; and no text in it escapes translation."""

import json
import re
from dataclasses import replace
from gettext import NullTranslations

import pytest
from babel import Locale
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.guilds import GuildCurrency, GuildRules
from bot.domain.levels import progress_of
from bot.domain.money import MAX_AMOUNT, MAX_COUNT
from bot.domain.profiles import CreatorSide, MemberProfile
from bot.domain.streaks import Streak
from bot.domain.text import MESSAGE_LENGTH, NAME_LENGTH, TITLE_LENGTH, clean
from bot.imaging.values import Person
from bot.ui.kit.components import Button, Menu
from bot.ui.kit.replies import Reply
from bot.ui.looks import profiles, stats_picture
from bot.ui.looks.recap import alt_text, people_on, recap_card
from bot.ui.text.reader import Reader, reader_for
from tests.thoroughness import by_thoroughness
from tests.ui import form_samples, limits, samples
from tests.ui.creator_samples import some_stats
from tests.ui.facts import NOW_MS, Facts

LOCALES = ("en-US", "de", "fr", "pt-BR", "zh-CN", "hi", "th")
EXAMPLES = by_thoroughness(quick=5, full=15, long=200)
"""Each draws every reply that there is."""
SUN = "<:sun:123456789012345678>"
FAMILY = "👩‍👩‍👧‍👦"
CURRENCIES = rf"(?:🪙|💎|🧪|🌻|{SUN})"
BREAKABLE = re.compile(rf"(?<!\xa0){CURRENCIES} (?:💎|[*~_]*[+−]?\d)|\d[*~_]* {CURRENCIES}")
"""An amount that a line could end in: a space stands between the number and the emoji that says of what."""

texts = st.text(max_size=400) | st.sampled_from([FAMILY * 200, "Z" + "\u0300" * 300, "*_~`|>" * 80, "مرحبا " * 60])
names = texts.map(lambda text: clean(text, NAME_LENGTH)).filter(bool)
facts = st.builds(
    Facts,
    name=names,
    emoji=st.sampled_from(["🌸", FAMILY, "<:rose:123456789012345678>", "🏴󠁧󠁢󠁷󠁬󠁳󠁿"]),
    note=texts.map(lambda text: clean(text, MESSAGE_LENGTH)),
    title=texts.map(lambda text: clean(text, TITLE_LENGTH)),
    coins=st.integers(1, MAX_AMOUNT),
    count=st.integers(1, MAX_COUNT),
    rows=st.integers(0, 10),
    currency=st.sampled_from(["USD", "EUR", "JPY", "KWD"]),
    anonymous=st.booleans(),
)


@settings(max_examples=EXAMPLES)
@given(facts, st.sampled_from(LOCALES))
def test_every_reply_fits_whatever_people_typed_and_however_much_they_have(f: Facts, locale: str) -> None:
    reader = reader_for(locale)

    replies = list(samples.replies(f, reader))

    for reply in replies:
        limits.check(reply)


@pytest.mark.parametrize("emoji", ["🌻", SUN])
def test_a_currency_of_a_servers_own_stands_everywhere_and_its_emoji_only_where_discord_shows_it(emoji: str) -> None:
    currency = GuildCurrency("Sunflowers", emoji)
    replies = [*samples.replies(Facts(), reader_for("en-US", currency))]
    places = [text for reply in replies for text in plain_texts(reply)]
    sentences = " ".join(map(sentences_of, replies))

    assert not [text for text in places if SUN in text or "🪙" in text]
    assert any(("Sunflowers: " if emoji == SUN else emoji) in text for text in places)
    assert emoji in sentences
    assert f"{emoji}\xa01,234" in sentences
    assert not re.findall(rf"{emoji} [0-9,]+ coins?", sentences)


@pytest.mark.parametrize("locale", ["en-US", "de"])
@pytest.mark.parametrize("emoji", ["", "🌻", SUN])
def test_no_line_ends_between_the_emoji_and_the_number_of_an_amount(locale: str, emoji: str) -> None:
    replies = [*samples.replies(Facts(), reader_for(locale, GuildCurrency("", emoji)))]

    texts = [text for reply in replies for text in (sentences_of(reply), *plain_texts(reply))]

    assert not [text for text in texts if BREAKABLE.search(text)]
    assert [text for text in texts if f"{emoji or '🪙'}\N{NO-BREAK SPACE}" in text]


def sentences_of(reply: Reply) -> str:
    """Return the texts of a reply's embeds."""
    return " ".join(json.dumps(embed.to_dict(), ensure_ascii=False) for embed in reply.embedded().embeds())


def plain_texts(reply: Reply) -> list[str]:
    """Return the texts of a reply in which Discord shows no emoji of a server's own."""
    reply = reply.embedded()
    texts = [*(embed.footer.text or "" for embed in reply.embeds()), *(picture.alt for picture in reply.card.pictures)]
    for item in reply.items:
        options = item.options if isinstance(item, Menu) else []
        texts += [part for option in options for part in (option.label, option.description)]
        texts += [item.label] if isinstance(item, Button) else []
    return texts


@pytest.mark.parametrize("locale", LOCALES)
def test_every_form_fits(locale: str) -> None:
    for form in form_samples.forms(reader_for(locale)):
        limits.check_form(form)


class Blank(NullTranslations):
    """A language without letters: translated text disappears, and what stays was never asked for in any language."""

    def gettext(self, message: str) -> str:
        return "".join(re.findall(r"\{\w+\}", message)) or "·"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def picture_alt(reply: Reply) -> str:
    return " ".join(picture.alt for picture in reply.card.pictures)


def test_every_word_that_is_shown_can_be_translated() -> None:
    reader = Reader(Locale.parse("el"), Blank())
    codes = re.compile(
        r"<t:\d+:[RfD]>|`[^`]+`|America/[A-Za-z/]+|UTC|USD|EUR|JP[Y¥]|KWD|RO-[0-9A-Z]+|https://discord\.com/[^\s)]+|\b9223372036854775807\b"
        r"<t:\d+:[RfD]>|`[^`]+`|UTC|USD|EUR|JP[Y¥]|KWD|RO-[0-9A-Z]+|https://discord\.com/[^\s)]+|\b9223372036854775807\b"
        r"|America/[A-Za-z_/]+|…[0-9a-f]{6}|SHA-256: [0-9a-f]+"
    )

    texts = [
        text
        for reply in samples.replies(Facts(), reader)
        for embed in reply.embedded().embeds()
        for text in [embed.title, embed.description, embed.footer.text, picture_alt(reply)]
        + [part for field in embed.fields for part in (field.name, field.value)]
    ]

    untranslated = [text for text in texts if re.search("[A-Za-z]", codes.sub("", text or ""))]
    assert untranslated == []


def test_every_label_that_is_shown_can_be_translated() -> None:
    reader = Reader(Locale.parse("el"), Blank())

    rows = [row for reply in samples.replies(Facts(), reader) for row in reply.embedded().components()]
    items = [item for row in rows for item in row["components"]]

    labels = [item.get("label") or item.get("placeholder") or "" for item in items]
    assert not re.search("[A-Za-z]", "".join(labels))


@settings(max_examples=EXAMPLES)
@given(names, st.sampled_from(LOCALES))
def test_a_members_text_is_never_read_as_a_template(name: str, locale: str) -> None:
    f = Facts(name=f"{{coins}}{name}"[:NAME_LENGTH], note="{0} {x!r}", title="{")

    replies = list(samples.replies(f, reader_for(locale)))

    assert replies


@pytest.mark.parametrize(
    ("locale", "singular"), [("en-US", "1 Coin, 1 Gift, 1 Gifter"), ("de", "1 Coin, 1 Geschenk, 1 ")]
)
def test_one_of_a_kind_is_labelled_as_one_on_a_picture_and_in_its_description(locale: str, singular: str) -> None:
    reader, facts = reader_for(locale), Facts(coins=1, count=1, rows=1)
    status = samples.live(facts, ended_ms=NOW_MS)
    card = recap_card(status, {member_id: Person("Mia", member_id) for member_id in people_on(status)}, reader)

    labels = {fact.label for fact in (card.total, *card.facts)}

    assert singular in alt_text(card, reader)
    assert not labels & {"Coins", "Gifts", "Gifters", "Geschenke", "Schenkende"}


@pytest.mark.parametrize("locale", ["en-US", "de"])
def test_one_of_a_kind_is_labelled_as_one_on_every_other_picture(locale: str) -> None:
    reader, one, three = reader_for(locale), Facts(coins=1, count=1, rows=1), Facts(coins=3, count=3, rows=3)

    def labels(f: Facts) -> list[str]:
        side = CreatorSide(f.count, GuildRules(1), [])
        profile = MemberProfile(1, progress_of(f.coins), Streak(f.count, f.count), creator=side)
        pictures = (
            stats_picture.card(replace(some_stats(samples.item(f), f), gifters=f.count), "Mia", reader),
            profiles.drawing(profile, {1: Person("Mia", 1)}, "", reader),
        )
        return [fact.label for picture in pictures for fact in picture.facts]

    assert labels(one) == [reader._(label) for label in ("Coin", "Gift", "Gifter", "Gifted", "Week in a row", "Gifter")]
    assert len({*labels(three)} - {*labels(one)}) == 4
