"""What a transfer looks like: the state of a payout's money, for staff."""

from bot.domain.transfers import Transfer, TransferState
from bot.ui.text.reader import N_, Reader

WHY = {
    "balance_insufficient": N_("The Stripe account that sells coins here doesn't have enough money available."),
    "insufficient_capabilities_for_transfer": N_("Stripe needs something from the creator before it pays them."),
    "resource_missing": N_("Stripe doesn't know the creator's account any more. The creator can set it up again."),
    "account_invalid": N_("Stripe doesn't know the creator's account any more. The creator can set it up again."),
    "reversed": N_("Somebody sent it back at Stripe."),
}


def transfer_news(attempt: Transfer | None, reader: Reader) -> str:
    """Return the outcome of an attempt to send money, "" if there is nothing to say."""
    if attempt is None:
        return ""
    money = reader.money(attempt.amount_minor, attempt.currency)
    if attempt.state is TransferState.SENT and attempt.why:
        return "⚠️ " + reader._(
            "Stripe says that {money} went back after this was recorded. Our records keep it as paid, so settle it with"
            " the creator.",
            money=money,
        )
    if attempt.state is TransferState.SENT:
        return "🏦 " + reader._("Sent through Stripe: {money}", money=money)
    if attempt.state is TransferState.OPEN:
        return "⏳ " + reader._(
            "I've asked Stripe to send {money}, and don't know yet whether it did. I keep asking, and it is never sent"
            " twice.",
            money=money,
        )
    why = refusal_at_stripe(attempt.why, reader)
    nothing = reader._("Nothing was sent, and the payout is still approved.")
    return "⚠️ " + reader._("Stripe didn't send {money}.", money=money) + f" {why} {nothing}"


def refusal_at_stripe(code: str, reader: Reader) -> str:
    """Return why Stripe refused a transfer, as a sentence."""
    return reader._(WHY[code]) if code in WHY else reader._("Stripe says: {code}.", code=f"`{code}`")
