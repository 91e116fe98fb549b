"""Webhooks of every provider: forged, or signed but odd. None of them moves a coin."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson
from aiohttp import ClientSession, TCPConnector

from sandbox.kofi.notices import token_of
from sandbox.signed_posts import signature
from tests.bot.noted_shop import PAGE
from tests.faults import hostile
from tests.payments import kofi_bodies, stripe_answers
from tests.rig import STRIPE_WEBHOOK_SECRET, WEBHOOK_SECRET, Rig

Webhook = tuple[bytes, dict[str, str]]

AT_ONCE: Final = 16
"""Webhooks in flight at a time."""
NO_ERROR: Final = 500
TRY_AGAIN: Final = 503
NO_EVENTS: Final = (b"", b"[", b"\xff\xfe", b'"', b"[" * 10_000, b"1e999", b"data=", b"data=%FF", b"data={}&data={}")
NAMES: Final = ("manual", "discord_sku", "%00", "..", "x" * 300)
"""Addresses at which no provider sends webhooks."""


async def fuzz_webhooks(rig: Rig, chance: random.Random, webhooks: int, counts: Counter[str]) -> list[str]:
    """Send webhooks of all providers. Return the answers that should not occur."""
    problems: list[str] = []
    url = f"http://127.0.0.1:{rig.web_port}/webhooks"
    gate = asyncio.Semaphore(AT_ONCE)

    async def send(client: ClientSession) -> None:
        provider = chance.choice((*WEBHOOKS, *WEBHOOKS, *WEBHOOKS, *NAMES))
        body, headers = WEBHOOKS.get(provider, _posted)(chance)
        headers |= {"Content-Type": chance.choice(("application/json", "application/x-www-form-urlencoded", "x"))}
        async with gate, client.post(f"{url}/{provider}", data=body, headers=headers) as response:
            counts[f"webhooks of {provider[:20]} answered {response.status}"] += 1
            if response.status >= NO_ERROR and response.status != TRY_AGAIN:
                problems.append(f"{response.status} for {headers} {body[:200]!r}")

    async with ClientSession(connector=TCPConnector(limit=AT_ONCE)) as client:
        for _ in range(0, webhooks, 500):
            await asyncio.gather(*(send(client) for _ in range(min(webhooks, 500))))
    return problems


def _posted(chance: random.Random) -> Webhook:
    event = {"id": f"evt_{chance.randrange(10**9)}", "type": "session.paid", "session_id": "cs_1", "created_ms": 1}
    return _signed(chance, event, "Rosette-Signature", WEBHOOK_SECRET)


def _of_stripe(chance: random.Random) -> Webhook:
    number = chance.randrange(10**9)
    event = chance.choice(
        (
            stripe_answers.snapshot("checkout.session.completed", stripe_answers.session(id=f"cs_test_{number}")),
            stripe_answers.snapshot("charge.refunded", stripe_answers.charge(payment_intent=f"pi_{number}")),
            stripe_answers.snapshot("charge.dispute.created", stripe_answers.dispute("needs_response")),
            stripe_answers.thin("checkout.session.completed", f"cs_test_{number}"),
            stripe_answers.thin("charge.dispute.closed", f"dp_{number}"),
        )
    )
    return _signed(chance, event | {"id": f"evt_{number}"}, "Stripe-Signature", STRIPE_WEBHOOK_SECRET)


def _of_kofi(chance: random.Random) -> Webhook:
    """Return a notice, half of the time with the token of a guild, which is all that proves it."""
    token = chance.choice((token_of(PAGE), kofi_bodies.TOKEN))
    notice = kofi_bodies.notice(verification_token=token, message_id=f"notice-{chance.randrange(10**9)}")
    try:
        body = kofi_bodies.encoded(hostile.mutate(chance, notice, chance.choice((0, 1, 2, 4))))
    except (TypeError, UnicodeEncodeError):
        body = chance.randbytes(40)
    return _damaged(chance, body), {}


def _signed(chance: random.Random, event: Mapping[str, Any], header: str, secret: str) -> Webhook:
    try:
        body = orjson.dumps(hostile.mutate(chance, event, chance.choice((0, 1, 2, 4))))
    except TypeError:
        body = chance.randbytes(40)
    body, now_s = _damaged(chance, body), int(time.time())
    proof = chance.choice((signature(secret, body, now_s), signature("another", body, now_s), "t=1,v1=", "="))
    return body, {header: proof}


def _damaged(chance: random.Random, body: bytes) -> bytes:
    return chance.choice((*NO_EVENTS, chance.randbytes(70_000))) if chance.random() < 0.1 else body


WEBHOOKS: Final[Mapping[str, Callable[[random.Random], Webhook]]] = {
    "sandbox": _posted,
    "stripe": _of_stripe,
    "kofi": _of_kofi,
}
"""By the name of each provider that sends webhooks: one of them, by chance."""
