"""The page a buyer pays on, rendered on the server so that it works without JavaScript."""

from html import escape
from pathlib import Path
from string import Template
from typing import Final

from sandbox.checkout.sessions import Session

_PAGE: Final = Template((Path(__file__).parent / "pay.html").read_text(encoding="utf-8"))
_NO_MINOR_UNITS: Final = frozenset({"JPY", "KRW", "VND", "CLP", "ISK", "UGX", "XAF", "XOF"})
_SYMBOLS: Final = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}

_OPEN: Final = """
<form method="post">
  <button class="button primary wide" name="action" value="pay">Pay {price}</button>
  <button class="button wide" name="action" value="decline">Decline the card</button>
  <button class="button quiet wide" name="action" value="cancel">Cancel</button>
  <details>
    <summary>Try what can go wrong</summary>
    <button class="button wide" name="action" value="pay-half">Pay only half</button>
    <button class="button wide" name="action" value="pay-other">Pay in another currency</button>
    <button class="button wide" name="action" value="stray">Report a payment that doesn’t exist</button>
  </details>
</form>"""
_RETRY: Final = """
<form method="post">
  <button class="button primary wide" name="action" value="retry">Try again</button>
</form>"""
_PAID: Final = """
<form method="post">
  <details>
    <summary>What can happen next</summary>
    <button class="button wide" name="action" value="refund">Refund in full</button>
    <button class="button wide" name="action" value="refund-half">Refund half</button>
    <button class="button wide" name="action" value="dispute">Dispute it at the bank</button>
  </details>
</form>"""
_REFUNDED: Final = """
<form method="post">
  <button class="button quiet wide" name="action" value="dispute">Dispute it at the bank</button>
</form>"""
_DISPUTED: Final = """
<form method="post">
  <button class="button wide" name="action" value="win">Decide for the shop</button>
  <button class="button wide" name="action" value="lose">Decide for the buyer</button>
</form>"""

_WORDS: Final = {
    "open": ("", "Choose what happens to this payment.", _OPEN),
    "pending": ("waiting", "The payment is on its way.", _OPEN),
    "paid": ("good", "Paid. Your coins are waiting in the chat.", _PAID),
    "failed": ("bad", "The card was declined. Nothing was taken.", _RETRY),
    "expired": ("bad", "Cancelled. Nothing was taken.", _RETRY),
    "refunded": ("waiting", "Refunded in full.", _REFUNDED),
}
_DECIDED: Final = {
    "open": ("bad", "Disputed. The bank holds the money until it decides.", _DISPUTED),
    "won": ("good", "The bank decided for the shop. The payment stands.", _PAID),
    "lost": ("bad", "The bank decided for the buyer and gave the money back.", ""),
}


def _state(session: Session) -> tuple[str, str, str]:
    """Return the tone, the sentence and the buttons for a session."""
    if session.disputes:
        return _DECIDED[session.disputes[-1].status]
    if session.status == "paid" and session.refunded_minor:
        amount, currency = session.paid
        words = f"Refunded: {money(session.refunded_minor, currency)} of {money(amount, currency)}."
        return "waiting", words, _PAID
    return _WORDS[session.status]


def money(amount_minor: int, currency: str) -> str:
    """Format an amount in minor units for people to read, such as "$4.99"."""
    whole, cents = divmod(amount_minor, 100)
    number = f"{amount_minor:,}" if currency in _NO_MINOR_UNITS else f"{whole:,}.{cents:02d}"
    return f"{_SYMBOLS[currency]}{number}" if currency in _SYMBOLS else f"{number} {currency}"


def render(session: Session) -> str:
    """Return the HTML of the page for a session in its current state."""
    purchase = session.purchase
    amount = escape(money(*session.paid))
    tone, words, actions = _state(session)
    return _PAGE.substitute(
        description=escape(purchase.description),
        price=escape(money(purchase.amount_minor, purchase.currency)),
        total="Paid" if session.paid_ms is not None else "Total",
        paid=amount,
        order=escape(purchase.order_id),
        session=escape(session.id),
        tone=tone,
        words=words,
        actions=actions.format(price=amount),
    )
