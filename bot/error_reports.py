"""Reports errors to Sentry, if the operator wants that: what is logged at ERROR, once a minute for each kind.

Off unless SENTRY_DSN is set, and the package is an extra. Everything that the SDK gathers on its own is off: it would
send local variables, addresses with tokens, the command line and the name of the machine. The rest passes the same
redaction as the log.
"""
# ruff: noqa: PLC0415

import logging
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast

from bot.logs import redacted

if TYPE_CHECKING:
    from sentry_sdk.transport import Transport
    from sentry_sdk.types import Event, Hint

log = logging.getLogger(__name__)

_PARAMETERS: Final = re.compile(r"\[parameters: .*", re.DOTALL)
"""The end of an error of a database, with what was to be stored: names and messages of members among it."""
_ABOUT_THE_MACHINE: Final = ("server_name", "user", "request", "modules", "breadcrumbs")
_SECONDS_AT_THE_END: Final = 2


def start_error_reports(dsn: str, version: str, *, transport: "Transport | None" = None) -> None:
    """Report errors to the Sentry project of `dsn` from now on, or say in one line why that cannot be.

    `configure_logging` comes before. `transport` takes events in place of Sentry.
    """
    try:
        import sentry_sdk
        from sentry_sdk.integrations.atexit import AtexitIntegration
        from sentry_sdk.integrations.excepthook import ExcepthookIntegration
        from sentry_sdk.integrations.logging import EventHandler
        from sentry_sdk.utils import BadDsn
    except ImportError:
        log.warning(
            "SENTRY_DSN is set, but its package is missing, so errors are only logged. To install it: "
            "pip install --require-hashes -r requirements/sentry.txt"
        )
        return
    # At the end it would print how much is left to send.
    at_exit = AtexitIntegration(callback=_say_nothing)
    try:
        sentry_sdk.init(
            dsn=dsn,
            release=f"rosette@{version}",
            transport=transport,
            default_integrations=False,
            integrations=[at_exit, ExcepthookIntegration()],
            # Personal data is off by default, and saying so (`send_default_pii`) is deprecated.
            include_local_variables=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            shutdown_timeout=_SECONDS_AT_THE_END,
            before_send=prepared,
        )
    except BadDsn:
        log.warning("SENTRY_DSN is not the DSN of a Sentry project, so errors are only logged")
        return
    handler = EventHandler(logging.ERROR)
    root = logging.getLogger()
    for known in root.handlers:
        for each in known.filters:
            handler.addFilter(each)
    root.addHandler(handler)
    log.info("Errors are reported to Sentry")


def _say_nothing(_pending: int, _timeout: float) -> None:
    """Print nothing."""


def prepared(event: "Event", _hint: "Hint") -> "Event":
    """Return an event as it may be sent."""
    kept = {key: value for key, value in event.items() if key not in _ABOUT_THE_MACHINE}
    return cast("Event", _without_secrets(kept))


def _without_secrets(value: Any) -> Any:  # noqa: ANN401 - whatever is in an event
    if isinstance(value, str):
        return _PARAMETERS.sub("[parameters: removed]", redacted(value))
    if isinstance(value, Mapping):
        entries = cast("Mapping[Any, Any]", value)
        return {_without_secrets(key): _without_secrets(entry) for key, entry in entries.items()}
    if isinstance(value, list | tuple):
        return [_without_secrets(entry) for entry in cast("list[Any]", value)]
    if value is None or isinstance(value, bool | int | float):
        return value
    # Anything else would be written out by the SDK, after this.
    return _without_secrets(str(value))
