"""The provider's API for shops and its payment page for buyers."""

import hmac
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, cast, get_args

import orjson
from aiohttp import web

from sandbox import hosted_page
from sandbox.checkout import payment_page
from sandbox.checkout.sessions import Action, KeyReused, NotPossible, Purchase, Session, Sessions
from sandbox.checkout.webhooks import Courier

PAGE_SIZE: Final = 100
MOST_MINOR: Final = 10**12


def now_ms() -> int:
    """Return milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def _error(status: int, code: str, message: str) -> web.Response:
    return _json({"error": {"code": code, "message": message}}, status)


def _json(body: object, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")


def parse_purchase(body: Any) -> Purchase:  # noqa: ANN401 - it comes from the wire
    """Parse a request body; raise ValueError with a message that says what is wrong."""
    if not isinstance(body, dict):
        raise ValueError("the body must be an object")
    fields = cast("dict[str, Any]", body)
    amount = fields.get("amount_minor")
    if not isinstance(amount, int) or isinstance(amount, bool) or not 0 < amount <= MOST_MINOR:
        raise ValueError("amount_minor must be a positive integer")
    currency = fields.get("currency")
    if not isinstance(currency, str) or len(currency) != 3 or not currency.isascii() or not currency.isupper():
        raise ValueError("currency must be an ISO 4217 code")
    order_id = fields.get("order_id")
    if not isinstance(order_id, str) or not 0 < len(order_id) <= 64:
        raise ValueError("order_id must be a string of 1 to 64 characters")
    if fields.get("live") not in (False, None):
        raise ValueError("this checkout takes no live payments")
    return Purchase(order_id, amount, currency, str(fields.get("description", ""))[:200])


class Checkout:
    """The payment provider.

    `root` is its public address. Shops authenticate with the key `secret`, and webhooks go to `webhook_url`.
    """

    def __init__(
        self,
        *,
        root: str,
        secret: str,
        webhook_url: str,
        webhook_secret: str,
        clock: Callable[[], int] = now_ms,
        path: Path | None = None,
        courier: Courier | None = None,
    ) -> None:
        self.root = root.rstrip("/")
        self._secret = secret
        self.sessions = Sessions(clock, path)
        self._watchers: list[Callable[[Session], None]] = []
        self.courier = courier or Courier(webhook_url, webhook_secret, now_ms=clock)

    def routes(self, app: web.Application) -> None:
        """Mount the API and the page on an app, and close the courier when the app stops."""
        app.router.add_post("/checkout/v1/sessions", self._create)
        app.router.add_get("/checkout/v1/sessions", self._list)
        app.router.add_get("/checkout/v1/sessions/{id}", self._read)
        app.router.add_post("/checkout/v1/sessions/{id}/refunds", self._refund)
        app.router.add_get("/pay/{id}", self._page)
        app.router.add_post("/pay/{id}", self._pay)
        app.on_cleanup.append(self._close)

    async def _close(self, _: web.Application) -> None:
        await self.courier.close()

    def _session_json(self, session: Session) -> dict[str, object]:
        return session.to_json(f"{self.root}/pay/{session.id}")

    def _authorised(self, request: web.Request) -> bool:
        credentials = request.headers.get("Authorization", "")
        return hmac.compare_digest(credentials.encode(), f"Bearer {self._secret}".encode())

    async def _create(self, request: web.Request) -> web.Response:
        if not self._authorised(request):
            return _error(401, "unauthorised", "The key is missing or wrong.")
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return _error(400, "key_missing", "Idempotency-Key is required.")
        try:
            purchase = parse_purchase(orjson.loads(await request.read()))
            session, is_new = self.sessions.create(key, purchase)
        except (orjson.JSONDecodeError, ValueError) as error:
            return _error(400, "invalid", str(error))
        except KeyReused:
            return _error(409, "key_reused", "This Idempotency-Key was used with another body.")
        return _json(self._session_json(session), 201 if is_new else 200)

    async def _read(self, request: web.Request) -> web.Response:
        if not self._authorised(request):
            return _error(401, "unauthorised", "The key is missing or wrong.")
        session = self.sessions.get(request.match_info["id"])
        if session is None:
            return _error(404, "unknown", "There is no such session.")
        return _json(self._session_json(session))

    async def _refund(self, request: web.Request) -> web.Response:
        if not self._authorised(request):
            return _error(401, "unauthorised", "The key is missing or wrong.")
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return _error(400, "key_missing", "Idempotency-Key is required.")
        try:
            amount_minor = orjson.loads(await request.read())["amount_minor"]
            if type(amount_minor) is not int or amount_minor < 1:
                raise ValueError("amount_minor must be a positive integer")
            session = self.sessions.refund(request.match_info["id"], amount_minor, key)
        except (orjson.JSONDecodeError, TypeError, ValueError) as error:
            return _error(400, "invalid", str(error))
        except KeyError:
            return _error(404, "unknown", "There is no such session.")
        except NotPossible as error:
            return _error(409, "not_possible", f"The session is {error.status}.")
        self._tell(session)
        return _json(self._session_json(session))

    def _tell(self, session: Session) -> None:
        """Notify the shop and the watchers. As with real providers, that a buyer starts again is no news to a shop."""
        if session.status != "open":
            self.courier.announce(session)
        for watcher in self._watchers:
            watcher(session)

    def watch(self, watcher: Callable[[Session], None]) -> None:
        """Call `watcher` with each session that a buyer has acted on."""
        self._watchers.append(watcher)

    async def _list(self, request: web.Request) -> web.Response:
        if not self._authorised(request):
            return _error(401, "unauthorised", "The key is missing or wrong.")
        since = request.query.get("since_ms", "0")
        if not since.isascii() or not since.isdigit():
            return _error(400, "invalid", "since_ms must be a whole number.")
        limit = request.query.get("limit", "")
        size = min(int(limit), PAGE_SIZE) if limit.isascii() and limit.isdigit() and int(limit) else PAGE_SIZE
        sessions, has_more = self.sessions.changed(int(since), request.query.get("after", ""), size)
        return _json({"data": [self._session_json(session) for session in sessions], "has_more": has_more})

    async def _page(self, request: web.Request) -> web.Response:
        session = self.sessions.get(request.match_info["id"])
        if session is None:
            raise web.HTTPNotFound(text="There is no such checkout (any more).")
        return hosted_page.respond(payment_page.render_session(session))

    async def _pay(self, request: web.Request) -> web.Response:
        hosted_page.refuse_strangers(request)
        choice = (await request.post()).get("action")
        if choice == "stray":
            self.courier.announce_unknown()
            raise web.HTTPSeeOther(f"/pay/{request.match_info['id']}")
        if choice not in get_args(Action):
            raise web.HTTPBadRequest(text="There is no such action.")
        action = cast("Action", choice)
        session_id = request.match_info["id"]
        try:
            session = self.sessions.act(session_id, action)
        except KeyError:
            raise web.HTTPNotFound(text="There is no such checkout (any more).") from None
        except NotPossible as error:
            # A second click or a second tab: the page shows the outcome of the first one.
            request.app.logger.debug("no %s on a session that is %s", action, error.status)
        else:
            self._tell(session)
        raise web.HTTPSeeOther(f"/pay/{session_id}")
