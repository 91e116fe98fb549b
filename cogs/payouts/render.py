"""What payouts look like to staff."""

from collections.abc import Mapping, Sequence

from discord import app_commands

from bot.domain.matching import matching
from bot.domain.packages import Package
from bot.domain.payouts import PayoutState
from bot.domain.transfers import Transfer, TransferState, TransferTerms
from bot.services.payouts import PayoutPage, PayoutReport
from bot.ui import theme
from bot.ui.kit import discord_limits
from bot.ui.kit import pages as page_numbers
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.components import Button
from bot.ui.looks.payouts import payout_news, payout_number
from bot.ui.looks.transfers import transfer_news
from bot.ui.text.estimates import worth
from bot.ui.text.reader import Reader


def amount(report: PayoutReport, package: Package | None, reader: Reader, terms: TransferTerms | None = None) -> str:
    """Return "💎 20,000 · ≈ $285", or what they are worth by the `terms` of the guild."""
    diamonds = report.payout.diamonds
    money = worth(diamonds, package, reader)
    if terms is not None:
        money = reader.money(terms.estimate(diamonds), terms.currency)
    return " · ".join(filter(None, (reader.diamonds(diamonds), money)))


def listed(
    page: PayoutPage,
    buttons: Sequence[Button],
    package: Package | None,
    reader: Reader,
    terms: TransferTerms | None = None,
) -> Card:
    """Return a page of the list, with the button of each payout beside it."""
    title = f"{theme.DIAMOND} " + reader._("Payouts")
    if not page.reports:
        text = reader._("There are no payouts yet. Requests from creators show up here.")
        return Card(theme.GREEN, (Part(text),), title=title)
    intro = reader._("You send the money yourselves. I reserve the diamonds and keep the record.")
    parts = [
        Part(
            payout_news(report, reader),
            f"#{report.payout.payout_id} · {amount(report, package, reader, terms)}",
            button,
        )
        for report, button in zip(page.reports, buttons, strict=True)
    ]
    colour = theme.AMBER if any(report.payout.is_open for report in page.reports) else theme.GREY
    return Card(colour, (Part(intro), *parts), title=title, footer=page_numbers.footer(reader, page.page, page.pages))


def payout(
    report: PayoutReport,
    advice: str,
    package: Package | None,
    reader: Reader,
    attempt: Transfer | None = None,
    terms: TransferTerms | None = None,
) -> Card:
    """Return one payout, with `advice` on what its reader can do, and the last `attempt` to pay it by transfer."""
    parts = [Part(f"**{amount(report, package, reader, terms)}**\n{payout_news(report, reader)}")]
    # What was refused no longer matters once the money was sent another way.
    is_over = attempt is not None and attempt.state is TransferState.REFUSED and not report.payout.is_open
    if news := "" if is_over else transfer_news(attempt, reader):
        parts.append(Part(news))
    if report.debt:
        text = reader._(
            "The creator now owes {coins}. Reject this payout to pay that off first. They can request the rest again.",
            coins=reader.coins(report.debt),
        )
        parts.append(Part(f"⚠️ {text}"))
    if advice:
        parts.append(Part(f"-# {advice}"))
    colours = {PayoutState.PAID: theme.GREEN, PayoutState.REJECTED: theme.GREY}
    colour = colours.get(report.payout.state, theme.AMBER)
    return Card(colour, tuple(parts), title=f"{theme.DIAMOND} " + payout_number(report, reader))


def choices(
    reports: Sequence[PayoutReport], names: Mapping[int, str], query: str, reader: Reader
) -> list[app_commands.Choice[str]]:
    """Return the payouts that match `query`, for the list that opens while a member types."""
    lines: list[tuple[str, str, str]] = []
    for report in reports:
        number, name = str(report.payout.payout_id), names.get(report.creator_id, "")
        lines.append((number, name, f"#{number} · {name} · {reader.diamonds(report.payout.diamonds)}"))
    return [
        app_commands.Choice(name=discord_limits.cut(line, discord_limits.CHOICE_NAME), value=number)
        for number, _, line in matching(lines, query, lambda entry: entry)
    ][: discord_limits.SELECT_OPTIONS]
