"""A creator's statistics as a file for spreadsheets.

Names of columns and parts are the same in every language, so that programs can read the file. Anonymous gifts are in
sums only, as everywhere.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from bot.domain.creator_stats import CreatorStats, Given
from bot.ui.text.reader import Reader
from bot.ui.text.tables import csv_text

HEADER: Final = ("part", "name", "coins", "gifts", "gifters")
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_Row = tuple[str, str, int | str, int | str, int | str]


def filename(stats: CreatorStats) -> str:
    """Return what the file is called."""
    return f"stats-{stats.period}.csv"


def table(stats: CreatorStats, names: Mapping[int, str], r: Reader) -> str:
    """Return the file. `names` are those of the fans."""
    return csv_text(HEADER, _rows(stats, names, r))


def _rows(stats: CreatorStats, names: Mapping[int, str], r: Reader) -> Iterator[_Row]:
    yield _row("total", "", stats.total, stats.gifters)
    yield _row("anonymous", "", stats.anonymous)
    if stats.new_gifters is not None and stats.returning_gifters is not None:
        yield "new gifters", "", "", "", stats.new_gifters
        yield "returning gifters", "", "", "", stats.returning_gifters
    for day, sums, _ in stats.days:
        yield _row("day", f"{day // 10_000:04}-{day // 100 % 100:02}-{day % 100:02}", sums)
    for hour, sums in enumerate(stats.hours):
        yield _row("hour", f"{hour:02}:00", sums)
    for name, sums in zip(WEEKDAYS, stats.weekdays, strict=True):
        yield _row("weekday", name, sums)
    for item in stats.items:
        entry = stats.catalogue.get(item.item_id)
        yield _row("gift", entry.name if entry else r._("a former gift"), item.sums)
    for fan in stats.fans:
        name = names.get(fan.subject_id) or r._("a former member")
        yield _row("fan", f"{name} ({fan.subject_id})", Given(fan.coins, fan.pieces))
    for entry in stats.events:
        yield _row("live event", entry.event.title or str(entry.event.event_id), entry.sums, entry.gifters)


def _row(part: str, name: str, sums: Given, gifters: int | str = "") -> _Row:
    return part, name, sums.coins, sums.pieces, gifters
