"""The pages of the pretend Ko-fi, rendered on the server so that they work without JavaScript."""

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from string import Template
from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from sandbox.checkout.server import CONTENT_POLICY, now_ms
from sandbox.kofi.notices import KINDS, Sender, Support, notice_of, token_of

_PAGE: Final = Template((Path(__file__).parent / "page.html").read_text(encoding="utf-8"))
_NAME: Final = re.compile(r"[A-Za-z0-9_]{1,40}")
LONGEST: Final = 500

OUTCOMES: Final = {
    "": ("", "Write your code into the message, so that your server finds your order."),
    "sent": ("good", "Sent. Your coins are waiting in the chat."),
    "repeated": ("waiting", "Sent again, with the same message id. Nobody should get coins twice."),
    "nothing": ("bad", "Nothing has been sent from this page yet."),
    "refused": ("bad", "The bot refused the notice. Is this page's token set in /settings?"),
    "away": ("waiting", "The bot didn't answer. The notice is sent again until it does."),
}
"""The tone and the words of what became of the last notice."""


class Kofi:
    """The pretend Ko-fi. `root` is its public address, and notices go to `webhook_url`. `clock` is in milliseconds."""

    def __init__(self, *, root: str, webhook_url: str, clock: Callable[[], int] = now_ms) -> None:
        self.root = root.rstrip("/")
        self.sender = Sender(webhook_url)
        self._clock = clock
        self._last: dict[str, dict[str, object]] = {}

    def routes(self, app: web.Application) -> None:
        """Mount the pages on an app, and close the sender when the app stops."""
        app.router.add_get("/kofi/{page}", self._show)
        app.router.add_post("/kofi/{page}", self._send)
        app.on_cleanup.append(self._close)

    async def support(self, page: str, support: Support, *, token: str = "") -> int:
        """Send a notice of a payment on a page, and return the bot's answer."""
        when = datetime.fromtimestamp(self._clock() / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._last[page] = notice_of(support, token or token_of(page), when)
        return await self.sender.send(self._last[page])

    async def repeat(self, page: str) -> int | None:
        """Send the last notice of a page again, with the same message id. Return None if there is none."""
        notice = self._last.get(page)
        return None if notice is None else await self.sender.send(notice)

    async def _close(self, _: web.Application) -> None:
        await self.sender.close()

    async def _show(self, request: web.Request) -> web.Response:
        page, query = _page_name(request), request.query
        tone, words = OUTCOMES.get(query.get("outcome", ""), OUTCOMES[""])
        html = _PAGE.substitute(
            page=escape(page),
            tone=tone,
            words=escape(words),
            amount=escape(query.get("amount", "3.00")[:20]),
            currency=escape(query.get("currency", "USD")[:3]),
            message=escape(query.get("message", "")[:LONGEST]),
            kinds="".join(f"<option>{kind}</option>" for kind in KINDS),
            token=token_of(page),
        )
        headers = {
            "Content-Security-Policy": CONTENT_POLICY,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }
        return web.Response(text=html, content_type="text/html", headers=headers)

    async def _send(self, request: web.Request) -> web.Response:
        if request.headers.get("Origin", self.root) != str(request.url.origin()):
            raise web.HTTPForbidden(text="Payments start on this page only.")
        page, form = _page_name(request), await request.post()
        fields = {name: str(form.get(name, ""))[:LONGEST] for name in ("kind", "amount", "currency", "message", "item")}
        if form.get("action") == "repeat":
            status = await self.repeat(page)
            outcome = "nothing" if status is None else _outcome(status, "repeated")
        else:
            support = Support(fields["kind"], fields["amount"], fields["currency"], fields["message"], fields["item"])
            token = str(uuid.uuid4()) if form.get("action") == "forge" else ""
            outcome = _outcome(await self.support(page, support, token=token), "sent")
        shown = {name: fields[name] for name in ("amount", "currency", "message")} | {"outcome": outcome}
        raise web.HTTPSeeOther(f"/kofi/{page}?{urlencode(shown)}")


def _outcome(status: int, accepted: str) -> str:
    if 200 <= status < 300:
        return accepted
    return "refused" if 400 <= status < 500 else "away"


def _page_name(request: web.Request) -> str:
    name = request.match_info["page"]
    if not _NAME.fullmatch(name):
        raise web.HTTPNotFound(text="There is no such page.")
    return name
