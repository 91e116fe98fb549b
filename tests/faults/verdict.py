"""What has to hold after any fault, as one function that every test calls and every control has to fail."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.storage.audit.auditor import audit_database
from bot.storage.connect.address import StorageError
from tests import books


@dataclass(frozen=True)
class Verdict:
    """What is wrong with the books. Gifts are told apart by their unique messages, which no store deduplicates by."""

    gifts: int
    missing: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()

    @property
    def fine(self) -> bool:
        """Whether nothing acknowledged is missing, nothing is booked twice, and everything adds up."""
        return not (self.missing or self.doubled or self.findings)


def judge(database: Path | str, acknowledged: Iterable[str]) -> Verdict:
    """Compare a database (a file or an address) with what was acknowledged: messages of gifts, keys of the rest."""
    address = database if isinstance(database, str) else f"sqlite:///{database}"
    try:
        findings = tuple(
            f"guild {finding.guild_id} row {finding.seq}: {finding.what}" for finding in audit_database(address)
        )
    except StorageError as error:
        return Verdict(0, tuple(acknowledged), findings=(str(error),))
    query = "SELECT coalesce(text, key) FROM journal LEFT JOIN notes USING (guild_id, seq) WHERE kind = 'gift'"
    gift_counts = Counter(text for (text,) in _rows(database, query))
    keys = {key for (key,) in _rows(database, "SELECT key FROM journal")}
    return Verdict(
        gifts=gift_counts.total(),
        missing=tuple(label for label in acknowledged if label not in gift_counts and label not in keys),
        doubled=tuple(label for label, count in gift_counts.items() if count > 1),
        findings=findings,
    )


def _rows(database: Path | str, query: str) -> list[tuple[str]]:
    if isinstance(database, str):
        return books.rows(database, query)
    # Not opened read-only, because opening rebuilds the index of a write-ahead log that lacks it.
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchall()
