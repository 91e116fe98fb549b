"""Slices that are planned beside the writer: what comes out, when a plan no longer holds, and what needs no plan."""

import ast
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, text

from benchmarks.books import FIRST_GUILD, START_MS
from bot.storage.audit.auditor import audit_database
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import reading_engine, writing_engine
from bot.storage.folds import folding
from bot.storage.folds.earnings import hold_rules
from bot.storage.folds.planning import apply_plan, plan_slice
from bot.storage.folds.registry import FOLDS
from bot.storage.sql.club_tables import club_members
from bot.storage.sql.columns import Erasure
from bot.storage.sql.deadline_tables import deadlines
from bot.storage.sql.standing_tables import standing_changes
from bot.storage.sql.tables import cursors, heads, journal
from bot.storage.stores.personal_data import personal_columns

pytestmark = pytest.mark.databases("sqlite")

NOW_MS = START_MS + 400 * 86_400_000
COUNTED = [table.name for fold in FOLDS for table in fold.tables] + [
    cursors.name,
    deadlines.name,
    standing_changes.name,
]
ROOT = Path(__file__).resolve().parents[2]
CHANGING = {"insert", "update", "delete", "upsert", "insert_new", "InsertMany", "add_many", "delete_many"}
WHOLE = 10_000
"""More rows than there are."""


class Books:
    """Books with two connections: one that writes, and one that only reads."""

    def __init__(self, file: Path) -> None:
        url = database_url(f"sqlite:///{file}")
        self.file = file
        self._engines = writing_engine(url), reading_engine(url)
        self._writing, self._reading = (engine.connect() for engine in self._engines)

    def write(self, work: Callable[[Connection], Any]) -> Any:
        with self._writing.begin():
            return work(self._writing)

    def plan(self, most: int) -> bytes | None:
        with self._reading.begin():
            return plan_slice(self._reading, FIRST_GUILD, most, NOW_MS)

    def contents(self) -> dict[str, Counter[tuple[Any, ...]]]:
        """Return the rows of all tables that folds write."""
        with closing(sqlite3.connect(self.file)) as raw:
            return {name: Counter(raw.execute(f"SELECT * FROM {name}")) for name in COUNTED}

    def close(self) -> None:
        self._writing.close()
        self._reading.close()
        for engine in self._engines:
            engine.dispose()


@pytest.fixture
def copies(everything: Path, tmp_path: Path) -> Iterator[list[Books]]:
    """Two copies of books with everything, in which nothing is counted yet."""
    books = [Books(Path(shutil.copy(everything, tmp_path / f"{number}.db"))) for number in range(2)]
    for each in books:
        each.write(partial(folding.start_over, guild_id=FIRST_GUILD, now_ms=NOW_MS))
    yield books
    for each in books:
        each.close()


@pytest.mark.parametrize("seed", range(3))
def test_planned_slices_leave_the_same_as_others(copies: list[Books], seed: int):
    planned, folded = copies
    random, outcomes, backlog = Random(seed), Counter[bool](), 1
    while backlog:
        most = random.choice([1, 7, 40, 300])
        folded.write(partial(folding.fold_slice, guild_id=FIRST_GUILD, most=most, now_ms=NOW_MS))
        plan = planned.plan(most)
        outcomes[plan is not None] += 1
        work = (
            partial(folding.fold_slice, guild_id=FIRST_GUILD, most=most, now_ms=NOW_MS)
            if plan is None
            else partial(apply_plan, guild_id=FIRST_GUILD, plan=plan)
        )
        progress = planned.write(work)
        assert progress is not None
        backlog = progress.backlog
        assert planned.contents() == folded.contents()

    assert outcomes[True] > 4 * outcomes[False], outcomes
    assert [*audit_database(f"sqlite:///{planned.file}")] == []


