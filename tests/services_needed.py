"""What some tests need that a machine may lack: there they are skipped, and one line at the end says how to have it."""

import os
from collections import Counter
from collections.abc import Iterable
from typing import Final, NoReturn

import pytest

CHROMIUM: Final = "Chromium"
POSTGRESQL: Final = "PostgreSQL"
API_DESCRIPTION: Final = "Discord's API description"
C_COMPILER: Final = "a C compiler"

_REMEDIES: Final = {
    CHROMIUM: "apt-get install chromium",
    POSTGRESQL: "apt-get install postgresql",
    API_DESCRIPTION: "DISCORD_OPENAPI=<openapi.json of discord/discord-api-spec>",
    C_COMPILER: "apt-get install gcc libc6-dev",
}


def go_without(service: str) -> NoReturn:
    """Skip what needs a service that is not here; fail where every service has to be (REQUIRE_SERVICES)."""
    if os.environ.get("REQUIRE_SERVICES"):
        pytest.fail(f"There is no {service}: {_REMEDIES[service]}")
    pytest.skip(service)


def summary(reasons: Iterable[str]) -> str:
    """Return one line about tests that were skipped, from the reason of each; nothing if none was."""
    counts = Counter(reason.removeprefix("Skipped: ") for reason in reasons)
    parts = [
        f"{count} for want of {service} ({_REMEDIES.get(service, 'see the reason')})"
        for service, count in counts.items()
    ]
    return f"Skipped: {', '.join(parts)}" if parts else ""
