"""The log: no token is ever in it, and lines that repeat are counted."""

import ast
import logging
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import KINDS, Redacting, Repeats, of_kind

ROOT = Path(__file__).parent.parent
# Made up, in the form of Discord's tokens.
BOT_TOKENS = [
    "MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_",
    "MTIzNDU2Nzg5MDEyMzQ1Njc4OQ.Xx_-1a.AbCdEfGhIjKlMnOpQrStUvWxYz0",
]
INTERACTION_TOKEN = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5MDEyMzQ1Njc4OTpBYkNkRWZHaElqS2w"
STRIPE_SECRET = "0a1B2c3D4e5F6g7H8i9J"
SECRETS = [
    *(f"{before}{token}{after}" for token in BOT_TOKENS for before, after in [("", ""), ("Bot ", ""), ("'", "'}")]),
    f"https://discord.com/api/v10/webhooks/1234567890/{INTERACTION_TOKEN}/messages/@original",
    f"/interactions/1234567890/{INTERACTION_TOKEN}/callback",
    f"/webhooks/1234567890/{'aBc-_9.' * 9}?wait=true",
    f"https://gifts.example/overlay#{'aBc-_9.' * 9}",
    f"/overlay/control#{'aBc-_9.' * 9}",
    f"{{'token': '{INTERACTION_TOKEN}'}}",
    "Authorization: Bearer checkout-secret",
    f"Invalid API Key provided: sk_live_{STRIPE_SECRET}",
    f"rk_test_{STRIPE_SECRET}",
    f"('whsec_{STRIPE_SECRET}')",
]
CORES = [*BOT_TOKENS, INTERACTION_TOKEN, "aBc-_9." * 9, "checkout-secret", STRIPE_SECRET]


def logged(message: str, *arguments: object, error: BaseException | None = None) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("bot.test", logging.INFO, __file__, 1, message, arguments, info)
    return Redacting("%(levelname)s %(name)s: %(message)s").format(record)


def betrays(line: str) -> bool:
    return any(core in line for core in CORES)


@pytest.mark.parametrize("secret", SECRETS)
def test_a_token_never_appears(secret):
    try:
        raise OSError(f"could not reach {secret}")
    except OSError as error:
        with_traceback = logged("failed", error=error)

    assert "could not reach" in with_traceback
    for line in (logged(secret), logged("to %s", secret), logged("%r", {"payload": [secret]}), with_traceback):
        assert not betrays(line)
        assert "[secret]" in line


@given(before=st.text(max_size=20), secret=st.sampled_from(SECRETS), after=st.text(max_size=20))
def test_a_token_never_appears_whatever_stands_around_it(before, secret, after):
    assert not betrays(logged("%s", f"{before} {secret} {after}"))


def test_where_a_token_was_can_still_be_read():
    line = logged(f"POST https://discord.com/api/v10/webhooks/42/{INTERACTION_TOKEN} answered 404")

    assert line == "INFO bot.test: POST https://discord.com/api/v10/webhooks/42/[secret] answered 404"


@pytest.mark.parametrize(
    "message",
    [
        "Bot is ready", "Bot connected", "guild 123456789012345678 row 42: hash differs", "webhooks/unknown",
        "rosette.domain.decide", "1.2.3", "2026-11-22T10:51:54.123Z", "Price of Northern Lights: 1,999",
    ],
)  # fmt: skip
def test_an_ordinary_line_stays_as_it_is(message):
    assert logged(message) == f"INFO bot.test: {message}"


SPEAK = f"""
import logging
from bot.logs import configure_logging
configure_logging("DEBUG")
for name in ("bot.any", "discord.http", "discord.gateway", "aiohttp.client", "sqlalchemy.engine"):
    logging.getLogger(name).debug("debug of %s", name)
    logging.getLogger(name).warning("warning of %s {INTERACTION_TOKEN}", name)
configure_logging("ERROR")
logging.getLogger("discord.http").warning("too quiet")
"""


def test_at_debug_the_libraries_that_hold_tokens_stay_at_info():
    process = subprocess.run([sys.executable, "-c", SPEAK], cwd=ROOT, capture_output=True, text=True, check=True)

    assert process.stdout == ""
    assert "debug of bot.any" in process.stderr
    assert process.stderr.count("debug of") == 1
    assert process.stderr.count("warning of") == process.stderr.count("[secret]") == 5
    assert "too quiet" not in process.stderr
    assert not betrays(process.stderr)


