"""The hosted page of a checkout session: what is sold, and what can become of it."""

from html import escape
from typing import Final

from sandbox.discord.jsontypes import JSON
from sandbox.hosted_page import Page, button, form, money, render
from sandbox.stripe import payments
from sandbox.stripe.account import Account
from sandbox.stripe.money import buyer_currency, converted

_PENDING: Final = form(
    button("arrive", "Let the transfer arrive", "primary"), button("bounce", "Let the transfer bounce")
)
_STATES: Final = {
    "pending": ("waiting", "The bank transfer is on its way. That takes days, or one press here.", _PENDING),
    "bounced": ("bad", "The bank returned the transfer. Nothing was taken.", ""),
    "paid": ("good", "Paid. Your coins are waiting in the chat.", ""),
    "expired": ("bad", "This checkout has expired. Nothing was taken.", ""),
}


def render_session(account: Account, session: JSON) -> str:
    """Return the HTML of the page for a session in its current state."""
    items = account.drafts[session["id"]]["items"]
    state = payments.state(account, session)
    tone, words, actions = _open(account, session) if state == "open" else _STATES[state]
    page = Page(
        title="Pretend Stripe Checkout",
        heading=money(session["amount_total"], session["currency"]),
        subtitle=_subtitle(account, session),
        lines=_lines(session, items, is_paid=state == "paid"),
        words=words,
        tone=tone,
        actions=actions,
        links=[*_ways_back(session, state), ("Stripe’s dashboard", "/stripe/dashboard")],
        footer=f"Test mode. Nobody is charged.<br>{escape(session['id'])}",
    )
    return render(page)


def _subtitle(account: Account, session: JSON) -> str:
    seller = account.record["business_profile"]["name"] or "Rosette sandbox"
    reference = session["client_reference_id"]
    return f"{seller} · order {reference}" if reference else seller


def _lines(session: JSON, items: list[JSON], *, is_paid: bool) -> list[tuple[str, str]]:
    """Return what is sold, the tax if there is any, and the total."""
    currency = session["currency"]
    lines = [(_name(item), money(item["amount_subtotal"], currency)) for item in items]
    tax = session["total_details"]["amount_tax"]
    if tax:
        is_included = session["amount_total"] == session["amount_subtotal"]
        lines.append(("Tax (included)" if is_included else "Tax", money(tax, currency)))
    lines.append(("Paid" if is_paid else "Total", money(session["amount_total"], currency)))
    presented = session["presentment_details"]
    if presented is not None:
        amount = money(presented["presentment_amount"], presented["presentment_currency"])
        lines[-1] = (f"{lines[-1][0]} · as {amount}", lines[-1][1])
    return lines


def _name(item: JSON) -> str:
    return f"{item['description']} × {item['quantity']}" if item["quantity"] > 1 else item["description"]


def _open(account: Account, session: JSON) -> tuple[str, str, str]:
    """Return the tone, the words and the buttons of a session that nobody has paid."""
    currency = buyer_currency(session["currency"])
    price = money(session["amount_total"], session["currency"])
    other_price = money(converted(session["amount_total"], currency), currency)
    convert = button("pay-converted", f"Pay in another currency ({other_price})")
    main = [
        button("pay", f"Pay {price}", "primary"),
        button("pay-later", "Pay later (bank transfer)"),
        button("decline", "Decline the card"),
    ]
    folded = [button("pay-half", "Pay only half")]
    # Without Adaptive Pricing, Stripe would not offer this. The shop should cope with it all the same.
    (main if session["adaptive_pricing"]["enabled"] else folded).append(convert)
    actions = form(*main, more="Try what can go wrong", more_buttons=folded)
    intent_id = session["payment_intent"]
    if intent_id and account.get("payment_intent", intent_id)["last_payment_error"]:
        return "bad", "Your card was declined. You can try again.", actions
    return "", "Choose what happens to this payment.", actions


def _ways_back(session: JSON, state: str) -> list[tuple[str, str]]:
    """Return the link that Stripe's own page would lead to."""
    if state in {"paid", "pending"}:
        url = session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])
        return [("Go on to the shop", url)]
    return [("Close", session["cancel_url"])] if session["cancel_url"] else []
