"""The hosted page on which the owner of a connected account goes through onboarding."""

from typing import Final

from sandbox.discord.jsontypes import JSON
from sandbox.hosted_page import Page, button, form, render
from sandbox.stripe.account import Account
from sandbox.stripe.accounts import Link

_CHOICES: Final = form(
    button("complete", "Fill in everything", "primary"),
    button("incomplete", "Leave something out"),
    button("leave", "Leave and come back later", "quiet"),
)
_QUESTION: Final = "Stripe asks about you and your bank. Here, one press answers."


def render_onboarding(account: Account, link: Link) -> str:
    """Return the HTML of the page for an account in its current state."""
    record = account.record
    tone, words = _state(record) if link.is_used else ("", _QUESTION)
    page = Page(
        title="Pretend Stripe onboarding",
        heading="Connect your account",
        subtitle=f"{record['business_profile']['name'] or 'A community'} · {account.id}",
        words=words,
        tone=tone,
        actions="" if link.is_used else _CHOICES,
        links=[("Go back to the shop", link.return_url)] if link.is_used else [],
        footer="Test mode. Nobody asks for a name, a document or a bank account.",
    )
    return render(page)


def _state(record: JSON) -> tuple[str, str]:
    """Return the tone and the sentence for an account whose owner has been here."""
    if record["charges_enabled"]:
        return "good", "All done. This account takes payments."
    if record["details_submitted"]:
        return "waiting", "Stripe needs one more document. Until then, this account takes no payments."
    return "bad", "Not finished. This account takes no payments."
