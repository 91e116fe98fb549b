"""What people type where Discord has no type for it."""

from contextlib import suppress
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest
from discord import components
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import InvalidAmount, NotFound
from bot.domain.text import MESSAGE_LENGTH, clean
from bot.ui.kit.caller import note_in
from bot.ui.text.parsing import given as given_options
from bot.ui.text.parsing import parse_id, parse_moment, parse_whole
from bot.ui.text.reader import FALLBACK, Reader, reader_for
from bot.ui.text.refusals import InvalidMoment
from tests.ui import samples
from tests.ui.facts import Facts


@pytest.mark.parametrize(
    ("text", "zone", "at_ms"),
    [
        ("2030-12-24", "UTC", 1_924_300_800_000),
        ("2030-12-24 18:00", "UTC", 1_924_365_600_000),
        ("  2030-12-24   18:00 ", "UTC", 1_924_365_600_000),
        ("2030-12-24 18:00", "Europe/Berlin", 1_924_362_000_000),
        ("2030-12-24T18:00", "America/New_York", 1_924_383_600_000),
    ],
)
def test_a_moment_is_read_in_the_guilds_time_zone(text: str, zone: str, at_ms: int) -> None:
    assert parse_moment(text, zone) == at_ms


@pytest.mark.parametrize("text", ["", "tomorrow", "24.12.2030", "2030-13-01", "2030-02-30", "2030-12-24 25:00", "0"])
def test_anything_else_is_no_moment(text: str) -> None:
    with pytest.raises(InvalidMoment):
        parse_moment(text, "UTC")


@pytest.mark.parametrize(("text", "number"), [("0", 0), (" 50 ", 50), ("50%", 50), ("50 %", 50), ("100", 100)])
def test_a_whole_number_is_read_from_a_form(text: str, number: int) -> None:
    assert parse_whole(text, 100) == number


@pytest.mark.parametrize("text", ["", "-1", "101", "1.5", "1,000", "٥", "1e2", "0x10", "9" * 400, "five"])
def test_anything_else_is_no_number(text: str) -> None:
    with pytest.raises(InvalidAmount):
        parse_whole(text, 100)


@given(st.text(max_size=60))
def test_typed_text_is_read_or_refused_and_nothing_else_happens(text: str) -> None:
    for parse in (lambda: parse_id(text, "gift"), lambda: parse_whole(text, 100), lambda: parse_moment(text, "UTC")):
        with suppress(NotFound, InvalidAmount, InvalidMoment):
            assert parse() >= 0


def test_only_the_options_that_were_given_count() -> None:
    assert given_options(a=1, b=None, c=0, d="", e=False) == {"a": 1, "c": 0, "d": "", "e": False}


@given(st.text(max_size=300) | st.sampled_from(["\\", "\\*", "> @everyone", "[x](http://y)", "<@1> <t:1:R>", "مرحبا"]))
def test_a_message_is_read_back_from_its_confirm_panel_as_it_was_sent(text: str) -> None:
    note = clean(text, MESSAGE_LENGTH)
    f = Facts(note=note)

    reply = next(iter(samples.replies(f, samples_reader())))
    embedded, layout = (posted(form.sent()) for form in (reply.embedded(), reply))

    assert (note_in(embedded), note_in(layout)) == (note, note)


def posted(message: dict[str, Any]) -> discord.Message:
    """Return a message as the library reads it once it is posted."""
    view = message["view"]
    parts = [components._component_factory(part) for part in view.to_components()] if "embeds" not in message else []
    return cast("discord.Message", SimpleNamespace(embeds=message.get("embeds", []), components=parts))


def samples_reader() -> Reader:
    return reader_for(FALLBACK)
