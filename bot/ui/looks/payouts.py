"""What a payout looks like: to the creator who asked for it, and to the staff who handle it."""

from bot.domain.payouts import PayoutState
from bot.domain.text import shown
from bot.services.payouts import PayoutReport
from bot.ui.text import mentions
from bot.ui.text.reader import Reader


def payout_number(report: PayoutReport, reader: Reader) -> str:
    """Return the name of a payout."""
    return reader._("Payout #{number}", number=report.payout.payout_id)


def payout_news(report: PayoutReport, reader: Reader) -> str:
    """Return who asked when, and how far it is, a line each, with the reference or the reason."""
    payout = report.payout
    creator = mentions.member(report.creator_id, reader)
    lines = [reader._("{creator} asked for it {when}", creator=creator, when=reader.when(payout.requested_ms))]
    if payout.approved_by:
        approver = mentions.member(report.approved_by, reader)
        lines.append(
            "✅ " + reader._("{member} approved this {when}", member=approver, when=reader.when(payout.approved_ms))
        )
    lines.append(_state(report, reader))
    return "\n".join(lines)


def _state(report: PayoutReport, reader: Reader) -> str:
    payout, note = report.payout, shown(report.note)
    facts = {"member": mentions.member(report.closed_by, reader), "when": reader.when(payout.closed_ms)}
    match payout.state:
        case PayoutState.REQUESTED:
            return "⏳ " + reader._("Waiting for approval")
        case PayoutState.APPROVED:
            return "⏳ " + reader._("Waiting for the money to be sent")
        case PayoutState.PAID:
            text = reader._("{member} sent the money {when}. Payment number: {reference}", reference=note, **facts)
            return f"💸 {text}"
        case PayoutState.REJECTED if not report.note:
            return "↩️ " + reader._("{member} took the request back {when}", **facts)
        case PayoutState.REJECTED:
            return "↩️ " + reader._("{member} rejected this {when}: {reason}", reason=note, **facts)
