"""Tells the shop that a session has changed, with its id and no facts."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import Final

import orjson

from sandbox.checkout.sessions import Session
from sandbox.signed_posts import SignedPosts

HEADER: Final = "Rosette-Signature"


class Courier:
    """Delivers events to one address. Tests replace `now_ms` and `sleep`."""

    def __init__(
        self,
        url: str,
        secret: str,
        *,
        now_ms: Callable[[], int],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._now_ms = now_ms
        self._posts = SignedPosts(url, secret, HEADER, now_ms=now_ms, sleep=sleep)
        self.loses_events = False
        """Whether nothing is sent, as if somebody had deleted the address at the provider."""

    def announce(self, session: Session) -> None:
        """Start to notify the shop that a session has reached its current status."""
        self._send(f"session.{session.status}", session.id)

    def announce_unknown(self) -> None:
        """Start to notify the shop of a session that does not exist, as a provider that mixes up its accounts would."""
        self._send("session.paid", f"cs_{secrets.token_hex(12)}")

    def _send(self, kind: str, session_id: str) -> None:
        if self.loses_events:
            return
        event = {
            "id": f"evt_{secrets.token_hex(12)}",
            "type": kind,
            "session_id": session_id,
            "created_ms": self._now_ms(),
        }
        self._posts.send(orjson.dumps(event), kind)

    async def close(self) -> None:
        """Cancel the deliveries that are under way and close the HTTP client."""
        await self._posts.close()
