"""`python -m bot audit`: exit codes and sentences; what it finds is the matter of tests/storage/test_audit.py."""

import io
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.operations.progress import Bar
from bot.storage.audit import audit_database
from tests.operations.conftest import Run
from tests.storage.town import GUILD, OTHER_GUILD


def change(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement)


class Screen(io.StringIO):
    """A terminal that remembers."""

    def isatty(self) -> bool:
        return True


def test_good_books_end_with_0_and_one_sentence(kept: Path, run: Run):
    done = run(kept, "audit")

    assert (done.returncode, done.stdout, done.stderr) == (0, "The books are in order.\n", "")


def test_every_finding_is_told_with_its_row(kept: Path, run: Run):
    change(kept, "UPDATE journal SET at_ms = at_ms + 1 WHERE guild_id = 7 AND seq IN (3, 5)")

    done = run(kept, "audit")

    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "guild 7 row 3: it does not say what its hash was made of",
        "guild 7 row 5: it does not say what its hash was made of",
        "2 findings.",
    ]


def test_only_one_guild_is_audited_if_asked_for(kept: Path, run: Run):
    change(kept, "UPDATE journal SET at_ms = at_ms + 1 WHERE guild_id = 7 AND seq = 3")

    codes = [run(kept, "audit", "--guild", guild).returncode for guild in (GUILD, OTHER_GUILD, 404)]

    assert codes == [1, 0, 3]


def test_a_database_that_is_not_there_is_one_line_and_3(tmp_path: Path, run: Run):
    done = run(tmp_path / "none.db", "audit")

    assert done.returncode == 3
    assert done.stderr.startswith("rosette: There is no database at")
    assert list(tmp_path.iterdir()) == []


def test_several_processes_find_what_one_finds(kept: Path):
    change(kept, "UPDATE journal SET at_ms = at_ms + 1 WHERE seq = 3")
    change(kept, "UPDATE balances SET amount = amount + 1 WHERE kind = 'house'")
    heard: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        heard.append((done, total))

    alone = list(audit_database(f"sqlite:///{kept}", processes=1))
    together = list(audit_database(f"sqlite:///{kept}", processes=2, alone=0, progress=progress))

    assert sorted(map(str, together)) == sorted(map(str, alone))
    assert len(alone) > 1
    assert heard[-1][0] == heard[-1][1]


def test_a_bar_shows_on_a_terminal_and_goes_in_the_end():
    screen = Screen()

    with Bar("Auditing", screen) as bar:
        bar(1, 4)
        bar(4, 4)

    shown = screen.getvalue()
    assert shown.index(" 25% ") < shown.index("100%")
    assert shown.endswith("\r\x1b[K")
