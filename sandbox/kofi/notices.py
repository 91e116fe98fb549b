"""Sends notices as Ko-fi does, and repeats them until they are accepted: a form whose field `data` is JSON."""

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

import aiohttp
import orjson

from sandbox.signed_posts import waits

log = logging.getLogger(__name__)

KINDS: Final = ("Donation", "Subscription", "Commission", "Shop Order")
_TIMEOUT: Final = aiohttp.ClientTimeout(total=5)


@dataclass(frozen=True, slots=True)
class Support:
    """What a supporter sends: `amount` is text such as "3.00", and `product` the code of a shop item, "" for none."""

    kind: str
    amount: str
    currency: str
    message: str
    product: str = ""
    is_public: bool = True


def token_of(page: str) -> str:
    """Return the verification token of a page, the same in every run."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://ko-fi.example/{page}"))


def notice_of(support: Support, token: str, when: str) -> dict[str, object]:
    """Return a new notice. The supporter's name and address are of the kind that must not be stored."""
    items = [{"direct_link_code": support.product, "variation_name": "", "quantity": 1}] if support.product else None
    transaction = str(uuid.uuid4())
    return {
        "verification_token": token,
        "message_id": str(uuid.uuid4()),
        "timestamp": when,
        "type": support.kind,
        "is_public": support.is_public,
        "from_name": "Jo Example",
        "message": support.message,
        "amount": support.amount,
        "url": f"https://ko-fi.example/Home/CoffeeShop?txid={transaction}",
        "email": "jo.example@example.com",
        "currency": support.currency,
        "is_subscription_payment": support.kind == "Subscription",
        "is_first_subscription_payment": support.kind == "Subscription",
        "kofi_transaction_id": transaction,
        "shop_items": items,
        "tier_name": None,
        "shipping": None,
    }


class Sender:
    """Sends notices to one address. Tests replace `sleep`."""

    def __init__(self, url: str, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._url = url
        self._sleep = sleep
        self._client: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def send(self, notice: dict[str, object]) -> int:
        """Send a notice and return the status of the answer, 0 without one. What was not accepted is sent again."""
        status = await self._attempt(notice)
        # As with Ko-fi, a notice that is refused permanently is not worth repeating.
        if not 200 <= status < 500:
            task = asyncio.create_task(self._repeat(notice), name="Ko-fi notice")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return status

    async def close(self) -> None:
        """Cancel what is still to be repeated, and close the HTTP client."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.close()

    async def _repeat(self, notice: dict[str, object]) -> None:
        for wait in waits():
            await self._sleep(wait)
            if 200 <= await self._attempt(notice) < 500:
                return
        log.warning("gave up delivering notice %s", notice["message_id"])

    async def _attempt(self, notice: dict[str, object]) -> int:
        if self._client is None:
            self._client = aiohttp.ClientSession(timeout=_TIMEOUT)
        body = urlencode({"data": orjson.dumps(notice).decode()})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            async with self._client.post(self._url, data=body, headers=headers) as response:
                return response.status
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            log.debug("a notice found nobody: %r", error)
            return 0
