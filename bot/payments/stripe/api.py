"""The calls to Stripe, through its own client on aiohttp. Any failure of one is a ProviderError."""

import contextlib
from collections.abc import AsyncIterator
from typing import NamedTuple

import aiohttp
import stripe
from stripe.params.checkout import SessionCreateParams

from bot.domain.orders import Dispute
from bot.payments.provider import ForeignPurchase
from bot.payments.stripe.errors import UnreadableAnswer, errors_of
from bot.payments.stripe.events import TYPES, Event
from bot.payments.stripe.places import Place
from bot.payments.stripe.sessions import Session, dispute_amount, dispute_due_ms, dispute_status, session_of

TIMEOUT = aiohttp.ClientTimeout(total=8)
"""Shorter than the time that the event of a webhook gets to be read."""

PAGE = 100
"""The most objects that Stripe lists at once."""

_EXPANDED = "payment_intent.latest_charge"
"""What a session has to bring along, so that it says what was paid back."""

# Stripe's client would report how long its requests take, and write a file to recognize this machine by.
stripe.enable_telemetry = False


class UnreadableSession(NamedTuple):
    """A session in a list that is malformed, and why."""

    id: str
    why: str


class StripeApi:
    """Stripe as seen with one secret key. An `account` of "" is the key's own."""

    def __init__(self, secret_key: str, url: str) -> None:
        self._http = stripe.AIOHTTPClient(timeout=TIMEOUT)
        client = stripe.StripeClient(
            secret_key, http_client=self._http, base_addresses={"api": url.rstrip("/")}, max_network_retries=1
        )
        self._v1 = client.v1

    @property
    def v1(self) -> stripe.V1Services:
        """Stripe's client itself, for what is not about purchases."""
        return self._v1

    async def open_session(self, account: str, params: SessionCreateParams, key: str) -> Session:
        """Open a checkout session; the same `key` again returns the same one."""
        params["expand"] = [_EXPANDED]
        with errors_of("opening a checkout"):
            return session_of(await self._v1.checkout.sessions.create_async(params, _options(account, key)))

    async def session(self, place: Place) -> Session:
        """Return the session at `place`, or the one that a payment, charge, refund or dispute there belongs to.

        Raises UnknownPurchase if there is no such object, and ForeignPurchase if no session led to it.
        """
        with errors_of("reading a purchase"):
            if place.kind == "cs":
                return session_of(
                    await self._v1.checkout.sessions.retrieve_async(
                        place.object_id, {"expand": [_EXPANDED]}, _options(place.account)
                    )
                )
            payment_id = await self._payment_id(place)
            if payment_id is not None:
                page = await self._v1.checkout.sessions.list_async(
                    {"payment_intent": payment_id, "limit": 1, "expand": [f"data.{_EXPANDED}"]}, _options(place.account)
                )
                if page.data:
                    return session_of(page.data[0])
        raise ForeignPurchase("reading a purchase: no checkout led to it")

    async def _payment_id(self, place: Place) -> str | None:
        """Return the payment that an object belongs to."""
        options = _options(place.account)
        match place.kind:
            case "pi":
                return place.object_id
            case "ch" | "py":
                changed = await self._v1.charges.retrieve_async(place.object_id, None, options)
            case "re" | "pyr":
                changed = await self._v1.refunds.retrieve_async(place.object_id, None, options)
            case "dp" | "du":
                changed = await self._v1.disputes.retrieve_async(place.object_id, None, options)
            case _:
                return None
        payment = changed.payment_intent
        return payment.id if isinstance(payment, stripe.PaymentIntent) else payment

    async def disputes(self, account: str, payment_id: str) -> list[Dispute]:
        """Return the disputes of a payment that took money, in units of its charge."""
        with errors_of("reading disputes"):
            page = await self._v1.disputes.list_async({"payment_intent": payment_id, "limit": PAGE}, _options(account))
            return [
                Dispute(dispute.id, status, dispute_amount(dispute), dispute_due_ms(dispute))
                for dispute in page.data
                if (status := dispute_status(dispute)) is not None
            ]

    async def sessions_since(self, account: str, since_s: int) -> AsyncIterator[Session | UnreadableSession]:
        """Yield the sessions that were opened since `since_s`, in Stripe's order."""
        with errors_of("listing checkouts"):
            page = await self._v1.checkout.sessions.list_async(
                {"created": {"gte": since_s}, "limit": PAGE, "expand": [f"data.{_EXPANDED}"]}, _options(account)
            )
            async for session in page.auto_paging_iter():
                try:
                    with errors_of("reading a listed checkout"):
                        yield session_of(session)
                except UnreadableAnswer as error:
                    yield UnreadableSession(session.id, str(error))

    async def events_since(self, account: str, since_s: int) -> AsyncIterator[Event]:
        """Yield the events about purchases since `since_s`, in Stripe's order. Stripe keeps them for 30 days."""
        with errors_of("listing events"):
            page = await self._v1.events.list_async(
                {"created": {"gte": since_s}, "limit": PAGE, "types": [*TYPES]}, _options(account)
            )
            async for listed in page.auto_paging_iter():
                # An unreadable event would hide the others, and says nothing anyway.
                with contextlib.suppress(ValueError):
                    if event := Event.parse(listed.to_dict()):
                        yield event

    async def refund(self, account: str, payment_id: str, amount: int, key: str) -> None:
        """Send `amount` of a payment back, in the units of its charge; the same `key` again sends it once."""
        with errors_of("refunding"):
            await self._v1.refunds.create_async(
                {"payment_intent": payment_id, "amount": amount}, _options(account, key)
            )

    async def new_account(self, guild_id: int) -> str:
        """Create a guild's own account: one with Stripe's full dashboard, its own fees and its own losses."""
        with errors_of("creating an account"):
            account = await self._v1.accounts.create_async(
                {
                    "controller": {
                        "fees": {"payer": "account"},
                        "losses": {"payments": "stripe"},
                        "requirement_collection": "stripe",
                        "stripe_dashboard": {"type": "full"},
                    },
                    "metadata": {"rosette_guild": str(guild_id)},
                },
                _options("", f"account:{guild_id}"),
            )
            return account.id

    async def account_link(self, account: str, page: str) -> str:
        """Return the address where a guild's staff fill in what Stripe asks; it works once, for some minutes."""
        with errors_of("linking to an account"):
            link = await self._v1.account_links.create_async(
                {"account": account, "type": "account_onboarding", "refresh_url": page, "return_url": page}
            )
            return link.url

    async def can_charge(self, account: str) -> bool:
        """Whether an account may take payments."""
        with errors_of("reading an account"):
            return (await self._v1.accounts.retrieve_async(account)).charges_enabled is True

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close_async()


def _options(account: str, key: str = "") -> stripe.RequestOptions:
    return {"stripe_account": account or None, "idempotency_key": key or None}
