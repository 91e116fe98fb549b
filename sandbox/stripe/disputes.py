"""Disputes: a buyer takes the money back through their bank, and the bank decides."""

from typing import Final, Literal

from sandbox.discord.jsontypes import JSON
from sandbox.stripe import forms, later_shapes, money
from sandbox.stripe.account import Account
from sandbox.stripe.errors import StripeError

DUE_S: Final = 10 * 24 * 60 * 60
_OPEN: Final = frozenset({"needs_response", "under_review"})
UPDATE: Final = forms.shape(
    {
        "evidence": forms.shape(dict.fromkeys(later_shapes.EVIDENCE, forms.text_up_to(20_000))),
        "expand": forms.many(forms.text),
        "metadata": forms.labels,
        "submit": forms.flag,
    }
)
_REFUSAL: Final = "This dispute is already closed."


def can_open(account: Account, charge: JSON) -> bool:
    """Return whether a buyer can dispute a charge: once, or again after the shop has won."""
    earlier = [dispute for dispute in account.all("dispute") if dispute["charge"] == charge["id"]]
    return charge["paid"] and all(dispute["status"] == "won" for dispute in earlier)


def open_dispute(account: Account, charge: JSON, reason: str = "fraudulent") -> JSON:
    """Let the buyer dispute what is left of a charge, or all of it. The money leaves the shop's balance at once."""
    amount = charge["amount"] - charge["amount_refunded"] or charge["amount"]
    now_s = account.now_s()
    dispute = later_shapes.dispute(created=now_s, charge=charge, amount=amount, reason=reason, due_by=now_s + DUE_S)
    account.keep(dispute)
    charge["disputed"] = True
    account.announce("charge.dispute.created", dispute)
    _move(account, dispute, "dispute", -amount)
    account.announce("charge.dispute.funds_withdrawn", dispute)
    return dispute


def decide(account: Account, dispute: JSON, outcome: Literal["won", "lost"]) -> None:
    """Let the bank decide. If the shop wins, the money comes back; the fee does not."""
    if dispute["status"] not in _OPEN:
        return
    earlier = {"status": dispute["status"]}
    dispute["status"] = outcome
    account.announce("charge.dispute.closed", dispute, earlier)
    if outcome == "won":
        _move(account, dispute, "dispute_reversal", dispute["amount"])
        account.announce("charge.dispute.funds_reinstated", dispute)


def update(account: Account, dispute: JSON, fields: JSON) -> JSON:
    """Stage evidence, and hand it in unless `submit` is false. It can be handed in once."""
    if dispute["status"] not in _OPEN:
        raise StripeError(_REFUSAL)
    evidence = fields.get("evidence", {})
    details = dispute["evidence_details"]
    if evidence and (details["submission_count"] or details["due_by"] <= account.now_s()):
        raise StripeError("Evidence for this dispute can no longer be submitted.", param="evidence")
    dispute["evidence"] |= evidence
    dispute["metadata"] |= fields.get("metadata", {})
    details["has_evidence"] = details["has_evidence"] or bool(evidence)
    earlier: JSON = {"status": dispute["status"]}
    if details["has_evidence"] and fields.get("submit", True) and not details["submission_count"]:
        details["submission_count"] = 1
        dispute["status"] = "under_review"
    account.announce("charge.dispute.updated", dispute, earlier)
    return dispute


def close(account: Account, dispute: JSON) -> JSON:
    """Give a dispute up: it is lost at once."""
    if dispute["status"] not in _OPEN:
        raise StripeError(_REFUSAL)
    decide(account, dispute, "lost")
    return dispute


def _move(account: Account, dispute: JSON, category: str, amount_minor: int) -> None:
    fee_minor = money.DISPUTE_FEE_MINOR if amount_minor < 0 else 0
    movement = money.book(
        account, category, amount_minor, dispute["currency"], source=dispute["id"], fee_minor=fee_minor
    )
    dispute["balance_transactions"].append(movement)
