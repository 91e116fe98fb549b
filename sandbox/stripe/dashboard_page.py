"""How the dashboard looks: payments with what can happen to them, webhooks with what can go wrong, and events."""

from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from sandbox.discord.jsontypes import JSON
from sandbox.hosted_page import money
from sandbox.stripe import dashboard, disputes, payments
from sandbox.stripe.account import Account
from sandbox.stripe.platform import Platform

MOST_PAYMENTS: Final = 30
MOST_EVENTS: Final = 20
_PAGE: Final = Template((Path(__file__).parent / "dashboard.html").read_text(encoding="utf-8"))
_TONES: Final = {
    "open": "",
    "paid": "good",
    "pending": "waiting",
    "bounced": "bad",
    "expired": "",
    "delivered": "good",
    "sending": "waiting",
    "held": "waiting",
    "lost": "bad",
    "refused": "bad",
}
_PAYLOADS: Final = {"snapshot": "Snapshot", "thin": "Thin", "both": "Both"}


def render_dashboard(platform: Platform) -> str:
    """Return the HTML of the dashboard."""
    return _PAGE.substitute(
        payments=_payments(platform),
        webhooks=_webhooks(platform),
        money=_money(platform),
        accounts=_accounts(platform),
        events=_events(platform),
    )


def _form(object_id: str, *buttons: str) -> str:
    hidden = f'<input type="hidden" name="id" value="{escape(object_id)}">' if object_id else ""
    return f'<form method="post">{hidden}{"".join(buttons)}</form>'


def _button(action: str, text: str, look: str = "") -> str:
    return f'<button class="button {look}" name="action" value="{escape(action)}">{escape(text)}</button>'


def _pill(word: str, tone: str) -> str:
    return f'<span class="pill {tone}">{escape(word)}</span>'


def _time(second: int) -> str:
    moment = datetime.fromtimestamp(second, UTC)
    return f'<time datetime="{moment.isoformat()}">{moment:%d %b, %H:%M:%S} UTC</time>'


def _cards(cards: Iterable[str], nothing: str) -> str:
    return "".join(cards) or f'<p class="faint nothing">{escape(nothing)}</p>'


def _payments(platform: Platform) -> str:
    sessions = [
        (account, session) for account in platform.all_accounts() for session in account.all("checkout.session")
    ]
    sessions.sort(key=lambda place: place[1]["created"])
    return _cards(
        (_payment(*place) for place in sessions[: -MOST_PAYMENTS - 1 : -1]),
        "No payments yet. Buy coins in the chat, or let the bot open a checkout.",
    )


def _payment(account: Account, session: JSON) -> str:
    """Return one payment: what it is, how it stands, and what can happen to it now."""
    state = payments.state(account, session)
    charge = _charge(account, session)
    facts = [_time(session["created"])]
    if session["client_reference_id"]:
        facts.append(f"order {escape(session['client_reference_id'])}")
    if not account.is_platform:
        facts.append(escape(account.id))
    pills = [_pill(state, _TONES[state])]
    forms: list[str] = []
    if state == "open":
        forms.append(f'<a class="button" href="/stripe/pay/{escape(session["id"])}">Open the checkout</a>')
    if state == "pending":
        buttons = (_button("arrive", "Let the transfer arrive"), _button("bounce", "Let it bounce"))
        forms.append(_form(session["id"], *buttons))
    if charge is not None and charge["paid"]:
        more_pills, forms = _afterwards(account, charge)
        pills += more_pills
    title = escape(account.drafts[session["id"]]["items"][0]["description"])
    return (
        f'<article><div class="row"><h3>{title}</h3><strong>{money(session["amount_total"], session["currency"])}'
        f'</strong></div><p class="faint">{" · ".join(facts)}</p><p class="pills">{"".join(pills)}</p>'
        f'<div class="actions">{"".join(forms)}</div></article>'
    )


def _charge(account: Account, session: JSON) -> JSON | None:
    """Return the latest attempt to collect a session's payment, or None."""
    if session["payment_intent"] is None:
        return None
    return account.get("charge", account.get("payment_intent", session["payment_intent"])["latest_charge"])


