"""The pages of the pretend Ko-fi, rendered on the server so that they work without JavaScript."""

import re
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from html import escape
from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from sandbox.checkout.server import now_ms
from sandbox.hosted_page import Page, button, form, refuse_strangers, render, respond
from sandbox.kofi.notices import KINDS, Sender, Support, notice_of, token_of

_KINDS: Final = "".join(f"<option>{kind}</option>" for kind in KINDS)
_NAME: Final = re.compile(r"[A-Za-z0-9_]{1,40}")
LONGEST: Final = 500

OUTCOMES: Final = {
    "": ("", "Write your code into the message, so that your server finds your order."),
    "sent": ("good", "Sent. The bot has the notice."),
    "repeated": ("waiting", "Sent again, with the same message id. Nobody should get coins twice."),
    "nothing": ("bad", "Nothing has been sent from this page yet."),
    "refused": ("bad", "The bot refused the notice. Is this page's token set in /settings?"),
    "away": ("waiting", "The bot didn't answer. The notice is sent again until it does."),
}
"""The tone and the words for the outcome of the last notice."""


class Kofi:
    """The pretend Ko-fi. Notices go to `webhook_url`. `clock` is in milliseconds."""

    def __init__(self, *, webhook_url: str, clock: Callable[[], int] = now_ms) -> None:
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
        fields = [
            _line(
                "Amount", f'<input name="amount" value="{_text(query, "amount", "3.00")}" inputmode="decimal" required>'
            ),
            _line(
                "Currency", f'<input name="currency" value="{_text(query, "currency", "USD")}" maxlength="3" required>'
            ),
            _line("Message", f'<input name="message" value="{_text(query, "message")}" maxlength="{LONGEST}">'),
            _line("Type", f'<select name="kind">{_KINDS}</select>'),
            _line("Shop item", '<input name="item" maxlength="64" placeholder="none">'),
        ]
        faults = (button("repeat", "Send the last notice again"), button("forge", "Send with a wrong token"))
        send = button("send", "Send", "primary")
        return respond(
            render(
                Page(
                    title="Pretend Ko-fi",
                    heading=f"Support {page}",
                    subtitle=f"Rosette sandbox · Ko-fi page “{page}”",
                    words=words,
                    tone=tone,
                    actions=form(*fields, send, more="Try what can go wrong", more_buttons=faults),
                    footer=f"For the owner of this page: enter “{page}” and this verification token in /settings."
                    f"<br><code>{token_of(page)}</code>",
                )
            )
        )

    async def _send(self, request: web.Request) -> web.Response:
        refuse_strangers(request)
        page, sent = _page_name(request), await request.post()
        fields = {name: str(sent.get(name, ""))[:LONGEST] for name in ("kind", "amount", "currency", "message", "item")}
        if sent.get("action") == "repeat":
            status = await self.repeat(page)
            outcome = "nothing" if status is None else _outcome(status, "repeated")
        else:
            support = Support(fields["kind"], fields["amount"], fields["currency"], fields["message"], fields["item"])
            token = str(uuid.uuid4()) if sent.get("action") == "forge" else ""
            outcome = _outcome(await self.support(page, support, token=token), "sent")
        shown = {name: fields[name] for name in ("amount", "currency", "message")} | {"outcome": outcome}
        raise web.HTTPSeeOther(f"/kofi/{page}?{urlencode(shown)}")


def _line(label: str, field: str) -> str:
    return f'<label class="line">{label} {field}</label>'


def _text(query: Mapping[str, str], name: str, default: str = "") -> str:
    return escape(query.get(name, default)[:LONGEST])


def _outcome(status: int, accepted: str) -> str:
    if 200 <= status < 300:
        return accepted
    return "refused" if 400 <= status < 500 else "away"


def _page_name(request: web.Request) -> str:
    name = request.match_info["page"]
    if not _NAME.fullmatch(name):
        raise web.HTTPNotFound(text="There is no such page.")
    return name
