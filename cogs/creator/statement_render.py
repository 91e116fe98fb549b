"""What a statement of earnings says, in words and as a picture."""

from collections.abc import Sequence
from typing import Final

from bot.domain.bookings import BookingType
from bot.domain.reporting_limits import Nearness, Region, limit_in, nearness
from bot.domain.statements import Statement, TypeSum, YearFile
from bot.domain.transfers import TransferTerms
from bot.imaging.plots import StatementCard, StatementRow
from bot.imaging.values import Fact
from bot.ui import theme
from bot.ui.kit.cards import Card, Document, Part, Picture
from bot.ui.text import mentions
from bot.ui.text.reader import N_, Reader

LABELS: Final = {
    BookingType.GIFT: N_("Your share of gifts"),
    BookingType.REVERSAL: N_("Gifts or payments taken back"),
    BookingType.DEBT: N_("Debts"),
    BookingType.PAYOUT: N_("Payouts"),
}

DIGEST: Final = 16
"""Characters of a hash that are shown. The file has all of it."""


def nothing(r: Reader) -> Card:
    """Return the answer if nothing was ever earned."""
    text = r._("There's no statement yet. The first one comes with your first earnings.")
    return Card(theme.ROSE, (Part(text),), title="🧾 " + r._("Statements"))


def card(
    content: Statement | YearFile,
    creator_id: int | None,
    picture: Picture | None,
    document: Document,
    r: Reader,
    terms: TransferTerms | None = None,
) -> Card:
    """Return the card of a month or a year. It names the creator if somebody else reads it.

    By the `terms` on which the guild pays, if there are any, payouts are compared with what has to be reported.
    """
    opening = [] if creator_id is None else [mentions.member(creator_id, r)]
    opening.append(_state(content, r))
    parts = [Part("\n".join(opening))]
    if picture is None:
        parts += _words(content, r)
    if notes := _notes(content, terms, r):
        parts.append(Part("\n".join(f"-# {note}" for note in notes)))
    return Card(
        theme.ROSE,
        tuple(parts),
        title="🧾 " + title(content, r),
        # The picture ends with the same words.
        footer=_footer(content, r) if picture is None else "",
        pictures=(picture,) if picture is not None else (),
        documents=(document,),
    )


def title(content: Statement | YearFile, r: Reader) -> str:
    """Return what a statement is called."""
    if isinstance(content, YearFile):
        return r._("Earnings in {year}", year=content.year)
    return r._("Statement for {month}", month=r.month(content.month.first))


def picture(content: Statement | YearFile, names: Sequence[str], r: Reader) -> StatementCard:
    """Return what the picture shows. `names` are those of the creator and the server."""
    if isinstance(content, YearFile):
        rows = tuple(
            StatementRow(f"{r.quarter(quarter)} · {r._(LABELS[each.type])}", "", r.diamonds(each.diamonds))
            for quarter in (1, 2, 3, 4)
            for each in content.sums(quarter)
        )
        facts = _before_and_after(content.opening, content.closing, r)
        return StatementCard("🧾 " + title(content, r), " · ".join(names), facts, rows, _footer(content, r))
    number = [r._("No. {number}", number=content.number)] if content.number else []
    rows = tuple(
        StatementRow(r._(LABELS[each.type]), _entries(each, r), r.diamonds(each.diamonds)) for each in content.sums
    )
    facts = _before_and_after(content.opening, content.closing, r)
    return StatementCard("🧾 " + title(content, r), " · ".join([*names, *number]), facts, rows, _footer(content, r))


def _before_and_after(opening: int, closing: int, r: Reader) -> tuple[Fact, Fact]:
    return Fact(r.diamonds(opening), r._("Before")), Fact(r.diamonds(closing), r._("After"))


def alt_text(values: StatementCard, r: Reader) -> str:
    """Return what the picture says."""
    facts = ", ".join(f"{fact.label} {fact.value}" for fact in values.facts)
    rows = ", ".join(f"{row.label} {row.amount}" + (f" ({row.detail})" if row.detail else "") for row in values.rows)
    return r._("Statement: {text}", text=" · ".join([values.title, values.subtitle, facts, rows, values.note]))


def _words(content: Statement | YearFile, r: Reader) -> list[Part]:
    before = f"{r._('Before')}: {r.diamonds(content.opening)}"
    after = f"{r._('After')}: **{r.diamonds(content.closing)}**"
    if not isinstance(content, YearFile):
        return [Part("\n".join([before, *(_line(each, r) for each in content.sums), after]))]
    quarters = [
        Part("\n".join(_line(each, r) for each in sums), r.quarter(quarter))
        for quarter in (1, 2, 3, 4)
        if (sums := content.sums(quarter))
    ]
    return [Part(f"{before}\n{after}"), *quarters]


def _line(each: TypeSum, r: Reader) -> str:
    return f"{r._(LABELS[each.type])}: **{r.diamonds(each.diamonds)}** · {_entries(each, r)}"


def _entries(each: TypeSum, r: Reader) -> str:
    return r.n_("{n} entry", "{n} entries", each.entries)


def _state(content: Statement | YearFile, r: Reader) -> str:
    if isinstance(content, YearFile):
        return r._("All statements of the year, added up by quarter.")
    if not content.number:
        return r._("This month isn't over, so its statement has no number yet.")
    return r._("Statement no. {number}. It never changes.", number=content.number)


def _notes(content: Statement | YearFile, terms: TransferTerms | None, r: Reader) -> list[str]:
    if not isinstance(content, YearFile):
        return [r._("Anything taken back later is in the statement for the month it happens in.")]
    fees = r._("No fees are taken from earnings here. What payment providers keep is the server's cost.")
    return [fees, *(_reports(content, terms, r) if content.payouts.entries else [])]


def _reports(content: YearFile, terms: TransferTerms | None, r: Reader) -> list[str]:
    """Return from what sum on payers report what was paid out in a year, and how near that is, if it is known."""
    notes: list[str] = []
    paid_minor = terms.estimate(-content.payouts.diamonds) if terms is not None else None
    if terms is not None and paid_minor is not None:
        paid = r.money(paid_minor, terms.currency)
        notes.append(r._("At this server's rate, payouts in {year} come to {paid}.", year=content.year, paid=paid))
    else:
        notes.append(r._("I don't know how much money a payout was, so compare it with these limits yourself."))
    if (limit := limit_in(Region.US, content.year)) is not None:
        amount = r.money(limit.amount_minor, limit.currency)
        notes.append(r._("US: payers report what they pay you from {amount} a year.", amount=amount))
        if paid_minor is not None and terms is not None and terms.currency == limit.currency:
            notes[-1] += _nearness(nearness(paid_minor, limit), r)
    if (limit := limit_in(Region.EU, content.year)) is not None:
        day = limit.due_date(content.year)
        assert day is not None, limit
        text = r._(
            "EU: platforms report what sellers of services are paid, whatever the amount, by {day}.", day=r.day(day)
        )
        notes.append(text)
    return notes


def _nearness(near: Nearness, r: Reader) -> str:
    match near:
        case Nearness.REACHED:
            return " " + r._("These payouts reach that.")
        case Nearness.NEAR:
            return " " + r._("These payouts are close to that.")
        case Nearness.BELOW:
            return ""


def _footer(content: Statement | YearFile, r: Reader) -> str:
    days = r._("All dates are in UTC.")
    if isinstance(content, YearFile) or not content.number:
        return days
    return f"{days} SHA-256: {content.digest[:DIGEST]}…"
