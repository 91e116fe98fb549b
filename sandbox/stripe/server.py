"""Stripe's API over HTTP: keys, accounts, versions, idempotency, and the faults that are asked for."""

import hmac
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlencode

import orjson
from aiohttp import web

from sandbox.checkout.server import now_ms
from sandbox.discord.faults import Fault, Faults, Moment, strike
from sandbox.discord.jsontypes import JSON
from sandbox.signed_posts import SignedPosts
from sandbox.stripe import errors, forms, listing
from sandbox.stripe.account import Account, new_id
from sandbox.stripe.destination import HEADER, Destination
from sandbox.stripe.errors import StripeError
from sandbox.stripe.hosted import HostedPages
from sandbox.stripe.idempotency import Answer
from sandbox.stripe.operations import OPERATIONS, Call, Operation
from sandbox.stripe.platform import Platform
from sandbox.stripe.shapes import API_VERSION

_FORM: Final = "application/x-www-form-urlencoded"


class Stripe:
    """The pretend Stripe. `root` is its address, `secret_key` the platform's, and webhooks go to `webhook_url`."""

    def __init__(
        self,
        *,
        root: str,
        secret_key: str,
        webhook_url: str,
        webhook_secret: str,
        clock: Callable[[], int] = now_ms,
        path: Path | None = None,
        posts: SignedPosts | None = None,
    ) -> None:
        self.root = root.rstrip("/")
        self.faults = Faults()
        self._secret_key = secret_key
        self._posts = posts or SignedPosts(webhook_url, webhook_secret, HEADER, now_ms=clock)
        self.destination = Destination(self._posts)
        self.platform = Platform(self.destination, clock, path, is_live=secret_key[2:].startswith("_live_"))

    def routes(self, app: web.Application) -> None:
        """Mount the API and the hosted pages on an app, and end the deliveries when the app stops."""
        for operation in OPERATIONS:
            app.router.add_route(operation.method, operation.path, self._handler(operation))
        for version in ("v1", "v2"):
            app.router.add_route("*", f"/{version}/{{rest:.*}}", self._unknown)
        HostedPages(self.platform).routes(app)
        app.on_cleanup.append(self._close)

    async def _close(self, _: web.Application) -> None:
        await self._posts.close()

    def _handler(self, operation: Operation) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            return await self._respond(request, operation)

        return handle

    async def _unknown(self, request: web.Request) -> web.StreamResponse:
        return await self._respond(request, None)

    async def _respond(self, request: web.Request, operation: Operation | None) -> web.StreamResponse:
        fault = self.faults.find(request.method, request.path) if self.faults else None
        if fault is not None and fault.moment is Moment.BEFORE:
            early = await strike(fault, request)
            if early is not None:
                return early
        request_id = new_id("req_", 14)
        try:
            response = await self._answer(request, operation, request_id, fault)
        except StripeError as error:
            response = _response(error.to_json(), error.status)
        finally:
            if request.method == "POST":
                self.platform.save()
        response.headers.setdefault("Request-Id", request_id)
        response.headers["Stripe-Version"] = request.headers.get("Stripe-Version", API_VERSION)
        for name in ("Idempotency-Key", "Stripe-Account"):
            if name in request.headers:
                response.headers[name] = request.headers[name]
        return response

    async def _answer(
        self, request: web.Request, operation: Operation | None, request_id: str, fault: Fault | None
    ) -> web.StreamResponse:
        """Check a request, and carry it out unless its key says that this was done before."""
        self._authorise(request)
        if operation is None:
            message = f"Unrecognized request URL ({request.method}: {request.path}). See https://stripe.com/docs."
            raise StripeError(message, status=404)
        account = self.platform.account(_account_id(request))
        pairs = await _pairs(request)
        self.platform.tidy()
        cause: JSON = {"id": request_id, "idempotency_key": _header(request, "Idempotency-Key") or None}
        if request.method != "POST" or not cause["idempotency_key"]:
            response = self._run(request, operation, account, pairs, cause)
            return await _delayed(response, fault, request)
        mark, key = urlencode(sorted(pairs)), cause["idempotency_key"]
        earlier = self.platform.keys.begin(account.id, key, request.path, mark)
        if earlier is not None:
            return _replay(earlier)
        answer: Answer | None = None
        try:
            response = self._run(request, operation, account, pairs, cause)
            answer = Answer(request.path, mark, self.platform.now_s(), response.status, response.text or "", request_id)
            # The key is in use until the answer is on its way.
            return await _delayed(response, fault, request)
        finally:
            self.platform.keys.end(account.id, key, answer)

    def _run(
        self, request: web.Request, operation: Operation, account: Account, pairs: list[tuple[str, str]], cause: JSON
    ) -> web.Response:
        """Carry a request out. Raise StripeError for wrong parameters; other refusals are answers."""
        params = operation.read(forms.decode(pairs), "")
        call = Call(self.platform, account, params, request.match_info.get("id", ""), self.root)
        self.platform.cause = cause if request.method == "POST" else None
        try:
            thing = operation.run(call)
            body = listing.expand(account, thing, params.get("expand", []))
        except StripeError as error:
            return _response(error.to_json(), error.status)
        finally:
            self.platform.cause = None
        return _response(body)

    def _authorise(self, request: web.Request) -> None:
        kind, _, key = _header(request, "Authorization").partition(" ")
        if kind != "Bearer":
            raise errors.no_key()
        if not hmac.compare_digest(key.encode(), self._secret_key.encode()):
            raise errors.wrong_key(key)


def _account_id(request: web.Request) -> str:
    """Return the account that a request names, in the header of either version of the API."""
    return _header(request, "Stripe-Account") or _header(request, "Stripe-Context")


def _header(request: web.Request, name: str) -> str:
    """Return a header as text that JSON can hold: aiohttp keeps bytes that are not UTF-8 as lone surrogates."""
    return request.headers.get(name, "").encode(errors="replace").decode()


async def _pairs(request: web.Request) -> list[tuple[str, str]]:
    """Return the parameters of a request as they came."""
    pairs = list(request.query.items())
    body = await request.read()
    if not body:
        return pairs
    if request.content_type != _FORM:
        message = f"Invalid request (check that your POST content type is {_FORM})."
        raise StripeError(message, code="parameter_invalid_content_type")
    try:
        return pairs + parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError as error:
        raise StripeError("Invalid request: the body is not a form.") from error


def _response(body: JSON, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")


def _replay(answer: Answer) -> web.Response:
    response = web.Response(text=answer.body, status=answer.status, content_type="application/json")
    response.headers["Idempotent-Replayed"] = "true"
    response.headers["Original-Request"] = answer.request_id
    return response


async def _delayed(response: web.Response, fault: Fault | None, request: web.Request) -> web.StreamResponse:
    """Return the response, unless something else was asked for once the work is done."""
    if fault is not None and fault.moment is Moment.AFTER:
        return await strike(fault, request) or response
    return response
