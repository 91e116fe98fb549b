"""What creators see of their earnings: what is available, what is held, why and until when."""

from typing import Final

from bot.domain.earnings import Earnings
from bot.domain.holds import starts_ms
from bot.services.payouts import PayoutReport
from bot.ui import theme
from bot.ui.kit import access
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.payment_methods import source_name
from bot.ui.looks.payouts import payout_news, payout_number
from bot.ui.text import mentions
from bot.ui.text.reader import Reader
from bot.ui.text.shares import plan_line
from cogs.creator import payouts, statements

DATES: Final = 5
"""The most releases that are named one by one."""

OF_OTHERS: Final = "creator earnings of others"
"""The row of the policy table for looking at somebody else's earnings."""


async def earnings(caller: Caller, creator_id: int) -> Reply:
    """Return what a creator has earned, for themselves or for staff."""
    if creator_id != caller.member_id:
        await access.require(caller, OF_OTHERS)
    services, guild_id, reader = caller.services, caller.guild_id, caller.reader
    overview = await services.earnings.earnings(guild_id, creator_id)
    minimum = (await services.payouts.rules(guild_id)).minimum
    last = await services.payouts.last_of(guild_id, creator_id)
    report = last if last is not None and last.payout.is_open else None
    is_own = creator_id == caller.member_id
    has_button = is_own and (report is not None or (overview.available >= minimum and not overview.debt))
    items = [payouts.button(caller.member_id, reader, is_open=report is not None)] if has_button else []
    items.append(statements.button(caller.member_id, creator_id, reader))
    return reply(card(overview, None if is_own else creator_id, reader, report=report, minimum=minimum), items)


def card(
    overview: Earnings, creator_id: int | None, reader: Reader, *, report: PayoutReport | None = None, minimum: int = 0
) -> Card:
    """Return the card of a creator's earnings. It names the creator if somebody else reads it.

    `report` is the open payout, and `minimum` the fewest diamonds of a new one.
    """
    title = "💎 " + reader._("Your earnings")
    opening: list[str] = []
    if creator_id is not None:
        title = "💎 " + reader._("Earnings")
        opening.append(mentions.member(creator_id, reader))
    opening.append(reader._("{diamonds} available", diamonds=f"**{reader.diamonds(overview.available)}**"))
    if overview.held:
        opening.append(reader._("{diamonds} held", diamonds=f"**{reader.diamonds(overview.held)}**"))
    if overview.reserved:
        opening.append(
            reader._("{diamonds} reserved for a payout", diamonds=f"**{reader.diamonds(overview.reserved)}**")
        )
    if overview.paid_out:
        opening.append(reader._("{diamonds} paid out so far", diamonds=f"**{reader.diamonds(overview.paid_out)}**"))
    parts = [Part("\n".join(opening))]
    if report is not None:
        parts.append(Part(payout_news(report, reader), payout_number(report, reader)))
    parts += _held(overview, reader)
    notes = _notes(overview, reader)
    if report is None and overview.available < minimum:
        notes.append(reader._("Payouts start at {minimum}.", minimum=reader.diamonds(minimum)))
    if notes:
        parts.append(Part("\n".join(f"-# {note}" for note in notes)))
    return Card(theme.ROSE, tuple(parts), title=title)


def _held(overview: Earnings, reader: Reader) -> list[Part]:
    """Return why earnings are held, and when they are released."""
    parts: list[Part] = []
    if reasons := [*_flagged(overview, reader), *_withheld(overview, reader), *_timed(overview, reader)]:
        parts.append(Part("\n".join(reasons), reader._("Why is it held?")))
    if releases := overview.releases():
        lines = [
            reader._(
                "{when}: {diamonds} from {sources}",
                when=reader.date(release.at_ms),
                diamonds=f"**{reader.diamonds(release.diamonds)}**",
                sources=reader.listed(source_name(source, reader) for source in release.sources),
            )
            for release in releases[:DATES]
        ]
        if later := releases[DATES:]:
            total = reader.diamonds(sum(release.diamonds for release in later))
            last = reader.date(later[-1].at_ms)
            lines.append(reader._("After that: {diamonds}, the last of them {when}", diamonds=total, when=last))
        parts.append(Part("\n".join(lines), reader._("Next releases")))
    return parts


def _flagged(overview: Earnings, reader: Reader) -> list[str]:
    if not overview.flagged:
        return []
    amount = reader.diamonds(overview.flagged)
    return ["🚩 " + reader._("Gifts that staff are looking at: {diamonds} until they decide", diamonds=amount)]


def _withheld(overview: Earnings, reader: Reader) -> list[str]:
    """Return what is held until the operator confirms payouts. Nobody on the staff can do that, so they are not
    mentioned."""
    return [
        reader._(
            "{source}: {diamonds} until whoever runs this bot has confirmed that creators are paid from this money",
            source=source_name(source, reader),
            diamonds=reader.diamonds(diamonds),
        )
        for source, diamonds in overview.withheld_by_source().items()
    ]


def _timed(overview: Earnings, reader: Reader) -> list[str]:
    """Return what is held because its payments are recent, the most first."""
    sources = overview.held_by_source()
    if not sources:
        return []
    lines = [reader._("The money that paid for these gifts can still be taken back:")]
    for source, hold in sources.items():
        facts = {"source": source_name(source, reader), "diamonds": reader.diamonds(hold.diamonds)}
        lines.append(
            reader._("{source}: {diamonds} until {when}", **facts, when=reader.date(starts_ms(hold.until_day)))
        )
    return lines


def _notes(overview: Earnings, reader: Reader) -> list[str]:
    """Return what else a creator should know, a sentence each."""
    notes: list[str] = []
    if overview.counted_percent is not None:
        percent = reader.percent(overview.counted_percent)
        notes.append(reader._("I'm still counting: {percent} of all gifts so far.", percent=percent))
    if overview.anonymous:
        amount = reader.diamonds(overview.anonymous)
        notes.append(reader._("Anonymous gifts brought {diamonds} in all.", diamonds=amount))
    if overview.promo:
        amount = reader.diamonds(overview.promo)
        notes.append(reader._("Promo coins brought {diamonds} in all. They're never held.", diamonds=amount))
    elif not overview.promo_share_percent:
        notes.append(reader._("Gifts of promo coins earn nothing here."))
    if overview.never_paid:
        amount = reader.diamonds(overview.never_paid)
        notes.append(reader._("Test coins brought {diamonds} in all. They're never paid out.", diamonds=amount))
    notes += [plan_line(plan, reader) for plan in overview.planned_shares]
    if overview.debt:
        amount = reader.coins(overview.debt)
        notes.append(reader._("New earnings pay off a debt of {coins} first.", coins=amount))
    return notes
