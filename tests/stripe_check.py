"""Our client of Stripe against two stand-ins that others wrote: `make stripe-check`.

localstripe signs webhooks and sends money back, stripe-stateful-mock knows idempotency keys. Both run as programs,
from packages in a folder of their own, and nothing of theirs is imported. Neither has checkout sessions, so what needs
one is left to `tests/payments` and our own stand-in. Prints what was checked, and exits with 1 if anything was wrong.
"""

import asyncio
import os
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import stripe
from aiohttp import ClientSession, web

from bot.domain.errors import ForgedWebhook
from bot.payments import signatures
from bot.payments.provider import ForeignPurchase, ProviderError, UnknownPurchase
from bot.payments.stripe.api import StripeApi, _options
from bot.payments.stripe.places import Place
from bot.payments.stripe.provider import StripeProvider
from bot.payments.stripe.selling import Mode, Shop
from tests.rig import free_port

KEY, WEBHOOK_SECRET = "sk_test_0123456789abcdef", "whsec_0123456789abcdef"
PATIENCE_S: Final = 30.0
FOLDER: Final = Path("build/stripe-check")

Webhook = tuple[dict[str, str], bytes]


class Wrong(Exception):  # noqa: N818 - what a check says
    """A stand-in has answered something else than our client needs."""


def check(is_right: bool, what: str) -> None:
    """Print what was checked, or raise Wrong."""
    if not is_right:
        raise Wrong(what)
    sys.stdout.write(f"  ok  {what}\n")


@asynccontextmanager
async def program(*command: str, **variables: str) -> AsyncGenerator[str]:
    """Run a stand-in on a free port for the length of a block, and yield its address. "{port}" is replaced."""
    port = str(free_port())
    words = [word.replace("{port}", port) for word in command]
    names = {name: value.replace("{port}", port) for name, value in variables.items()}
    process = await asyncio.create_subprocess_exec(
        *words,
        env=os.environ | names,
        cwd=FOLDER,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    root = f"http://127.0.0.1:{port}"
    try:
        await _until_it_answers(root, process)
        yield root
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _until_it_answers(root: str, process: asyncio.subprocess.Process) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    async with ClientSession() as http:
        while time.monotonic() < deadline_s and process.returncode is None:
            try:
                async with http.get(root):
                    return
            except OSError:
                await asyncio.sleep(0.1)
    raise Wrong(f"{root} does not answer")


@asynccontextmanager
async def hearing() -> AsyncGenerator[tuple[str, "asyncio.Queue[Webhook]"]]:
    """Serve an address for webhooks, and yield it with what comes there."""
    webhooks: asyncio.Queue[Webhook] = asyncio.Queue()

    async def hear(request: web.Request) -> web.Response:
        await webhooks.put((dict(request.headers), await request.read()))
        return web.Response()

    app = web.Application()
    app.router.add_post("/", hear)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield f"http://127.0.0.1:{port}/", webhooks
    await runner.cleanup()


async def refusal_of(work: Coroutine[Any, Any, object]) -> Exception | None:
    """Return what our client raises, None if it does not."""
    try:
        await work
    except (ProviderError, ForgedWebhook) as error:
        return error
    return None


async def paid(client: stripe.StripeClient, minor: int) -> tuple[str, str]:
    """Have somebody pay at localstripe. Return the ids of the payment and of its charge."""
    card: Any = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2040, "cvc": "123"}
    method = await client.v1.payment_methods.create_async({"type": "card", "card": card})
    payment = await client.v1.payment_intents.create_async(
        {"amount": minor, "currency": "usd", "payment_method": method.id, "confirm": True}
    )
    charge = payment.latest_charge
    return payment.id, charge if isinstance(charge, str) else charge.id if charge else ""


async def check_refunds(root: str) -> None:
    """Send money back at localstripe."""
    api = StripeApi(KEY, root)
    client = stripe.StripeClient(KEY, http_client=stripe.AIOHTTPClient(), base_addresses={"api": root})
    payment_id, charge_id = await paid(client, 499)
    await api.refund("", payment_id, 166, "first")
    await api.refund("", payment_id, 333, "second")
    charge = await client.v1.charges.retrieve_async(charge_id)
    check(charge.amount_refunded == 499, "two partial refunds of a payment are all of it")
    check(await api._payment_id(Place("", charge_id)) == payment_id, "a charge leads to its payment")
    unknown = await refusal_of(api.refund("", "pi_of_nobody", 1, "third"))
    check(isinstance(unknown, UnknownPurchase), "a payment that is not there is unknown")
    sessions = await refusal_of(api.session(Place("", payment_id)))
    check(isinstance(sessions, UnknownPurchase | ForeignPurchase), "without checkout sessions a payment is nobody's")
    await api.close()
    await _close(client)


