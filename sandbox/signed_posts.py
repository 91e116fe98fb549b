"""Posts signed webhooks to a shop and repeats them until the shop accepts them."""

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Awaitable, Callable, Iterator
from typing import Final

import aiohttp

log = logging.getLogger(__name__)

LONGEST_WAIT_SECONDS: Final = 60
GIVE_UP_SECONDS: Final = 3600
_TIMEOUT: Final = aiohttp.ClientTimeout(total=5)


def signature(secret: str, body: bytes, at_seconds: int) -> str:
    """Return the signature header for a body sent at a time in seconds since the epoch, in the form of Stripe's."""
    digest = hmac.new(secret.encode(), f"{at_seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at_seconds},v1={digest}"


def waits() -> Iterator[int]:
    """Yield the seconds between delivery attempts: 1, 2, 4 … 60, until an hour has passed."""
    total, wait = 0, 1
    while total + wait <= GIVE_UP_SECONDS:
        yield wait
        total, wait = total + wait, min(wait * 2, LONGEST_WAIT_SECONDS)


class SignedPosts:
    """Delivers bodies to one address. `header` carries the signature. Tests replace `now_ms` and `sleep`."""

    def __init__(
        self,
        url: str,
        secret: str,
        header: str,
        *,
        now_ms: Callable[[], int],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._url = url
        self._secret = secret
        self._header = header
        self._now_ms = now_ms
        self._sleep = sleep
        self._client: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def send(
        self,
        body: bytes,
        name: str,
        *,
        delay_s: float = 0.0,
        secret: str | None = None,
        repeats: bool = True,
        note: Callable[[bool], None] = lambda _: None,
    ) -> None:
        """Start to deliver a body.

        `secret` signs it instead of the shop's own. Without `repeats` there is one attempt only. After each attempt,
        `note` is called with whether the shop has accepted it.
        """
        task = asyncio.create_task(
            self._deliver(body, delay_s, secret or self._secret, repeats, note), name=f"webhook {name}"
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Cancel the deliveries that are under way and close the HTTP client."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.close()

    async def _deliver(
        self, body: bytes, delay_s: float, secret: str, repeats: bool, note: Callable[[bool], None]
    ) -> None:
        if delay_s:
            await self._sleep(delay_s)
        for wait in waits():
            is_accepted = await self._attempt(body, secret)
            note(is_accepted)
            if is_accepted or not repeats:
                return
            await self._sleep(wait)
        log.warning("gave up delivering a webhook: %s", body.decode())

    async def _attempt(self, body: bytes, secret: str) -> bool:
        if self._client is None:
            self._client = aiohttp.ClientSession(timeout=_TIMEOUT)
        headers = {
            "Content-Type": "application/json",
            self._header: signature(secret, body, self._now_ms() // 1000),
        }
        try:
            async with self._client.post(self._url, data=body, headers=headers) as response:
                return 200 <= response.status < 300
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            log.debug("the shop did not accept a webhook: %r", error)
            return False
