"""Books that the benchmarks make, with everything that can happen: the audit finds nothing, and each planted figure."""

import asyncio
import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from benchmarks.aftermath import happen
from benchmarks.books import fill
from benchmarks.planted import PLANTED, plant, unnamed
from bot.storage.audit.auditor import audit_database
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
from bot.storage.maintenance import migrate

GIFTS, MEMBERS, CREATORS, DAYS = 1_500, 12, 2, 1
"""Enough gifts a day that trains start."""
ROUNDS = 3
KINDS_OF_ROWS = (
    *("gift", "order", "grant", "reversal", "perk", "chip", "chip_return"),
    *("chest", "chest_share", "chest_return", "payout_request", "payout", "payout_rejection"),
)
OF_LARGE_BOOKS = frozenset({"tallies"})
"""What smaller leaderboards have none of: `test_audit` has its own."""


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a guild's books with something of everything."""
    file = tmp_path_factory.mktemp("books") / "original.db"
    url = database_url(f"sqlite:///{file}")
    migrate.upgrade(url)
    engine = writing_engine(url)
    with engine.connect() as connection:
        fill(connection, gifts=GIFTS, members=MEMBERS, creators=CREATORS, days=DAYS, belongs=True)
    engine.dispose()
    asyncio.run(happen(f"sqlite:///{file}", ROUNDS, members=MEMBERS, creators=CREATORS, days=DAYS))
    return file


@pytest.fixture
def file(original: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copy(original, tmp_path / "books.db"))


@pytest.mark.databases("sqlite")
def test_books_of_everything_are_in_order(file: Path) -> None:
    assert [*audit_database(f"sqlite:///{file}")] == []


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("planted", [name for name in PLANTED if name not in OF_LARGE_BOOKS])
def test_a_wrong_figure_in_the_tables_of_any_kind_is_named(file: Path, planted: str) -> None:
    engine = writing_engine(database_url(f"sqlite:///{file}"), foreign_keys=False)
    with engine.begin() as connection:
        plant(connection, [planted])
    engine.dispose()
    findings = [finding.what for finding in audit_database(f"sqlite:///{file}")]

    assert unnamed(findings, [planted]) == [], findings


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("kind", KINDS_OF_ROWS)
def test_a_row_that_makes_no_sense_is_named_and_ends_no_audit(file: Path, kind: str) -> None:
    engine = writing_engine(database_url(f"sqlite:///{file}"))
    with engine.begin() as connection:
        last = connection.execute(text("SELECT max(seq) FROM journal WHERE kind = :kind"), {"kind": kind}).scalar_one()
        connection.execute(text("UPDATE journal SET body = '\"nonsense\"' WHERE seq = :seq"), {"seq": last})
    engine.dispose()
    findings = [finding for finding in audit_database(f"sqlite:///{file}") if finding.seq == last]

    assert [finding for finding in findings if "cannot be read" in finding.what], findings