async def check_signatures(root: str) -> None:
    """Hear webhooks that localstripe has signed, and refuse them once anything is changed."""
    provider = StripeProvider(
        KEY, WEBHOOK_SECRET, Shop(Mode.PLAIN, "{coins} coins", "COINS"), frozenset({7}), lambda: 0, root
    )
    client = stripe.StripeClient(KEY, http_client=stripe.AIOHTTPClient(), base_addresses={"api": root})
    async with hearing() as (url, webhooks), ClientSession() as http:
        async with http.post(f"{root}/_config/webhooks/ours", json={"url": url, "secret": WEBHOOK_SECRET}) as answer:
            check(answer.status == 200, "localstripe takes our address for webhooks")
        await paid(client, 499)
        headers, body = await asyncio.wait_for(webhooks.get(), PATIENCE_S)
    signature, now_ms = headers["Stripe-Signature"], time.time_ns() // 1_000_000
    signatures.verify(WEBHOOK_SECRET, signature, body, now_ms // 1000)
    check(
        provider.verify(headers, body, now_ms) is None, "a signed event is taken, and one about no checkout is let be"
    )
    changed = [
        ({"Stripe-Signature": signature}, body + b" ", now_ms),
        ({"Stripe-Signature": signature[:-1] + ("0" if signature[-1] != "0" else "1")}, body, now_ms),
        ({}, body, now_ms),
        (headers, body, now_ms + 400_000),
        (headers, body, now_ms - 400_000),
    ]
    for forged_headers, forged_body, at_ms in changed:
        try:
            provider.verify(forged_headers, forged_body, at_ms)
        except ForgedWebhook:
            continue
        raise Wrong("a changed webhook was taken")
    check(True, "a changed body, a changed signature, none, an old one and an early one are refused")
    await provider.close()
    await _close(client)


async def check_idempotency(root: str) -> None:
    """Repeat requests at stripe-stateful-mock with the keys and options that our client sends."""
    api = StripeApi(KEY, root)
    v1 = api._v1
    sale: Any = {"amount": 499, "currency": "usd", "source": "tok_visa"}
    charges = [await v1.charges.create_async(sale, _options("", "order:7-500")) for _ in range(3)]
    check(len({charge.id for charge in charges}) == 1, "the same key three times is one charge")
    others = [await v1.charges.create_async(sale, _options("", f"order:7-{number}")) for number in (501, 502)]
    check(len({charge.id for charge in [*charges, *others]}) == 3, "other keys are other charges")
    part: Any = {"charge": charges[0].id, "amount": 166}
    refunds = [await v1.refunds.create_async(part, _options("", "withdrawal:500")) for _ in range(3)]
    charge = await v1.charges.retrieve_async(charges[0].id)
    check(len({refund.id for refund in refunds}) == 1, "the same key three times is one refund")
    check(charge.amount_refunded == 166, "so the money goes back once")
    # The mock refunds charges only, and keeps its refusal of a payment under the key.
    first = await refusal_of(api.refund("", "pi_1", 10, "key"))
    again = await refusal_of(api.refund("", "pi_1", 10, "key"))
    other = await refusal_of(api.refund("", "pi_1", 11, "key"))
    check(isinstance(first, UnknownPurchase) and str(first) == str(again), "an answer is replayed, a refusal too")
    check(
        isinstance(other, ProviderError) and "IdempotencyError" in str(other),
        "the same key with another amount is refused, and our client says so",
    )
    await api.close()


async def _close(client: stripe.StripeClient) -> None:
    http: Any = client._requestor._client
    await http.close_async()


async def main() -> int:
    """Run both stand-ins and check our client against them; return the exit code."""
    stripe.enable_telemetry = False
    localstripe = ("python/bin/localstripe", "--port", "{port}", "--from-scratch")
    mock = ("node", "node_modules/stripe-stateful-mock/dist/cli.js")
    checks: list[tuple[str, Callable[[str], Awaitable[None]], tuple[str, ...], dict[str, str]]] = [
        ("localstripe: refunds", check_refunds, localstripe, {}),
        ("localstripe: signatures", check_signatures, localstripe, {}),
        ("stripe-stateful-mock: idempotency", check_idempotency, mock, {"PORT": "{port}", "LOG_LEVEL": "silent"}),
    ]
    failures = 0
    for name, work, command, variables in checks:
        sys.stdout.write(f"{name}\n")
        try:
            async with program(*command, **variables) as root:
                await work(root)
        except Wrong as error:
            failures += 1
            sys.stdout.write(f"  WRONG  {error}\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