def test_a_plan_holds_only_until_somebody_else_has_folded(copies: list[Books]):
    books, _ = copies
    plan = books.plan(10)
    assert plan is not None
    books.write(partial(folding.fold_slice, guild_id=FIRST_GUILD, most=5, now_ms=NOW_MS))
    before = books.contents()

    assert books.write(partial(apply_plan, guild_id=FIRST_GUILD, plan=plan)) is None
    assert books.contents() == before


def pause_somebody(c: Connection) -> None:
    c.execute(insert(club_members).values(guild_id=FIRST_GUILD, gifter=1, creator=2, joined_ms=1, paused_ms=2))


@pytest.mark.parametrize(
    "change",
    [
        pause_somebody,
        lambda c: hold_rules.change(c, FIRST_GUILD, "stripe", 5, 1, NOW_MS),
        lambda c: c.execute(text("UPDATE challenges SET sources = '{}'")),
    ],
    ids=["a place in a club", "the days of a hold", "what a challenge counts"],
)
def test_a_plan_does_not_hold_once_what_it_went_by_has_changed(
    copies: list[Books], change: Callable[[Connection], Any]
):
    books, _ = copies
    plan = books.plan(WHOLE)
    assert plan is not None
    books.write(change)
    before = books.contents()

    assert books.write(partial(apply_plan, guild_id=FIRST_GUILD, plan=plan)) is None
    assert books.contents() == before

    another = books.plan(WHOLE)
    assert another is not None
    assert books.write(partial(apply_plan, guild_id=FIRST_GUILD, plan=another)).backlog == 0


def test_gifts_that_are_booked_meanwhile_do_not_matter(copies: list[Books]):
    books, _ = copies
    plan = books.plan(1_000)
    assert plan is not None

    def book(c: Connection) -> None:
        head = c.execute(select(heads).where(heads.c.guild_id == FIRST_GUILD)).one()
        last = c.execute(select(journal).where(journal.c.guild_id == FIRST_GUILD, journal.c.seq == head.seq)).one()
        c.execute(insert(journal).values(last._asdict() | {"seq": head.seq + 1, "key": "another"}))
        c.execute(text("UPDATE heads SET seq = seq + 1 WHERE guild_id = :guild"), {"guild": FIRST_GUILD})

    head = books.write(partial(folding.progress, guild_id=FIRST_GUILD)).head
    books.write(book)

    progress = books.write(partial(apply_plan, guild_id=FIRST_GUILD, plan=plan))
    assert (progress.seq, progress.head, progress.rows) == (1_000, head + 1, 1_000)


def test_a_guild_that_was_never_counted_is_left_to_the_writer(copies: list[Books]):
    books, _ = copies
    books.write(lambda c: c.execute(text("DELETE FROM cursors WHERE follower LIKE 'fold:%'")))

    assert books.plan(10) is None
    books.write(partial(folding.fold_slice, guild_id=FIRST_GUILD, most=5, now_ms=NOW_MS))
    assert books.plan(10) is not None


def written_tables(file: Path) -> set[str]:
    """Return the names of the tables that a module's statements change."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    nodes = [*ast.walk(tree)]
    imported = {
        alias.asname or alias.name: alias.name
        for node in nodes
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    return {
        imported.get(name.id, name.id)
        for call in nodes
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in CHANGING
        for argument in call.args
        for name in ast.walk(argument)
        if isinstance(name, ast.Name)
    }


def test_nobody_but_folds_writes_to_their_tables():
    own_tables = {table.name for fold in FOLDS for table in fold.tables}
    modules = [file for file in (ROOT / "bot").rglob("*.py") if "folds" not in file.parts]
    writers = {file.name: own_tables & written_tables(file) for file in modules}
    of_folds = {name for file in (ROOT / "bot/storage/folds").rglob("*.py") for name in written_tables(file)}

    assert {name: tables for name, tables in writers.items() if tables} == {}
    # Nor does an erasure: what members have given stays, under a pseudonym.
    assert {
        personal.erasure for fold in FOLDS for table in fold.tables for personal in personal_columns(table).values()
    } <= {Erasure.STAYS}
    assert len(of_folds & own_tables) > len(own_tables) / 2, "the search misses what it should find"
