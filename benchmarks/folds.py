"""What a gift costs the fold of leaderboards in a large guild and in a small one, by the rows of a slice.

A page of the file goes to the log as a whole. In a large guild, each line that changes has pages of its own in the
table and in every index, and only many rows at once share some.
"""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.books import FIRST_GUILD, fresh_copy, prepare_books
from benchmarks.figures import Figure, say
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
from bot.storage.folds import folding
from bot.storage.sql.statements import cursor_of

SIZES = {1_000: 60_000, 100_000: 300_000}
"""Gifts in the books, by the number of members."""

UNCOUNTED = 6_000
SLICES = (50, 200, 1_000)


async def measured(folder: Path) -> Iterator[Figure]:
    """Measure the processor time of a row, and what it writes to the log, at 100,000 members beside 1,000."""
    few, many = (
        prepare_books(folder, gifts=gifts, members=members, uncounted=UNCOUNTED) for members, gifts in SIZES.items()
    )
    say("folds")
    figures: list[Figure] = []
    for rows in SLICES:
        (cpu, written), (cpu_of_many, written_of_many) = _fold(few, rows), _fold(many, rows)
        name = f"fold in slices of {rows:,}, 100,000 members beside 1,000"
        figures += (
            Figure(f"{name}, a row", cpu_of_many, "us", cpu, cpu_of_many / cpu),
            Figure(f"{name}, log", written_of_many, "KB", written, written_of_many / written),
        )
    return iter(figures)


def _fold(books: Path, rows: int) -> tuple[float, float]:
    """Fold what is left in slices of `rows`. Return the microseconds of the processor and the KB in the log a row."""
    copy = fresh_copy(books)
    log = Path(f"{copy}-wal")
    engine = writing_engine(database_url(f"sqlite:///{copy}"))
    times: list[float] = []
    with engine.connect() as connection:
        # The log is measured as a whole, so nothing may move it into the file meanwhile.
        cursor_of(connection).execute("PRAGMA wal_autocheckpoint=0")
        backlog = UNCOUNTED
        while backlog:
            began = time.process_time()
            with connection.begin():
                state = folding.fold_slice(connection, FIRST_GUILD, rows, None)
            times.append((time.process_time() - began) / state.rows)
            backlog = state.backlog
        written = log.stat().st_size
    engine.dispose()
    return statistics.median(times) * 1e6, written / 1_000 / UNCOUNTED
