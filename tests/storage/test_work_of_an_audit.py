"""What an audit reads: each row a fixed number of times, however large the books are."""

from collections import Counter
from contextlib import closing
from itertools import chain
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.storage.audit.auditor import RUNS, examine, plan
from bot.storage.audit.reader import open_reader
from bot.storage.sql.statements import cursor_of
from tests.storage.kept import keep_books

pytestmark = pytest.mark.databases("sqlite")

READ_IN_ONE_PIECE = ("FROM past_standings", "FROM challenge_scores")
"""What is not stored in the order of members, so that every statement about a range of them reads all of it."""


def reads(c: Connection, folder: Path, part: int) -> tuple[int, Counter[str]]:
    """Audit with `part` accounts and lines at a time. Return the tasks that compare, and how often they read what."""
    counts: Counter[str] = Counter()
    driver = cursor_of(c).connection
    folder.mkdir()
    reading, comparing = plan(c, None, str(folder), part=part)
    for task in chain(reading, comparing):
        if task.check == "sums":
            driver.set_trace_callback(lambda text: counts.update(table for table in READ_IN_ONE_PIECE if table in text))
        assert examine(c, task) == []
        driver.set_trace_callback(None)
    return sum(task.check == "sums" for task in comparing), counts


async def test_lines_of_past_days_are_read_no_more_often_in_more_parts(tmp_path: Path) -> None:
    await keep_books(f"sqlite:///{tmp_path}/books.db")
    with closing(open_reader(f"sqlite:///{tmp_path}/books.db")) as reader:
        tasks, of_whole = reader.look(reads, tmp_path / "whole", 1_000)
        assert of_whole == dict.fromkeys(READ_IN_ONE_PIECE, tasks)
        for part in (8, 1):
            tasks, of_parts = reader.look(reads, tmp_path / f"{part}", part)
            assert of_parts == dict.fromkeys(READ_IN_ONE_PIECE, tasks)
            assert tasks <= 2 * RUNS
