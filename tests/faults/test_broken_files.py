"""An unusable database file stops the start with a sentence and an exit code of its own, and is left untouched."""

import errno
import os
import random
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.exit_codes import Exit
from bot.storage.audit.auditor import audit_start
from bot.storage.connect.address import StorageError
from bot.storage.database import Database
from tests import forkserver
from tests.faults.children import PATIENCE_S, ROOT, Children
from tests.faults.giving import gifts
from tests.faults.verdict import judge
from tests.storage.town import Clock
from tests.thoroughness import by_thoroughness

FLIPS = by_thoroughness(quick=30, full=30, long=60)

# Without root's capabilities: in a container the tests run as root, for whom no file is read-only.
UNPRIVILEGED = ("setpriv", "--inh-caps=-all", "--bounding-set=-all") if os.geteuid() == 0 else ()


def start(file: Path, *prefix: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Start the bot on a database. If it accepts that, it fails to reach Discord, whose address is dead."""
    nowhere = "http://127.0.0.1:1"
    settings = {
        "DISCORD_TOKEN": "a.b.c",
        "DISCORD_API_URL": nowhere,
        "DATABASE_URL": f"sqlite:///{file}",
        "WEB_PORT": "0",
    }
    command = [*prefix, sys.executable, "-m", "bot"]
    environment = {"PATH": os.environ["PATH"]} | settings | variables
    if not prefix and not variables:
        return forkserver.run(command, ROOT, environment, PATIENCE_S)
    # Another user, and a library to load first, take an interpreter of its own.
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )  # fmt: skip


def zeroed(content: bytes) -> bytes:
    return bytes(len(content))


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def emptied(_content: bytes) -> bytes:
    return b""


def overwritten(content: bytes) -> bytes:
    return b"Sorry, this disk was needed for something else.\n" + content[48:]


@pytest.mark.parametrize(
    ("damage", "says"),
    [(zeroed, "damaged"), (cut, "damaged"), (emptied, "is empty"), (overwritten, "damaged")],
)
def test_a_damaged_file_is_refused_in_one_line_and_kept(rich: Path, damage: Callable[[bytes], bytes], says: str):
    whole = rich.read_bytes()
    rich.write_bytes(damage(whole))

    refusal = start(rich)

    assert refusal.returncode == Exit.BOOKS, refusal.stderr
    (line,) = refusal.stderr.strip().splitlines()
    assert says in line
    assert str(rich) in line
    assert "backup" in line
    assert rich.read_bytes() == damage(whole)
    rich.write_bytes(whole)
    assert judge(rich, ["grant:11"]).fine


@pytest.mark.parametrize("which", ["books.db", "books.db-wal"])
async def test_a_file_that_cannot_be_written_is_refused_until_it_can(mortals: Children, rich: Path, which: str):
    # The kill leaves a write-ahead log beside the database.
    await mortals.run(rich, gifts(1), strike_at=15)
    rich.with_name(which).chmod(0o400)

    refusal = start(rich, *UNPRIVILEGED)
    rich.with_name(which).chmod(0o600)
    next_start = start(rich, *UNPRIVILEGED)

    assert refusal.returncode == Exit.BOOKS, refusal.stderr
    (line,) = refusal.stderr.strip().splitlines()
    assert "is not writable" in line
    assert which != "books.db" or "who runs Rosette. Check its mode" in line
    assert next_start.returncode == Exit.FAILED, next_start.stderr  # for lack of Discord, not of books


def test_a_file_that_another_program_has_locked_is_refused_until_it_is_free(rich: Path):
    with closing(sqlite3.connect(rich, isolation_level=None)) as other_program:
        other_program.execute("BEGIN IMMEDIATE")
        refusal = start(rich)
        other_program.execute("ROLLBACK")
    next_start = start(rich)

    assert refusal.returncode == Exit.BOOKS, refusal.stderr
    (line,) = refusal.stderr.strip().splitlines()
    assert "locked by another program" in line
    assert next_start.returncode == Exit.FAILED, next_start.stderr


def test_a_disk_that_is_full_at_the_start_is_said_or_waited_for(rich: Path, disk_library: Path):
    fault = rich.with_name("fault")
    fault.write_text(str(errno.ENOSPC), encoding="ascii")
    library = {"LD_PRELOAD": str(disk_library), "DISK_OF": str(rich), "DISK_FAULT": str(fault)}

    existing_books = start(rich, **library)
    rich.with_name("new").mkdir()
    new_books = start(rich.with_name("new") / "books.db", **library | {"DISK_OF": str(rich.with_name("new"))})

    # Existing books can be read, but new ones cannot be created.
    assert existing_books.returncode == Exit.FAILED, existing_books.stderr
    assert "Cannot connect to host 127.0.0.1" in existing_books.stderr
    assert new_books.returncode == Exit.BOOKS, new_books.stderr
    (line,) = new_books.stderr.strip().splitlines()
    assert "is full" in line


def money(file: Path) -> list[tuple[Any, ...]]:
    """Return all rows about balances and standings, and the journal behind them."""
    with closing(sqlite3.connect(file)) as connection:
        queries = ("SELECT * FROM balances", "SELECT * FROM standings", "SELECT guild_id, seq, key, body FROM journal")
        return [row for query in queries for row in sorted(connection.execute(query))]


def found_by_sqlite(file: Path) -> bool:
    """Whether SQLite's own check finds fault with a file."""
    with closing(sqlite3.connect(file)) as connection:
        try:
            return connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]
        except UnicodeDecodeError:
            # What SQLite complains of quotes the damaged text, and the driver cannot even read the complaint.
            return True


