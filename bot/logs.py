"""Logging: one line for each event, never a secret, and no floods."""

import logging
import math
import re
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from weakref import WeakKeyDictionary

import orjson

log = logging.getLogger(__name__)

_OURS = ("bot.", "cogs.", "__main__")
_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"

# Interaction and webhook tokens and the secrets of overlays appear in addresses. Bot tokens are three parts of base 64.
# An interaction token outside an address starts with "interaction:" in base 64. Secrets of Stripe say so at their
# beginning.
_SECRETS = re.compile(
    r"(?P<before>/(?:webhooks|interactions)/\d+/|/overlay(?:/control)?#|\bBot )[\w\-.]{20,}"
    r"|\bBearer [\w\-.=+/]{6,}"
    r"|[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}"
    r"|aW50ZXJhY3Rpb246[\w\-=+/]{20,}"
    r"|(?:(?:sk|rk)_(?:live|test)|whsec)_[\w\-=+/*]{6,}",
    re.ASCII,
)


def redacted(text: str) -> str:
    """Return the text without anything that looks like a token or a secret."""
    return _SECRETS.sub(lambda match: (match["before"] or "") + "[secret]", text)


class Redacting(logging.Formatter):
    """Formats records in UTC, and removes anything that looks like a token, also from tracebacks."""

    converter = time.gmtime
    default_msec_format = "%s,%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return redacted(super().format(record))


class JsonLines(Redacting):
    """Formats a record as one JSON object a line: `time` (UTC), `level`, `logger`, `message`, `error` if there is one.

    Values are redacted right before they are written. In the finished line it would be too late: the escapes of JSON
    can hide where a token begins, and a token that is cut out with half an escape would leave no JSON.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the object."""
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            entry["error"] = self.formatException(record.exc_info)
        elif record.exc_text:
            entry["error"] = record.exc_text
        if record.stack_info:
            entry["stack"] = self.formatStack(record.stack_info)
        return _json({key: redacted(value) for key, value in entry.items()})


def _json(entry: dict[str, str]) -> str:
    try:
        return orjson.dumps(entry).decode()
    except orjson.JSONEncodeError:
        # Half of a surrogate pair, which is not text. No event may be missing from the log because of it.
        whole = {key: value.encode("utf-8", "backslashreplace").decode() for key, value in entry.items()}
        return orjson.dumps(whole).decode()


REPEATS_S = 60.0
"""How long a repeating line is counted instead of written."""
KINDS = 1_000
"""How many different lines are counted at a time. All lines beyond that count as one."""

_VARYING = re.compile(r"0x[0-9a-f]+|\d+")


def of_kind(kind: str) -> dict[str, str]:
    """Return the `extra` of a record that counts as a repetition of every other of its kind, whatever it says."""
    return {"kind": kind}


class Repeats(logging.Filter):
    """Lets each warning or error pass once a minute, then says how often it came: a flood of one line hides the others.

    Two lines are the same if they are of the same kind (`of_kind`), or have the same text; for lines of libraries,
    numbers may differ. `clock` gives seconds. `later` calls a function after so many seconds, in any thread.
    """

    def __init__(self, clock: Callable[[], float], later: Callable[[float, Callable[[], None]], None]) -> None:
        super().__init__()
        self._clock = clock
        self._later = later
        self._lock = threading.Lock()
        self._lines: dict[str, _RepeatedLine] = {}
        self._next_look_s = -math.inf
        self._decided: WeakKeyDictionary[logging.LogRecord, bool] = WeakKeyDictionary()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written. Handlers that share this filter all write it, or none does."""
        if record.levelno < logging.WARNING or record.name == __name__:
            return True
        passes = self._decided.get(record)
        if passes is None:
            passes = self._decided[record] = self._counts(record)
        return passes

    def _counts(self, record: logging.LogRecord) -> bool:
        key, now = _key_of(record), self._clock()
        with self._lock:
            if len(self._lines) >= KINDS and key not in self._lines:
                self._make_room(now)
                key = key if len(self._lines) < KINDS else ""
            line = self._lines.get(key)
            if line is None or now >= line.until_s:
                self._lines[key] = _RepeatedLine(record, now + REPEATS_S)
                return True
            line.count += 1
            line.last = record
            if line.count == 1:
                self._later(line.until_s - now, lambda: self._sum_up(key, line))
            return False

    def _make_room(self, now: float) -> None:
        """Forget the lines whose minute is over; once a second, because in a flood each line would look through all."""
        if now >= self._next_look_s:
            self._next_look_s = now + 1
            self._lines = {key: line for key, line in self._lines.items() if line.count or now < line.until_s}

    def _sum_up(self, key: str, line: "_RepeatedLine") -> None:
        """Log how often a line came, and start counting again."""
        with self._lock:
            self._lines.pop(key, None)
        message = line.last.getMessage().splitlines()[0]
        log.log(line.last.levelno, "%d more times within a minute: %s: %s", line.count, line.last.name, message)


@dataclass(slots=True)
class _RepeatedLine:
    """A line that was written, the last one like it, and how many came since."""

    last: logging.LogRecord
    until_s: float
    count: int = 0


def _key_of(record: logging.LogRecord) -> str:
    kind = getattr(record, "kind", None)
    if kind is not None:
        return f"kind {kind}"
    text = record.getMessage()
    if not record.name.startswith(_OURS):
        text = _VARYING.sub("#", text)
    error = record.exc_info[0] if record.exc_info else None
    return f"{record.name} {text} {error}"


def _in_a_thread(delay_s: float, call: Callable[[], None]) -> None:
    timer = threading.Timer(delay_s, call)
    timer.daemon = True
    timer.start()


def configure_logging(level: str, form: str = "text") -> None:
    """Log to standard error at `level`, as text or as JSON lines.

    discord.py and aiohttp never log below INFO: their debug lines hold tokens.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else Redacting(_FORMAT))
    handler.addFilter(Repeats(time.monotonic, _in_a_thread))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("discord", "aiohttp", "asyncio"):
        logging.getLogger(name).setLevel(max(logging.INFO, root.level))
    # Below WARNING, their lines hold notes of members, or what Stripe says about buyers.
    for name in ("sqlalchemy", "alembic", "stripe"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # discord.py warns at every start that libraries for voice are missing. Nothing here uses voice.
    logging.getLogger("discord.client").addFilter(lambda record: "voice will NOT" not in record.getMessage())