def _afterwards(account: Account, charge: JSON) -> tuple[list[str], list[str]]:
    """Return the pills and the forms for what came after a payment."""
    pills: list[str] = []
    forms: list[str] = []
    currency = charge["currency"]
    if charge["amount_refunded"]:
        pills.append(_pill(f"{money(charge['amount_refunded'], currency)} refunded", "waiting"))
    for refund in account.all("refund"):
        if refund["charge"] == charge["id"] and refund["status"] == "pending":
            pills.append(_pill("refund pending", "waiting"))
            buttons = (_button("refund-arrives", "Let the refund arrive"), _button("refund-fails", "Let it fail"))
            forms.append(_form(refund["id"], *buttons))
    is_open = False
    for dispute in account.all("dispute"):
        if dispute["charge"] == charge["id"]:
            is_open = dispute["status"] in {"needs_response", "under_review"}
            tone = "bad" if is_open or dispute["status"] == "lost" else "good"
            pills.append(_pill(f"dispute {dispute['status'].replace('_', ' ')}", tone))
            if is_open:
                forms.append(_form(dispute["id"], _button("win", "Shop wins"), _button("lose", "Buyer wins")))
    if disputes.can_open(account, charge):
        buttons = [_button("dispute", "Dispute", "quiet")]
        if not charge["refunded"]:
            whole = charge["amount"] - charge["amount_refunded"]
            buttons = [
                _button("refund", f"Refund {money(whole, currency)}"),
                _button("refund-half", f"Refund {money(dashboard.half(charge), currency)}"),
                _button("refund-slowly", "Refund slowly"),
                *buttons,
            ]
        forms.append(_form(charge["id"], *buttons))
    return pills, forms


def _webhooks(platform: Platform) -> str:
    destination = platform.destination
    faults = destination.faults
    payloads = [
        _button(payload, name, "primary" if payload == destination.payload else "")
        for payload, name in _PAYLOADS.items()
    ]
    next_ones = [
        _button("lose-next", _counted("Lose the next", faults.lose)),
        _button("duplicate-next", _counted("Send the next twice", faults.duplicate)),
        _button("delay-next", _counted(f"Delay the next by {faults.delay_s:.0f} s", faults.delay)),
        _button("forge-next", _counted("Forge a copy of the next", faults.forge)),
    ]
    if faults.is_holding:
        order = _button("release", f"Release {len(destination.waiting)}, newest first", "primary")
    else:
        order = _button("hold", "Hold the next ones back")
    switch = _button("switch", "Switch webhooks off" if destination.is_on else "Switch webhooks on", "quiet")
    state = _pill("on", "good") if destination.is_on else _pill("off", "bad")
    return (
        f'<article><div class="row"><h3>Events are sent as</h3>{state}</div><div class="actions three">'
        f'{_form("", *payloads)}</div><h3>What goes wrong</h3><div class="actions stack">{_form("", *next_ones, order)}'
        f"{_form('', switch)}</div></article>"
    )


def _money(platform: Platform) -> str:
    """Return what can go wrong with a payment, no matter who made it."""
    pace = "Let refunds arrive at once" if platform.are_refunds_slow else "Let refunds take days"
    buttons = _button("stray", "Take a payment nobody asked for"), _button("slow-refunds", pace)
    return f'<article><div class="actions stack">{_form("", *buttons)}</div></article>'


def _counted(text: str, count: int) -> str:
    return f"{text} ({count})" if count else text


def _accounts(platform: Platform) -> str:
    return _cards(
        (_account(account) for account in reversed(platform.connected.values())), "No community has connected its own."
    )


def _account(account: Account) -> str:
    record = account.record
    pill = _pill("takes payments", "good") if record["charges_enabled"] else _pill("not ready", "waiting")
    name = escape(record["business_profile"]["name"] or record["email"] or "A community")
    button = _form(account.id, _button("disconnect", "Revoke access", "quiet"))
    return (
        f'<article><div class="row"><h3>{name}</h3>{pill}</div><p class="faint">{escape(account.id)}</p>'
        f'<div class="actions">{button}</div></article>'
    )


def _events(platform: Platform) -> str:
    """Return the newest events that the shop listens to."""
    snapshots = [
        (account, event)
        for account in platform.all_accounts()
        for event in account.all("event")
        if event["type"] in platform.destination.types
    ]
    snapshots.sort(key=lambda place: place[1]["created"])
    newest = snapshots[: -MOST_EVENTS - 1 : -1]
    return _cards((_event(platform, *place) for place in newest), "Nothing has happened yet.")


def _event(platform: Platform, account: Account, event: JSON) -> str:
    """Return one event, with the fate of its webhooks in either form."""
    forms = [event, *(thin for thin in account.all("v2.core.event") if thin["snapshot_event"] == event["id"])]
    outcomes = platform.destination.outcomes
    pills = [_pill(outcomes[form["id"]], _TONES[outcomes[form["id"]]]) for form in forms if form["id"] in outcomes]
    if not pills:
        pills = [_pill("not sent", "")]
    form = next((form for form in forms if form["id"] in outcomes), event)
    again = _form(form["id"], _button("redeliver", "Redeliver"))
    return (
        f'<article class="event"><div><code>{escape(event["type"])}</code><p class="faint">{_time(event["created"])} · '
        f'{escape(event["id"])}</p></div><p class="pills">{"".join(pills)}</p>{again}</article>'
    )
