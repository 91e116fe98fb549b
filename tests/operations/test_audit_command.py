"""`python -m bot audit`: exit codes and sentences; what it finds is the matter of tests/storage/test_audit.py."""

import io
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.operations.progress import Bar
from bot.storage.audit.auditor import audit_database
from tests.operating import operate_from_scratch
from tests.operations.conftest import Run
from tests.storage.town import GUILD, OTHER_GUILD

MARCH_MS = 1_772_323_200_000
"""1 March 2026, 00:00 UTC."""


def change(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement)


class Screen(io.StringIO):
    """A terminal that remembers."""

    def isatty(self) -> bool:
        return True


def test_good_books_end_with_0_and_one_sentence(books_file: Path):
    run_result = operate_from_scratch(books_file, "audit")

    assert (run_result.returncode, run_result.stdout, run_result.stderr) == (0, "The books are in order.\n", "")


def test_every_finding_is_told_with_its_row(books_file: Path, run: Run):
    change(books_file, "UPDATE journal SET at_ms = at_ms + 1 WHERE guild_id = 7 AND seq IN (3, 5)")

    run_result = run(books_file, "audit")

    assert run_result.returncode == 1
    assert run_result.stdout.splitlines() == [
        "guild 7 row 3: its hash does not match its content",
        "guild 7 row 5: its hash does not match its content",
        "2 findings.",
    ]


def test_only_one_guild_is_audited_if_asked_for(books_file: Path, run: Run):
    change(books_file, "UPDATE journal SET at_ms = at_ms + 1 WHERE guild_id = 7 AND seq = 3")

    codes = [run(books_file, "audit", "--guild", guild).returncode for guild in (GUILD, OTHER_GUILD, 404)]

    assert codes == [1, 0, 3]


def test_a_database_that_is_not_there_is_one_line_and_3(tmp_path: Path, run: Run):
    run_result = run(tmp_path / "none.db", "audit")

    assert run_result.returncode == 3
    assert run_result.stderr.startswith("rosette: There is no database at")
    assert list(tmp_path.iterdir()) == []


def test_several_processes_find_what_one_finds(books_file: Path):
    change(books_file, "UPDATE journal SET at_ms = at_ms + 1 WHERE seq = 3")
    change(books_file, "UPDATE balances SET amount = amount + 1 WHERE kind = 'house'")
    progress_steps: list[tuple[int, int]] = []

    def progress(count: int, total: int) -> None:
        progress_steps.append((count, total))

    alone = list(audit_database(f"sqlite:///{books_file}", processes=1))
    together = list(audit_database(f"sqlite:///{books_file}", processes=2, alone=0, progress=progress))

    assert sorted(map(str, together)) == sorted(map(str, alone))
    assert len(alone) > 1
    assert progress_steps[-1][0] == progress_steps[-1][1]


def test_a_bar_shows_on_a_terminal_and_goes_in_the_end():
    screen = Screen()

    with Bar("Auditing", screen) as bar:
        bar(1, 4)
        bar(4, 4)

    output = screen.getvalue()
    assert output.index(" 25% ") < output.index("100%")
    assert output.endswith("\r\x1b[K")


def test_the_sums_of_a_month_stand_before_the_verdict(books_file: Path, run: Run):
    run_result = run(books_file, "audit", "--guild", str(GUILD), "--month", "2026-02")
    lines = run_result.stdout.splitlines()

    assert run_result.returncode == 0
    with closing(sqlite3.connect(books_file)) as connection:
        query = "SELECT seq, hash FROM journal WHERE guild_id = ? AND at_ms < ? ORDER BY seq DESC LIMIT 1"
        seq, last_hash = connection.execute(query, (GUILD, MARCH_MS)).fetchone()
    assert lines[0] == f"guild {GUILD}, 2026-02, up to row {seq}"
    assert lines[-3] == f"hash: {last_hash.hex()}"
    assert lines[-2:] == ["Every coin is accounted for.", "The books are in order."]


def test_a_month_needs_a_guild_and_a_date(books_file: Path, run: Run):
    for words in (["--month", "2026-02"], ["--guild", "7", "--month", "2026-02-01"], ["--guild", "7", "--month", "x"]):
        run_result = run(books_file, "audit", *words)
        assert (run_result.returncode, run_result.stdout[:16]) == (1, "Name a guild and")
    run_result = run(books_file, "audit", "--guild", "999", "--month", "2026-02")
    assert run_result.stdout == "There are no books of guild 999 in this database\n"
