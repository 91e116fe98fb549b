"""Sends signed webhooks to the shop and repeats them until the shop accepts them."""

import asyncio
import hashlib
import hmac
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterator
from typing import Final

import aiohttp
import orjson

from sandbox.checkout.sessions import Session

log = logging.getLogger(__name__)

LONGEST_WAIT_SECONDS: Final = 60
GIVE_UP_SECONDS: Final = 3600
_TIMEOUT: Final = aiohttp.ClientTimeout(total=5)


def signature(secret: str, body: bytes, at_seconds: int) -> str:
    """Return the `Rosette-Signature` header for a body sent at a time in seconds since the epoch."""
    digest = hmac.new(secret.encode(), f"{at_seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at_seconds},v1={digest}"


def waits() -> Iterator[int]:
    """Yield the seconds between delivery attempts: 1, 2, 4 … 60, until an hour has passed."""
    total, wait = 0, 1
    while total + wait <= GIVE_UP_SECONDS:
        yield wait
        total, wait = total + wait, min(wait * 2, LONGEST_WAIT_SECONDS)


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
        self._url = url
        self._secret = secret
        self._now_ms = now_ms
        self._sleep = sleep
        self._client: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def announce(self, session: Session) -> None:
        """Start to notify the shop that a session has reached its current status."""
        self._send(f"session.{session.status}", session.id)

    def announce_unknown(self) -> None:
        """Start to notify the shop of a session that does not exist, as a provider that mixes up its accounts would."""
        self._send("session.paid", f"cs_{secrets.token_hex(12)}")

    def _send(self, kind: str, session_id: str) -> None:
        event = {
            "id": f"evt_{secrets.token_hex(12)}",
            "type": kind,
            "session_id": session_id,
            "created_ms": self._now_ms(),
        }
        task = asyncio.create_task(self._deliver(orjson.dumps(event)), name=f"webhook {kind}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Cancel the deliveries that are under way and close the HTTP client."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.close()

    async def _deliver(self, body: bytes) -> None:
        for wait in waits():
            if await self._attempt(body):
                return
            await self._sleep(wait)
        log.warning("gave up delivering a webhook: %s", body.decode())

    async def _attempt(self, body: bytes) -> bool:
        if self._client is None:
            self._client = aiohttp.ClientSession(timeout=_TIMEOUT)
        headers = {
            "Content-Type": "application/json",
            "Rosette-Signature": signature(self._secret, body, self._now_ms() // 1000),
        }
        try:
            async with self._client.post(self._url, data=body, headers=headers) as response:
                return 200 <= response.status < 300
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            log.debug("the shop did not accept a webhook: %r", error)
            return False
