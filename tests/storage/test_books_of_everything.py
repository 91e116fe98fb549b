"""Books that the benchmarks make, with everything that can happen: the audit finds nothing, and each planted figure."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from benchmarks.planted import PLANTED, plant, unnamed
from bot.storage.audit.auditor import audit_database
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine

KINDS_OF_ROWS = (
    *("gift", "order", "grant", "reversal", "perk", "chip", "chip_return"),
    *("chest", "chest_share", "chest_return", "payout_request", "payout", "payout_rejection"),
)
OF_LARGE_BOOKS = frozenset({"tallies"})
"""What smaller leaderboards have none of: `test_audit` has its own."""


@pytest.fixture
def file(everything: Path, tmp_path: Path) -> Path:
    """Books of everything, to be spoiled."""
    return Path(shutil.copy(everything, tmp_path / "books.db"))


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
