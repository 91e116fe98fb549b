"""Everything that creators see of what they were given."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.bookings import BookingType
from bot.domain.catalogue import GiftItem
from bot.domain.creator_stats import HOURS, NOTHING, WEEKDAYS, CreatorStats, DayGiven, EventGiven, Given, ItemGiven
from bot.domain.creator_weeks import CreatorWeek, Week
from bot.domain.earnings import Release
from bot.domain.leaderboards import Standing
from bot.domain.live import LargestGift, LiveEvent
from bot.domain.periods import PastPeriod, Period, Span
from bot.domain.statements import Line, Month, Statement, YearFile
from bot.domain.transfers import TransferTerms
from bot.ui.kit.cards import Document, Picture
from bot.ui.kit.components import Option
from bot.ui.kit.cross_links import direct_week_buttons
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks import stats_picture
from bot.ui.looks.creator_weeks import week_card
from bot.ui.text.reader import Reader
from cogs.creator import statement_files, statement_render, stats_render, weeks
from cogs.creator.statements import PickStatement, StatementIds
from cogs.creator.stats import ExportStats, StatsIds
from tests.ui.facts import ID, NOW_MS, Facts
from tests.ui.overlay_samples import overlay_screens


def some_stats(item: GiftItem, f: Facts) -> CreatorStats:
    """Return the statistics of a busy creator."""
    sums = Given(f.coins, f.count)
    show = LiveEvent(1, ID, ID, ID, f.title, f.coins, NOW_MS, NOW_MS + 1, None, NOW_MS, f.title)
    return CreatorStats(
        creator_id=ID,
        period=Period.WEEK,
        total=sums,
        anonymous=sums if f.anonymous else NOTHING,
        days=[DayGiven(20261031, sums, NOTHING)],
        hours=[sums] * HOURS,
        weekdays=[sums] * WEEKDAYS,
        items=[ItemGiven(item.item_id, sums)] * f.rows,
        gifters=f.count,
        new_gifters=1,
        fans=[Standing(place, ID - place, f.coins, f.count) for place in range(1, f.rows + 1)],
        events=[EventGiven(show, sums, number) for number in range(f.rows)],
        catalogue={item.item_id: item},
        time_zone="America/Argentina/ComodRivadavia",
        since_ms=NOW_MS,
        counted_percent=40,
    )


def creator_screens(item: GiftItem, f: Facts, r: Reader) -> Iterator[Reply]:
    """Yield everything."""
    yield from creator_stats(item, f, r)
    yield from creator_statements(f, r)
    yield from creator_weeks(item, f, r)
    yield from overlay_screens(r)


def creator_stats(item: GiftItem, f: Facts, r: Reader) -> Iterator[Reply]:
    """Yield the card with and without its picture, of nothing, of a live event, and the one of the file."""
    busy = some_stats(item, f)
    nothing = replace(busy, total=NOTHING, anonymous=NOTHING, fans=(), events=(), items=(), gifters=0, new_gifters=0)
    show = replace(busy, period=Period.LIVE, event=busy.events[0].event if busy.events else None, events=())
    no_show = replace(nothing, period=Period.LIVE)
    past = replace(busy, period=PastPeriod(202610), new_gifters=None, counted_percent=None, since_ms=None)
    for stats in (busy, nothing, show, no_show, past):
        alt = stats_picture.alt_text(stats_picture.card(stats, f.name, r), r)
        for picture in (None, Picture("stats.png", b"", alt)):
            yield reply(stats_render.card(stats, r, picture, is_own=picture is None))
    button = ExportStats.button(StatsIds(ID, ID, 20261031), r._("Download as CSV"), emoji="📄", row=1)
    yield reply(stats_render.export(busy, r), [button])


def creator_weeks(item: GiftItem, f: Facts, r: Reader) -> Iterator[Reply]:
    """Yield recaps of a week with everything and of one with nothing, and what is chosen about them."""
    stats, days = some_stats(item, f), Span(20261228, 20270103)
    week = Week(202653, NOW_MS, NOW_MS + 1)
    release = Release(NOW_MS, f.coins, ("stripe", "kofi"))
    busy = CreatorWeek(week, days, stats, Given(1, 1), f.coins, f.coins, f.count, release, LargestGift(ID, f.name), ID)
    nothing = replace(stats, total=NOTHING, anonymous=NOTHING, fans=(), events=(), items=(), gifters=0, days=[])
    for recap in (
        busy,
        replace(busy, before=Given(f.coins + 1, 1), earned=-f.coins),
        replace(busy, before=stats.total, goals=0),
        replace(busy, before=NOTHING, release=None, largest=LargestGift(None, f.name), largest_id=0),
        CreatorWeek(week, days, nothing),
    ):
        for picture in (None, Picture("week.png", b"", f.name)):
            card = week_card(recap, f.name if picture else "", r, picture)
            yield reply(card, direct_week_buttons(ID, ID, r))
            yield weeks.panel_of(card, ID, ID, r, is_wanted=picture is None)
    for choice in (0, 1):
        yield weeks.choice(weeks.ChoiceIds(ID, ID, choice), r)


def creator_statements(f: Facts, r: Reader) -> Iterator[Reply]:
    """Yield the card of nothing, of a month that is over and one that is not, and of years, in both forms."""
    yield reply(statement_render.nothing(r))
    month = Month(2026, 10)
    lines = [
        Line(month.first_day, kind.value, f.anonymous, f.count, f.count, f.coins, -f.coins) for kind in BookingType
    ]
    october, draft = Statement(month, f.coins, lines, ID), Statement(month, 0, lines)
    for content in (october, draft, YearFile(2026, [october]), YearFile(2025, [])):
        document = Document(statement_files.filename(content), statement_files.table(content))
        alt = statement_render.alt_text(statement_render.picture(content, [f.name], r), r)
        for picture in (None, Picture("statement.png", b"", alt)):
            creator_id = ID if picture else None
            menu = PickStatement.select(StatementIds(ID, ID), [Option(f.name[:9], 202610)], r._("Period"))
            for terms in (None, *(TransferTerms("USD", rate) for rate in (1, 10_000_000))):
                yield reply(statement_render.card(content, creator_id, picture, document, r, terms), [menu])
