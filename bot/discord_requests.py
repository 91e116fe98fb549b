"""Counts requests to Discord's REST API, and its answers."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Final

import aiohttp

from bot.tallies import Tally

_SCOPES: Final = ("user", "global", "shared")
_ELSEWHERE: Final = "unknown"
"""The scope of a limit that is not Discord's own but set by something in front of it, or that the answer does not
name."""


class DiscordRequests:
    """The counts. `requests` is by method and status, `limited` by the scope of the limit that was hit."""

    def __init__(self) -> None:
        self.requests = Tally()
        self.limited = Tally((scope,) for scope in (*_SCOPES, _ELSEWHERE))

    def heard(self, method: str, status: int, headers: Mapping[str, str] | None = None) -> None:
        """Count one answer."""
        self.requests.add(method, str(status))
        if status == 429:
            scope = (headers or {}).get("X-RateLimit-Scope", _ELSEWHERE)
            self.limited.add(scope if scope in _SCOPES else _ELSEWHERE)

    def listen(self, trace: aiohttp.TraceConfig) -> aiohttp.TraceConfig:
        """Count every answer to a session that has this trace, and return the trace."""

        async def on_end(
            _session: aiohttp.ClientSession, _context: SimpleNamespace, end: aiohttp.TraceRequestEndParams
        ) -> None:
            self.heard(end.method, end.response.status, end.response.headers)

        trace.on_request_end.append(on_end)
        return trace
