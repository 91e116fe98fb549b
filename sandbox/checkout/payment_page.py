"""The page a buyer pays on, rendered on the server so that it works without JavaScript."""

from html import escape
from typing import Final

from sandbox.checkout.sessions import Session
from sandbox.hosted_page import Page, button, form, money, render

_RETRY: Final = form(button("retry", "Try again", "primary"))
_PAID: Final = form(
    more="What can happen next",
    more_buttons=(
        button("refund", "Refund in full"),
        button("refund-half", "Refund half"),
        button("dispute", "Dispute it at the bank"),
    ),
)
_REFUNDED: Final = form(button("dispute", "Dispute it at the bank", "quiet"))
_DISPUTED: Final = form(button("win", "Decide for the shop"), button("lose", "Decide for the buyer"))

_WORDS: Final = {
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
    if session.status in {"open", "pending"}:
        words = "Choose what happens to this payment." if session.status == "open" else "The payment is on its way."
        return "" if session.status == "open" else "waiting", words, _choices(money(*session.paid))
    if session.status == "paid" and session.refunded_minor:
        amount, currency = session.paid
        words = f"Refunded: {money(session.refunded_minor, currency)} of {money(amount, currency)}."
        return "waiting", words, _PAID
    if session.status == "paid" and session.paid != (session.purchase.amount_minor, session.purchase.currency):
        return "waiting", "Paid, but not what the order costs. The chat says what happens next.", _PAID
    return _WORDS[session.status]


def _choices(price: str) -> str:
    """Return the buttons of a session that nobody has paid yet."""
    return form(
        button("pay", f"Pay {price}", "primary"),
        button("decline", "Decline the card"),
        button("cancel", "Cancel", "quiet"),
        more="Try what can go wrong",
        more_buttons=(
            button("pay-half", "Pay only half"),
            button("pay-other", "Pay in another currency"),
            button("stray", "Report a payment that doesn’t exist"),
        ),
    )


def render_session(session: Session) -> str:
    """Return the HTML of the page for a session in its current state."""
    purchase = session.purchase
    tone, words, actions = _state(session)
    page = Page(
        title="Pretend checkout",
        heading=purchase.description,
        subtitle=f"Rosette sandbox · order {purchase.order_id}",
        lines=(
            (purchase.description, money(purchase.amount_minor, purchase.currency)),
            ("Paid" if session.paid_ms is not None else "Total", money(*session.paid)),
        ),
        words=words,
        tone=tone,
        actions=actions,
        footer=(f"Coins bought here are marked as test coins and are never paid out.<br>Session {escape(session.id)}"),
    )
    return render(page)
