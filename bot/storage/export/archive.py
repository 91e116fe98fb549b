"""Write a guild's books into a zip of CSV files."""

import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection

from bot.domain.accounts import AccountKind
from bot.domain.errors import UnknownGuild
from bot.domain.exported_books import ALONE, COINS, EARNINGS, GIFTS, PERKS
from bot.domain.ledger.journal import GENESIS
from bot.storage.audit.rows import rows
from bot.storage.export import layouts
from bot.storage.export.acts import STAFF_ACTS, act_rows
from bot.storage.export.money import MoneySheets, MoneyWriter, Sums
from bot.storage.export.people import People
from bot.storage.export.records import RECORDS, STATEMENTS, statement_rows, write_record
from bot.storage.export.sheets import Cell, Layout, Sheet, readme, yes

LAYOUTS: tuple[Layout, ...] = (
    *(layouts.TOTALS, layouts.JOURNAL, layouts.POSTINGS, layouts.ACCOUNTS, layouts.GIFTS),
    *(layouts.EARNINGS, STATEMENTS, layouts.PROVIDER_TOTALS, layouts.GRANTS),
    *(record.layout for record in RECORDS),
    STAFF_ACTS,
)
"""Every file but README.txt, in the order in which that explains them."""

Report = Callable[[int, int], None]
"""Called with how many rows are written, and how many there are."""


class Exported(NamedTuple):
    """What was written: up to which row of the journal, and whether everything adds up."""

    seq: int
    hash: str
    agrees: bool


def ignore_progress(*_numbers: int) -> None:
    """Ignore reports of progress."""


def export(c: Connection, guild_id: int, target: Path, report: Report = ignore_progress) -> Exported:
    """Write the books of a guild into the zip `target`, in constant memory. Raises UnknownGuild.

    The connection must see a single state of the books. The target appears only when it is complete.
    """
    if not [*rows(c, "SELECT 1 FROM guilds WHERE guild_id = :guild", guild=guild_id)]:
        raise UnknownGuild
    heads: Iterator[Any] = rows(c, "SELECT seq, hash FROM heads WHERE guild_id = :guild", guild=guild_id)
    seq, digest = next(heads, (0, GENESIS))
    head = seq, digest.hex() if seq else ""
    # Beside the target, so that there is room for both, and moving it there is one step.
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".export-") as name:
        folder = Path(name)
        agrees = _write_sheets(c, guild_id, seq, folder, report)
        (folder / "README.txt").write_text(readme(guild_id, head, LAYOUTS), encoding="utf-8", newline="")
        whole = folder / "books.zip"
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for filename in ("README.txt", *(layout.filename for layout in LAYOUTS)):
                _add(archive, folder / filename)
        whole.replace(target)
    return Exported(*head, agrees)


def _add(archive: zipfile.ZipFile, file: Path) -> None:
    # The date is always the same, so that the same books make the same file.
    entry = zipfile.ZipInfo(file.name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    with file.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
        shutil.copyfileobj(source, target, 1 << 20)
    file.unlink()


def _write_sheets(c: Connection, guild_id: int, seq: int, folder: Path, report: Report) -> bool:
    people = People(c, guild_id)
    with ExitStack() as stack:
        sheets = MoneySheets(
            *(
                stack.enter_context(Sheet(folder, layout))
                for layout in (layouts.JOURNAL, layouts.POSTINGS, layouts.GIFTS, layouts.GRANTS)
            )
        )
        money = MoneyWriter(c, guild_id, seq, sheets, people)
        sums = money.write(report)
    for record in RECORDS:
        with Sheet(folder, record.layout) as sheet:
            write_record(c, guild_id, record, sheet, people)
    _write_rows(folder, STATEMENTS, statement_rows(c, guild_id, people))
    _write_rows(folder, STAFF_ACTS, act_rows(c, guild_id, people, money.is_anonymous))
    closing: dict[str, int] = {}
    _write_rows(folder, layouts.ACCOUNTS, _account_rows(sums, closing))
    _write_rows(folder, layouts.EARNINGS, _earning_rows(sums, people))
    _write_rows(folder, layouts.PROVIDER_TOTALS, _provider_rows(sums))
    totals = [*_totals(c, guild_id, (seq, sheets.journal.rows), sums, closing)]
    _write_rows(folder, layouts.TOTALS, ((what, ours, books, yes(ours == books)) for what, ours, books in totals))
    return not sums.findings and all(ours == books for _, ours, books in totals)


def _write_rows(folder: Path, layout: Layout, lines: Iterable[tuple[Cell, ...]]) -> None:
    with Sheet(folder, layout) as sheet:
        for cells in lines:
            sheet.write(*cells)


def _account_rows(sums: Sums, closing: dict[str, int]) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of ACCOUNTS, and put the last balance of each kind of account into `closing`."""
    for (month, kind), (went_out, came_in) in sorted(sums.accounts.items()):
        closing[kind] = closing.get(kind, 0) + came_in - went_out
        yield month, kind, went_out, came_in, closing[kind]


def _earning_rows(sums: Sums, people: People) -> Iterator[tuple[Cell, ...]]:
    people.learn({creator for creator, _, _, _ in sums.earnings})
    named = [
        (people.name(creator), month, kind, yes(anonymous), *numbers)
        for (creator, month, kind, anonymous), numbers in sums.earnings.items()
    ]
    yield from sorted(named)


def _provider_rows(sums: Sums) -> Iterator[tuple[Cell, ...]]:
    for (provider, currency, is_test), numbers in sorted(sums.providers.items()):
        yield provider, currency, yes(is_test), *numbers


def _totals(
    c: Connection, guild_id: int, counts: tuple[int, int], sums: Sums, closing: dict[str, int]
) -> Iterator[tuple[str, int, int]]:
    """Yield what was added up, its sum in the files, and what the books hold."""
    seq, written = counts
    query = "SELECT kind, CAST(sum(amount) AS bigint) FROM balances WHERE guild_id = :guild GROUP BY kind"
    balances = {kind: int(amount) for kind, amount in rows(c, query, guild=guild_id)}
    yield "rows of the journal", written, seq
    for kind in AccountKind:
        if kind.value in closing or balances.get(kind.value):
            yield f"accounts.csv: {kind.value}", closing.get(kind.value, 0), balances.get(kind.value, 0)
    for kind in sorted(ALONE):
        if kind in sums.moved or balances.get(kind):
            yield f"postings.csv: {kind}", sums.moved[kind], balances.get(kind, 0)
    grouped = sum(amount for kind, amount in balances.items() if kind not in ALONE)
    in_groups = sum(sums.moved[group] for group in (COINS, GIFTS, EARNINGS, PERKS))
    yield "postings.csv: coins, gifts and earnings", in_groups, grouped
    earned = sum(diamonds for *_, diamonds in sums.earnings.values())
    yield (
        "earnings.csv: diamonds",
        earned,
        balances.get(AccountKind.EARNINGS.value, 0) + balances.get(AccountKind.RESERVED.value, 0),
    )
    yield "rows that do not add up or were changed", len(sums.findings), 0
