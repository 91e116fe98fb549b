"""Logging: one line an event, and never a secret."""

import logging
import re
import sys
import time

_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"

# Interaction and webhook tokens stand in addresses; bot tokens are three parts of base 64. Interaction tokens in the
# open start with "interaction:" in base 64.
_SECRETS = re.compile(
    r"(?P<before>/(?:webhooks|interactions)/\d+/|\bBot )[\w\-.]{20,}"
    r"|\bBearer [\w\-.=+/]{6,}"
    r"|[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}"
    r"|aW50ZXJhY3Rpb246[\w\-=+/]{20,}",
    re.ASCII,
)


class Redacting(logging.Formatter):
    """Formats records, in UTC, with whatever looks like a token taken out, tracebacks included."""

    converter = time.gmtime
    default_msec_format = "%s,%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return _SECRETS.sub(lambda found: (found["before"] or "") + "[secret]", super().format(record))


def configure_logging(level: str) -> None:
    """Log to standard error at `level`; discord.py and aiohttp never below INFO: their debug lines hold tokens."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting(_FORMAT))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("discord", "aiohttp", "asyncio"):
        logging.getLogger(name).setLevel(max(logging.INFO, root.level))
    # Every statement with its parameters is more than anybody wants to read, and notes are private.
    for name in ("sqlalchemy", "aiosqlite", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # Two warnings at each start about libraries for voice, which nothing here uses.
    logging.getLogger("discord.client").addFilter(lambda record: "voice will NOT" not in record.getMessage())
