"""Books of every version so far, as its own code wrote them, migrate: they add up, and every hash verifies."""

import json
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from bot.domain.ledger import unspent_tests
from bot.domain.ledger.journal import row_hash
from bot.storage.connect.address import database_url
from bot.storage.folds import folding
from bot.storage.maintenance import migrate
from bot.storage.sql.tables import entries, journal
from tests.storage.conftest import findings
from tests.storage.old_databases import OLD_BOOKS, REVISIONS, on, with_old_books
from tests.storage.town import GUILD, NOON
from tests.thoroughness import by_thoroughness, sample

ON_A_SERVER = REVISIONS[:: by_thoroughness(quick=30, full=12, long=1)]
NEVER_NEWEST = {"0004", "0012", "0017"}
"""Revisions that no version ended with: its databases went on to the next at once."""


def journal_of(c: Connection) -> list[list[Any]]:
    """Return the journal as `old_books` has it, without the rows that a migration has appended."""
    own_rows = select(journal).where(journal.c.kind != unspent_tests.NAME)
    rows = c.execute(own_rows.order_by(journal.c.guild_id, journal.c.seq))
    return [[value.hex() if isinstance(value, bytes) else value for value in row] for row in rows]


def hashes(c: Connection) -> list[tuple[bytes, bytes]]:
    """Return what the hash of every row is, and what it has to be: computed from what is stored, row by row."""
    legs: dict[tuple[int, int], list[Any]] = {}
    for guild_id, seq, _, kind, owner, amount in c.execute(select(entries).order_by(*entries.primary_key)):
        legs.setdefault((guild_id, seq), []).append(((kind, owner), amount))
    return [
        (
            row.hash,
            row_hash(
                *(row.previous, row.guild_id, row.seq, row.kind, row.key, row.actor, row.at_ms, row.body.encode()),
                tuple(legs[row.guild_id, row.seq]),
            ),
        )
        for row in c.execute(select(journal))
    ]


def fold_everything(c: Connection) -> None:
    """Count leaderboards and earnings from the first row on, as the bot does once it runs."""
    for guild_id in folding.guilds_with_journals(c):
        folding.fold_slice(c, guild_id, 10_000, NOON)
    c.commit()


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("revision", sample(REVISIONS, 6))
def test_books_of_every_version_migrate_pass_the_audit_and_keep_every_hash(empty: str, revision: str):
    migrate_and_compare(empty, revision)


@pytest.mark.databases("postgresql")
@pytest.mark.parametrize("revision", ON_A_SERVER)
def test_books_on_a_server_migrate_pass_the_audit_and_keep_every_hash(empty: str, revision: str):
    migrate_and_compare(empty, revision)


def migrate_and_compare(empty: str, revision: str) -> None:
    """Migrate books of a revision in an empty database, and check everything in them."""
    url = database_url(empty)
    with_old_books(url, revision)

    migrate.upgrade(url, dumps=None)

    assert findings(empty) == []
    on(url, fold_everything)
    assert findings(empty) == []
    assert on(url, journal_of) == json.loads((OLD_BOOKS / f"{revision}.json").read_text())["journal"]
    pairs = on(url, hashes)
    assert len(pairs) >= 7
    assert [stored for stored, _ in pairs] == [computed for _, computed in pairs]


def test_old_books_that_somebody_changed_are_found_out_after_they_migrated(empty: str):
    url = database_url(empty)
    with_old_books(url, "0001")
    rows = (journal.c.guild_id == GUILD, journal.c.seq == 3)

    def cook(c: Connection) -> None:
        c.execute(update(journal).where(*rows).values(at_ms=journal.c.at_ms + 1))
        c.commit()

    on(url, cook)
    migrate.upgrade(url, dumps=None)

    assert [(finding.guild_id, finding.seq) for finding in findings(empty)] == [(GUILD, 3)]
    assert sum(stored != computed for stored, computed in on(url, hashes)) == 1


@pytest.mark.databases("sqlite")
def test_there_are_books_of_every_version():
    first_without = f"{int(REVISIONS[-1]) + 1:04}"

    assert {number for number in migrate.revisions() if number < first_without} - {*REVISIONS} == NEVER_NEWEST
