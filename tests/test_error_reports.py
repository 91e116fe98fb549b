"""What Sentry is sent: errors, once each, without secrets, and without what the SDK would add by itself."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import sentry_sdk
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from bot import error_reports
from bot.error_reports import start_error_reports
from bot.logs import Repeats
from tests.test_logs import BOT_TOKENS, CORES, SECRETS

DSN = "https://0123456789abcdef@sentry.example.org/42"
log = logging.getLogger("bot.test")


class Outbox(Transport):
    """Keeps what would be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.envelopes: list[Envelope] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.envelopes.append(envelope)

    @property
    def events(self) -> list[Any]:
        return [event for envelope in self.envelopes if (event := envelope.get_event()) is not None]

    @property
    def sent(self) -> str:
        return "\n".join(envelope.serialize().decode() for envelope in self.envelopes)


@pytest.fixture
def outbox() -> Iterator[Outbox]:
    """Sentry's end, while reports are on. The log's handler counts repetitions, as `configure_logging` makes it."""
    root, before = logging.getLogger(), [*logging.getLogger().handlers]
    handler = logging.NullHandler()
    handler.addFilter(Repeats(lambda: 0.0, lambda _delay_s, _call: None))
    root.handlers[:] = [handler]
    outbox = Outbox()
    start_error_reports(DSN, "1.2.3", transport=outbox)
    yield outbox
    root.handlers[:] = before
    sentry_sdk.init()


def fail(secret: str) -> None:
    password = secret
    raise OSError(f"could not reach {password}")


@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_is_in_any_event(outbox: Outbox, secret: str):
    try:
        fail(secret)
    except OSError:
        log.exception("It failed with %s", secret, extra={"kind": secret})
    log.error("%r", {"payload": [secret]})
    log.critical(secret)

    assert len(outbox.events) == 3
    assert "could not reach" in outbox.sent
    assert "[secret]" in outbox.sent
    assert not any(core in outbox.sent for core in CORES)


def test_local_variables_and_the_machine_stay_here(outbox: Outbox):
    try:
        fail("a local value that is no token")
    except OSError:
        log.exception("It failed")

    (event,) = outbox.events
    frames = event["exception"]["values"][0]["stacktrace"]["frames"]
    assert [frame["function"] for frame in frames][-1] == "fail"
    assert not any("vars" in frame for frame in frames)
    assert not {"server_name", "user", "request", "modules", "breadcrumbs"} & {*event}
    assert event["release"] == "rosette@1.2.3"


def test_values_that_were_to_be_stored_stay_here(outbox: Outbox):
    log.error("Failed: (sqlite3.Error) full\n[SQL: INSERT INTO notes]\n[parameters: ('a secret admirer',)]\n(more)")

    assert "[SQL: INSERT INTO notes]" in outbox.sent
    assert "admirer" not in outbox.sent


def test_only_errors_are_sent_and_each_kind_once_a_minute(outbox: Outbox):
    log.info("hello")
    log.warning("careful")
    for number in range(5):
        log.error("Guild %s failed", 7, extra={"kind": "guild failed"})
        log.error("This is new: %s", "abc"[number % 3])

    messages = [event["logentry"]["formatted"] for event in outbox.events]
    assert messages == ["Guild 7 failed", "This is new: a", "This is new: b", "This is new: c"]


def test_values_of_any_type_are_redacted_before_they_are_written_out(outbox: Outbox):
    class Request:
        def __repr__(self) -> str:
            return f"Request(token={BOT_TOKENS[0]})"

    log.error("Refused: %s", Request(), extra={"request": Request(), "many": {BOT_TOKENS[1]: {Request()}}})

    assert len(outbox.events) == 1
    assert not any(core in outbox.sent for core in CORES)
    json.dumps(outbox.events[0])


def test_without_the_package_one_line_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setitem(__import__("sys").modules, "sentry_sdk", None)

    with caplog.at_level(logging.INFO):
        start_error_reports(DSN, "1.2.3")

    (record,) = caplog.records
    assert record.name == error_reports.__name__
    assert "requirements/sentry.txt" in record.getMessage()
    assert "0123456789abcdef" not in record.getMessage()


def test_a_dsn_that_is_none_is_said_in_one_line_without_it(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.INFO):
        start_error_reports("not a dsn of anybody", "1.2.3")

    (record,) = caplog.records
    assert "is not the DSN" in record.getMessage()
    assert "anybody" not in record.getMessage()
