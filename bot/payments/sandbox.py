"""The sandbox provider: a simulated checkout for trying the shop without money. Its coins are marked as test."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import aiohttp
import orjson

from bot.domain.errors import ForgedWebhook
from bot.domain.ids import is_key
from bot.domain.orders import Dispute, DisputeStatus, Observation, Order, PaymentStatus, Reference
from bot.domain.prompts import Checkout
from bot.payments import signatures
from bot.payments.provider import Capability, ProviderError, UnknownPurchase, UnreadablePurchase, WebhookNotice

_TIMEOUT = aiohttp.ClientTimeout(total=5)


class SandboxProvider:
    """A client of the sandbox's checkout API. `url` is its root, such as `http://host/checkout/v1`."""

    name = "sandbox"
    test = True
    needs_account = False
    is_default = True
    capabilities = frozenset({Capability.WEBHOOK, Capability.RECONCILE, Capability.REFUND, Capability.DISPUTE})

    def __init__(self, url: str, secret: str, webhook_secret: str) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._webhook_secret = webhook_secret
        self._session: aiohttp.ClientSession | None = None

    def serves(self, guild_id: int) -> bool:
        """Serve every guild: the coins are only for tests."""
        del guild_id
        return True

    async def start(self, order: Order, account: str) -> Checkout:
        """Open a checkout session. The order's reference is the idempotency key."""
        del account
        if order.external_id:
            session = await self._call("GET", f"/sessions/{quote(order.external_id, safe='')}")
        else:
            purchase = {
                "order_id": str(order.reference),
                "amount_minor": order.price_minor,
                "currency": order.currency,
                "description": f"{order.coins:,} coins",
                "live": False,
            }
            headers = {"Idempotency-Key": str(order.reference)}
            session = await self._call("POST", "/sessions", json=purchase, headers=headers)
        try:
            return Checkout(str(session["id"]), str(session["url"]))
        except (KeyError, TypeError) as error:
            raise ProviderError(f"not a checkout session: {error!r}") from error

    async def read(self, external_id: str) -> Observation:
        """Return the current state of a session."""
        return _observation_of(await self._call("GET", f"/sessions/{quote(external_id, safe='')}"))

    async def changes(self, since_ms: int, accounts: Sequence[str]) -> AsyncIterator[Observation | UnreadablePurchase]:
        """Yield the sessions that changed since `since_ms`, page by page."""
        del accounts
        after = ""
        while True:
            query = {"since_ms": str(since_ms)} | ({"after": after} if after else {})
            page = await self._call("GET", "/sessions", params=query)
            try:
                sessions = [(str(session["id"]), session) for session in page["data"]]
                has_more = bool(page["has_more"])
            except (KeyError, TypeError) as error:
                raise ProviderError(f"not a page of sessions: {error!r}") from error
            for external_id, session in sessions:
                yield _observation_or_unreadable(external_id, session)
            if not has_more or not sessions:
                return
            after = sessions[-1][0]

    def verify(self, headers: Mapping[str, str], body: bytes, now_ms: int) -> WebhookNotice:
        """Check the signature over the raw body, then return which session the event is about."""
        signatures.verify(self._webhook_secret, headers.get("Rosette-Signature", ""), body, now_ms // 1000)
        try:
            event = orjson.loads(body)
            notice = WebhookNotice(str(event["id"])[:100], str(event["session_id"])[:100])
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise ForgedWebhook("the body is not an event") from error
        if not (is_key(notice.event_id) and is_key(notice.external_id)):
            raise ForgedWebhook("the event has no ids")
        return notice

    async def acknowledge(self, external_id: str) -> None:
        """Do nothing: the checkout does not care."""

    async def refund(self, external_id: str, amount_minor: int, key: str) -> None:
        """Send `amount_minor` of a payment back, once per `key`."""
        path = f"/sessions/{quote(external_id, safe='')}/refunds"
        await self._call("POST", path, json={"amount_minor": amount_minor}, headers={"Idempotency-Key": key})

    async def close(self) -> None:
        """Close the connections to the checkout."""
        if self._session is not None:
            await self._session.close()

    async def _call(self, method: str, path: str, **request: Any) -> dict[str, Any]:  # noqa: ANN401 - aiohttp's own
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=_TIMEOUT)
        headers = self._headers | request.pop("headers", {})
        try:
            async with self._session.request(method, self._url + path, headers=headers, **request) as response:
                if response.status >= 300:
                    kind = UnknownPurchase if (method, response.status) == ("GET", 404) else ProviderError
                    raise kind(f"{method} {path} was answered with {response.status}")
                return await response.json(loads=orjson.loads)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            # Not repr(error): aiohttp's errors show the request there, including headers and the key.
            raise ProviderError(f"{method} {path}: {type(error).__name__}: {error}") from error


def _observation_or_unreadable(external_id: str, session: dict[str, Any]) -> Observation | UnreadablePurchase:
    try:
        return _observation_of(session)
    except ProviderError as error:
        return UnreadablePurchase(SandboxProvider.name, external_id, str(error))


def _observation_of(session: dict[str, Any]) -> Observation:
    try:
        # `paid_minor` appears once something is paid, and may differ from the amount that was due.
        amount_minor = _amount(session.get("paid_minor", session["amount_minor"]))
        return Observation(
            provider=SandboxProvider.name,
            external_id=str(session["id"]),
            reference=Reference.parse(str(session["order_id"])),
            # A session that was refunded in full was paid before.
            status=PaymentStatus.PAID if session["status"] == "refunded" else PaymentStatus(session["status"]),
            amount_minor=amount_minor,
            currency=str(session.get("paid_currency", session["currency"])),
            live=session.get("live", False) is not False,
            refunded_minor=_amount(session.get("refunded_minor", 0)),
            disputes=tuple(
                Dispute(
                    str(dispute["id"]),
                    DisputeStatus(dispute["status"]),
                    _amount(dispute["amount_minor"]),
                    _amount(dispute["due_ms"]) if dispute.get("due_ms") is not None else None,
                )
                for dispute in session.get("disputes", ())
            ),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ProviderError(f"not a checkout session: {error!r}") from error


def _amount(value: object) -> int:
    if type(value) is not int:
        raise ValueError(f"{value!r} is not an amount")
    return value
