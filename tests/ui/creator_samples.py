"""Everything that creators see of what they were given."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.catalogue import GiftItem
from bot.domain.creator_stats import HOURS, NOTHING, WEEKDAYS, CreatorStats, DayGiven, EventGiven, Given, ItemGiven
from bot.domain.leaderboards import Standing
from bot.domain.live import LiveEvent
from bot.domain.periods import PastPeriod, Period
from bot.ui.kit.cards import Picture
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import Reader
from cogs.creator import stats_picture, stats_render
from cogs.creator.stats import ExportStats, StatsIds
from tests.ui.facts import ID, NOW_MS, Facts


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