class Later:
    """A clock that moves only when told to, and the calls that are due later."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.calls: list[tuple[float, Callable[[], None]]] = []

    def clock(self) -> float:
        return self.now_s

    def later(self, delay_s: float, call: Callable[[], None]) -> None:
        self.calls.append((self.now_s + delay_s, call))

    def move(self, seconds: float) -> None:
        self.now_s += seconds
        for due_s, call in [*self.calls]:
            if due_s <= self.now_s:
                self.calls.remove((due_s, call))
                call()


@pytest.fixture
def minute() -> Later:
    """The clock by which repeated lines are counted."""
    return Later()


@pytest.fixture
def read_log(minute: Later) -> Iterator[Callable[..., list[str]]]:
    """A function that returns the lines of a log of the test's own."""
    lines: list[str] = []

    class Writing(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    handler = Writing()
    handler.addFilter(Repeats(minute.clock, minute.later))
    root = logging.getLogger()
    root.addHandler(handler)
    level = root.level
    root.setLevel(logging.INFO)
    yield lambda: lines
    root.setLevel(level)
    root.removeHandler(handler)


def test_a_line_that_repeats_is_written_once_and_its_number_a_minute_later(minute, read_log):
    for _ in range(1_000):
        logging.getLogger("bot.test").warning("No room for %s", "more")
    first_lines = [*read_log()]
    minute.move(60)
    logging.getLogger("bot.test").warning("No room for %s", "more")
    minute.move(60)

    assert first_lines == ["No room for more"]
    assert read_log() == [
        "No room for more",
        "999 more times within a minute: bot.test: No room for more",
        first_lines[0],
    ]


def test_lines_of_one_kind_are_counted_together_and_the_last_is_quoted(minute, read_log):
    for why in ("no signature", "too old", "forged"):
        logging.getLogger("bot.test").warning("Refused: %s", why, extra=of_kind("refused webhook"))
    minute.move(60)

    assert read_log() == ["Refused: no signature", "2 more times within a minute: bot.test: Refused: forged"]


def is_endless(call: ast.Call) -> bool:
    """Whether a warning names one interaction or one person, so that each of thousands would be a line of its own."""
    match call:
        case ast.Call(func=ast.Attribute(value=ast.Name("log"), attr="warning"), args=[ast.Constant(str(text)), *_]):
            return re.search(r"(interaction|member|holder) %s", text) is not None
        case _:
            return False


def test_warnings_about_one_of_many_people_are_counted_as_a_kind():
    calls = [
        (path, node)
        for folder in ("bot", "cogs")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and is_endless(node)
    ]

    assert [f"{path}:{call.lineno}" for path, call in calls if not any(k.arg == "extra" for k in call.keywords)] == []
    assert calls


def test_lines_that_differ_are_all_written_and_so_is_what_is_no_warning(read_log):
    for number in range(5):
        logging.getLogger("bot.test").error("Interaction %s failed", number)
        logging.getLogger("bot.test").info("Ready")

    assert len(read_log()) == 10


def test_lines_of_libraries_repeat_each_other_whatever_their_numbers(read_log):
    for number in range(5):
        logging.getLogger("asyncio").error("accept failed on fd=%s at 0x%x", number, number)

    assert read_log() == ["accept failed on fd=0 at 0x0"]


def test_a_flood_of_lines_that_all_differ_is_bounded_too(minute, read_log):
    for number in range(3 * KINDS):
        logging.getLogger("bot.test").error("Interaction %s failed", number)
    minute.move(60)

    logging.getLogger("bot.test").error("Interaction %s failed", "of the next minute")

    assert len(read_log()) == KINDS + 3
    assert read_log()[-2].startswith(f"{2 * KINDS - 1} more times within a minute")
    assert read_log()[-1] == "Interaction of the next minute failed"


def test_lines_of_the_last_minute_make_room_for_others(minute, read_log):
    for number in range(KINDS):
        logging.getLogger("bot.test").error("Interaction %s failed", number)
    minute.move(60)

    for name in ("Ada", "Bea"):
        logging.getLogger("bot.test").error("Interaction %s failed", name)

    assert read_log()[-2:] == ["Interaction Ada failed", "Interaction Bea failed"]
