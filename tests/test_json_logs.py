"""The log as JSON: one object a line whatever happens, and still no token in it."""

import json
import logging
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import JsonLines
from tests.test_logs import CORES, ROOT, SECRETS

ANY_TEXT = st.text(st.characters(codec=None), max_size=40)
"""Half surrogate pairs, too, which are no text to an encoder."""


def line_of(message: str, *arguments: object, error: BaseException | None = None, stack: str | None = None) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("bot.test", logging.ERROR, __file__, 1, message, arguments, info, sinfo=stack)
    return JsonLines().format(record)


def raised(text: str) -> OSError:
    try:
        raise OSError(text)
    except OSError as error:
        return error


def test_a_line_is_one_object_with_the_time_in_utc():
    record = logging.LogRecord("bot.test", logging.WARNING, __file__, 1, "guild %s", (7,), None)
    record.created = 1_900_000_000.25

    assert json.loads(JsonLines().format(record)) == {
        "time": "2030-03-17T17:46:40.250+00:00", "level": "WARNING", "logger": "bot.test", "message": "guild 7",
    }  # fmt: skip


def test_an_exception_keeps_its_traceback_on_the_same_line():
    line = line_of("failed\nbadly", error=raised("two\nlines"), stack="Stack (most recent call last):\n  here")

    entry = json.loads(line)
    assert "\n" not in line
    assert entry["message"] == "failed\nbadly"
    assert "Traceback" in entry["error"]
    assert entry["error"].endswith("OSError: two\nlines")
    assert "here" in entry["stack"]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("around", ["{}", "\n{}", '"{}"', "\t{}\\", "\x01{}", "\ud800{}"])
def test_a_token_never_appears_whatever_is_escaped_around_it(secret: str, around: str):
    text = around.format(secret)
    lines = [line_of(text), line_of("%s", text), line_of("%r", [text]), line_of("failed", error=raised(text))]

    for line in (*lines, line_of("stack", stack=text)):
        json.loads(line)
        assert not any(core in line for core in CORES)
        assert "[secret]" in line


@given(before=ANY_TEXT, secret=st.sampled_from(SECRETS), after=ANY_TEXT)
def test_any_text_around_a_token_leaves_one_object_without_it(before: str, secret: str, after: str):
    line = line_of("%s", f"{before} {secret} {after}")

    json.loads(line)
    assert not {"\n", "\r"} & {*line}
    assert not any(core in line for core in CORES)


SPEAK = f"""
import logging
from bot.logs import configure_logging
configure_logging("INFO", "json")
logging.getLogger("bot.any").warning("first {SECRETS[0]}")
try:
    raise OSError("second {SECRETS[-1]}")
except OSError:
    logging.getLogger("discord.http").exception("it failed")
"""


def test_a_process_logs_objects_only():
    process = subprocess.run([sys.executable, "-c", SPEAK], cwd=ROOT, capture_output=True, text=True, check=True)

    entries = [json.loads(line) for line in process.stderr.splitlines()]
    assert [entry["logger"] for entry in entries] == ["bot.any", "discord.http"]
    assert "OSError: second" in entries[1]["error"]
    assert not any(core in process.stderr for core in CORES)
