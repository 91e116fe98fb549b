"""What cases look like."""

from collections.abc import Mapping, Sequence

from bot.domain.evidence import Evidence
from bot.domain.payment_cases import Outcome, Report
from bot.ui import theme
from bot.ui.kit import pages as page_numbers
from bot.ui.kit.cards import Card, Document, Part
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.payment_cases import payment_details, payment_news
from bot.ui.looks.payment_methods import DISCORD_SKU, DISCORD_SUPPORT, method_name
from bot.ui.text import mentions
from bot.ui.text.reader import N_, Reader

_OUTCOMES: Mapping[Outcome, str] = {
    Outcome.CREDITED: N_("{member} added the coins {when}."),
    Outcome.RETURNED: N_("{member} sent the money back {when}. Its coins are taken back once the provider confirms."),
    Outcome.CLOSED: N_("{member} closed this case {when}."),
    Outcome.RESOLVED: N_("The buyer's bank decided {when}, so there's nothing left to do."),
    Outcome.CONFIRMED: N_("{member} confirmed the payment {when}."),
    Outcome.NOT_PAID: N_("{member} said {when} that the money hasn't arrived."),
    Outcome.ASSIGNED: N_("{member} assigned the payment to an order {when}."),
}


def number(report: Report, reader: Reader) -> str:
    """Return the name of a case."""
    return reader._("Case #{number}", number=report.case.case_id)


def cases(reports: Sequence[Report], page: int, pages: int, reader: Reader) -> Card:
    """Return a page of open cases."""
    title = "🔎 " + reader._("Payments to review")
    if not reports:
        text = reader._("No payments need a review. Payments that don't match their order show up here.")
        return Card(theme.GREEN, (Part(text),), title=title)
    parts = [
        Part(f"{payment_news(report, reader)}\n-# {payment_details(report, reader)}", heading=number(report, reader))
        for report in reports
    ]
    intro = Part(reader._("Pick a case to decide about it."))
    return Card(theme.AMBER, (intro, *parts), title=title, footer=page_numbers.footer(reader, page, pages))


def evidence(collected: Evidence, document: Document | None, reader: Reader) -> Reply:
    """Return the file with which staff answer a dispute, None where files are not allowed, and by when."""
    provider = method_name(collected.case.provider, reader)
    lines = [reader._("Answer the dispute with this file ({provider}). I don't do that myself.", provider=provider)]
    if document is None:
        lines = [reader._("I can't attach files in this channel. Use `/cases` where I can.")]
    if collected.due_ms is not None:
        lines.append(reader._("The evidence is due {when}.", when=reader.when(collected.due_ms)))
    else:
        lines.append(reader._("I don't know when it's due. Please look it up there."))
    title = "📎 " + reader._("Evidence for case #{number}", number=collected.case.case_id)
    documents = (document,) if document is not None else ()
    return reply(Card(theme.AMBER, (Part("\n".join(lines)),), title=title, documents=documents))


def send_back_there(report: Report, reader: Reader) -> str:
    """Return where money is sent back that the bot cannot return."""
    provider = report.case.provider
    if provider == DISCORD_SKU:
        return reader._("Only Discord can refund this. The member can ask at {address}.", address=DISCORD_SUPPORT)
    return reader._("Money from {provider} can only be sent back there. Then close the case.", provider=provider)


def send_back_yourselves(reader: Reader) -> str:
    """Return how money goes back that nobody but the staff can return."""
    return reader._("You can send the money back yourselves. Record that here, so that its coins go, too.")


def case(report: Report, reader: Reader, *, may_decide: bool, refusal: str = "", advice: str) -> Card:
    """Return one case: what happened, and what was decided, or `advice` on what can be done.

    `refusal` says why its reader may not, where it is about their own payment.
    """
    parts = [Part(f"{payment_news(report, reader)}\n-# {payment_details(report, reader)}")]
    decided = report.case
    if decided.outcome is not Outcome.NONE:
        member = mentions.member(decided.decided_by, reader)
        parts.append(Part(reader._(_OUTCOMES[decided.outcome], member=member, when=reader.when(decided.decided_ms))))
    elif refusal:
        parts.append(Part(refusal))
    elif not may_decide:
        parts.append(Part(reader._("Only treasurers can decide about cases.")))
    elif advice:
        parts.append(Part(advice))
    colour = theme.AMBER if decided.outcome is Outcome.NONE else theme.GREY
    return Card(colour, tuple(parts), title=number(report, reader))
