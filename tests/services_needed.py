"""Services that a machine may lack: tests that need one are skipped, and a line at the end says how to install it."""

import os
from collections import Counter
from collections.abc import Iterable
from typing import Final, NoReturn

import pytest

CHROMIUM: Final = "Chromium"
POSTGRESQL: Final = "PostgreSQL"
API_DESCRIPTION: Final = "Discord's API description"
C_COMPILER: Final = "a C compiler"
UNICODE_DATA: Final = "Unicode's own test files"
ANOTHER_USER: Final = "another user to become"
OTHERS_PYTHON: Final = "a Python that other users can run"
SYSTEMD_ANALYZE: Final = "systemd-analyze"
PROMETHEUS: Final = "Prometheus"

_REMEDIES: Final = {
    CHROMIUM: "apt-get install chromium",
    POSTGRESQL: "apt-get install postgresql",
    API_DESCRIPTION: "DISCORD_OPENAPI=<openapi.json of discord/discord-api-spec>",
    UNICODE_DATA: "apt-get install unicode-data",
    ANOTHER_USER: "run as root",
    OTHERS_PYTHON: "apt-get install python3, of the version that runs the tests",
    SYSTEMD_ANALYZE: "apt-get install systemd",
    PROMETHEUS: "apt-get install prometheus",
    C_COMPILER: "apt-get install gcc libc6-dev",
}


def go_without(service: str) -> NoReturn:
    """Skip the test for lack of a service, or fail it if REQUIRE_SERVICES demands all services."""
    if os.environ.get("REQUIRE_SERVICES"):
        pytest.fail(f"There is no {service}: {_REMEDIES[service]}")
    pytest.skip(service)


def summary(reasons: Iterable[str]) -> str:
    """Return a line that sums up the skipped tests by their reasons, empty if there are none."""
    counts = Counter(reason.removeprefix("Skipped: ") for reason in reasons)
    parts = [
        f"{count} for want of {service} ({_REMEDIES.get(service, 'see the reason')})"
        for service, count in counts.items()
    ]
    return f"Skipped: {', '.join(parts)}" if parts else ""