def found_by_audit(file: Path) -> bool:
    """Whether our audit finds fault with a file."""
    return not judge(file, ()).fine


def after_flips(file: Path, has_fault: Callable[[Path], bool], places: Sequence[tuple[int, int]]) -> Counter[str]:
    """Flip one bit at a time. Count how often that was found, was harmless to money, or changed money unseen."""
    truth = money(file)
    return Counter(_outcome(copy, has_fault, truth) for copy in flipped_copies(file, places))


def flipped_copies(file: Path, places: Sequence[tuple[int, int]]) -> Iterator[Path]:
    """Yield a copy of a file with one bit flipped for each (byte, bit) of `places`. Each replaces the one before."""
    whole = file.read_bytes()
    copy = file.with_name("flipped.db")
    for place, bit in places:
        for suffix in ("-wal", "-shm"):
            copy.with_name(copy.name + suffix).unlink(missing_ok=True)
        content = bytearray(whole)
        content[place] ^= 1 << bit
        copy.write_bytes(content)
        yield copy


def _outcome(file: Path, has_fault: Callable[[Path], bool], truth: list[tuple[Any, ...]]) -> str:
    try:
        if has_fault(file):
            return "found"
        return "harmless" if money(file) == truth else "unseen"
    except sqlite3.DatabaseError:
        return "unreadable"


def places_in(file: Path, chance: random.Random, flips: int = FLIPS) -> list[tuple[int, int]]:
    """Return random (byte, bit) places: half of them anywhere, half in pages of the journal."""
    content = file.read_bytes()
    pages = [at for at in range(0, len(content), 4096) if b'"coins":' in content[at : at + 4096]]
    places = [chance.randrange(len(content)) for _ in range(flips // 2)]
    places += [chance.choice(pages) + chance.randrange(4096) for _ in range(flips // 2)]
    return [(place, chance.randrange(8)) for place in places]


async def start_on(file: Path) -> str:
    """Return how a start on a file goes: "refused", "begun", or "without money"."""
    try:
        books = await Database.open(f"sqlite:///{file}", clock=Clock())
    except StorageError:
        return "refused"
    try:
        return "without money" if await books.read(audit_start) else "begun"
    finally:
        await books.close()


async def test_no_flipped_bit_changes_money_unseen(mortals: Children, rich: Path):
    await mortals.run(rich, gifts(60), how="open")
    places = places_in(rich, random.Random(7))

    counts = after_flips(rich, found_by_audit, places)
    control_counts = after_flips(rich, found_by_sqlite, places)

    assert counts["found"] >= FLIPS // 4, counts
    assert counts["unseen"] == 0, counts
    # SQLite checks only its own structure, not the values that we keep in it.
    assert control_counts["unseen"] > 0, control_counts


async def test_no_flipped_bit_lets_a_start_end_in_a_traceback(mortals: Children, rich: Path):
    await mortals.run(rich, gifts(60), how="open")
    counts: Counter[str] = Counter()

    for copy in flipped_copies(rich, places_in(rich, random.Random(11), 2 * FLIPS)):
        counts[await start_on(copy)] += 1

    assert set(counts) <= {"refused", "without money", "begun"}
    assert counts["refused"] + counts["without money"] >= FLIPS // 2, counts
