"""What members find in help: every line, in every language, however they ask."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.policy import POLICY
from bot.ui.text.reader import reader_for
from cogs.help.render import Place, choices, not_found, place_of, topic
from cogs.help.topics import TOPICS
from cogs.help.views import NUMBERS

ROOT = Path(__file__).parent.parent.parent
LOCALES = ("en-US", "de", "fr")

READER = reader_for("en-US")
PLACES = [Place(name, line) for name, page in TOPICS.items() for line in (None, *range(len(page.lines)))]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_line_is_found_by_its_own_words_and_opens_its_topic_with_that_line_first(locale: str) -> None:
    reader = reader_for(locale)

    for place in PLACES:
        page = TOPICS[place.topic]
        text = reader._(page.title if place.line is None else page.lines[place.line])
        values = [choice.value for choice in choices(text, reader)]

        assert place.value in values
        assert place_of(place.value, reader) == place
        first_line = topic(place, reader).parts[0].text.split("\n\n")[0]
        assert first_line == (text if place.line is not None else reader._(page.lines[0]))


def test_nothing_typed_offers_every_topic_in_the_order_of_the_menu() -> None:
    assert [choice.value for choice in choices(" ", READER)] == [*TOPICS] == [name for _, name in NUMBERS]


def test_a_word_finds_the_topic_before_the_lines_that_have_it() -> None:
    values = [choice.value for choice in choices("refund", READER)]

    assert values[0] == "refunds"
    assert "refunds.0" in values


def test_what_nobody_wrote_about_leads_nowhere() -> None:
    assert place_of("submarine", READER) is None
    assert place_of("start.99", READER) is None


def test_what_nobody_wrote_about_is_quoted_as_it_was_typed() -> None:
    text = not_found("**[Free coins](https://example.org)** @everyone", READER).parts[0].text

    assert "**" not in text.replace(r"\*\*", "")
    assert "](" not in text.replace(r"\](", "")
    assert text.startswith("I don't have anything about “")


@given(st.text(max_size=100))
def test_whatever_is_typed_opens_a_page_or_none(query: str) -> None:
    place = place_of(query, READER)

    assert place is None or place in PLACES


def test_the_list_shows_no_markdown() -> None:
    names = [choice.name for word in ("gift", "coins", "discord") for choice in choices(word, READER)]

    assert not [name for name in names if "**" in name or "`" in name]


@pytest.mark.parametrize("name", ["privacy-notice.md", "terms.md"])
def test_the_templates_for_the_operators_own_pages_name_commands_that_exist(name: str) -> None:
    words = (ROOT / "docs" / "legal" / name).read_text(encoding="utf-8")

    commands = {" ".join(match) for match in re.findall(r"`/([a-z-]+)(?: ([a-z-]+))?`", words)}

    assert {command.strip() for command in commands} <= set(POLICY)
