"""What the hosted pages of all pretend providers share: their look, their headers, how they write money."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from aiohttp import web

CONTENT_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": with it, browsers hide from a form's own site where the form came from.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_PAGE: Final = Template((Path(__file__).parent / "hosted.html").read_text(encoding="utf-8"))
_NO_MINOR_UNITS: Final = frozenset({"JPY", "KRW", "VND", "CLP", "ISK", "UGX", "XAF", "XOF"})
_SYMBOLS: Final = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page. All texts are plain, except `actions` and `footer`, which are HTML.

    `lines` are names with amounts, and the last one is the total. `links` are texts with addresses.
    """

    title: str
    heading: str
    subtitle: str
    words: str
    tone: str
    actions: str
    footer: str
    lines: Iterable[tuple[str, str]] = ()
    links: Iterable[tuple[str, str]] = ()


def money(amount_minor: int, currency: str) -> str:
    """Format an amount in minor units for people to read, such as "$4.99"."""
    code = currency.upper()
    whole, cents = divmod(abs(amount_minor), 100)
    number = f"{abs(amount_minor):,}" if code in _NO_MINOR_UNITS else f"{whole:,}.{cents:02d}"
    sign = "−" if amount_minor < 0 else ""
    return f"{sign}{_SYMBOLS[code]}{number}" if code in _SYMBOLS else f"{sign}{number} {code}"


def button(action: str, text: str, look: str = "") -> str:
    """Return a button of a form: its `action` is the value that the form sends. `look` are further classes."""
    classes = " ".join(part for part in ("button", look, "wide") if part)
    return f'<button class="{classes}" name="action" value="{escape(action)}">{escape(text)}</button>'


def form(*buttons: str, more: str = "", more_buttons: Iterable[str] = ()) -> str:
    """Return a form with buttons, and further ones folded up under the words `more`."""
    folded = "".join(more_buttons)
    details = f"<details><summary>{escape(more)}</summary>{folded}</details>" if folded else ""
    return f'<form method="post">{"".join(buttons)}{details}</form>' if buttons or folded else ""


def render(page: Page) -> str:
    """Return the HTML of a page."""
    *lines, total = list(page.lines) or [("", "")]
    rows = [f"<div><dt>{escape(name)}</dt><dd>{escape(amount)}</dd></div>" for name, amount in lines]
    if total[0]:
        rows.append(f'<div class="total"><dt>{escape(total[0])}</dt><dd>{escape(total[1])}</dd></div>')
    return _PAGE.substitute(
        title=escape(page.title),
        heading=escape(page.heading),
        subtitle=escape(page.subtitle),
        lines="".join(rows),
        tone=page.tone,
        words=escape(page.words),
        actions=page.actions,
        links="".join(f'<a class="button wide" href="{escape(url)}">{escape(text)}</a>' for text, url in page.links),
        footer=page.footer,
    )


def respond(html: str) -> web.Response:
    """Return a page as a response, with headers that allow no scripts."""
    return web.Response(text=html, content_type="text/html", headers=_HEADERS)


def refuse_strangers(request: web.Request) -> None:
    """Raise 403 for a form that another site has sent."""
    own = str(request.url.origin())
    if request.headers.get("Origin", own) != own:
        raise web.HTTPForbidden(text="Payments start on this page only.")
