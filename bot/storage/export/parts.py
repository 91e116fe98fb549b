"""Books that are too large for one file: the same files in several zips, by month where they grow row by row."""

import csv
import io
import shutil
import tempfile
import zipfile
from bisect import bisect_right
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, NamedTuple

from bot.domain.spreadsheets import MARK
from bot.storage.export import layouts
from bot.storage.export.sheets import Layout

GROWING: Final = (layouts.JOURNAL, layouts.POSTINGS, layouts.GIFTS, layouts.GRANTS)
"""The files with a row or more for each row of the journal. The first column of each is the receipt."""


class Part(NamedTuple):
    """A zip, and the months that it is about, like 2026-01 or 2026-01-to-2026-04; "" for all that is not by month."""

    months: str
    file: Path


def split(whole: Path, most_bytes: int) -> list[Part]:
    """Split the zip of an export into zips of at most `most_bytes`, which are put beside it.

    The first has all that is not by month. Return none if that, or a single month, is too large.
    """
    with zipfile.ZipFile(whole) as archive, tempfile.TemporaryDirectory(dir=whole.parent, prefix=".split-") as name:
        folder = Path(name)
        months = _write_months(archive, folder)
        rest = whole.with_name("rest.zip")
        _pack_others(archive, rest)
        sizes = {month: _pack(folder / f"{month}.zip", folder, [month]) for month in months}
        if max([rest.stat().st_size, *sizes.values()]) > most_bytes:
            return []
        parts = [Part("", rest)]
        for group in _grouped(sizes, most_bytes):
            label = group[0] if len(group) == 1 else f"{group[0]}-to-{group[-1]}"
            parts.append(Part(label, whole.with_name(f"{label}.zip")))
            _pack(parts[-1].file, folder, group)
    return parts


def _grouped(sizes: dict[str, int], most_bytes: int) -> list[list[str]]:
    """Return months in groups that fit, oldest first."""
    groups: list[list[str]] = []
    free = 0
    for month, size in sizes.items():
        if not groups or size > free:
            groups.append([])
            free = most_bytes
        groups[-1].append(month)
        free -= size
    return groups


def _write_months(archive: zipfile.ZipFile, folder: Path) -> list[str]:
    """Write the growing files into a folder for each month, and return the months."""
    firsts: list[int] = []
    months: list[str] = []
    with _rows_of(archive, layouts.JOURNAL) as (_, lines):
        for receipt, time, *_ in lines:
            if not months or time[:7] > months[-1]:
                firsts.append(int(receipt))
                months.append(time[:7])
    for month in months:
        (folder / month).mkdir()
    for layout in GROWING:
        with _rows_of(archive, layout) as (header, lines):
            _write_sheet(layout, header, lines, folder, (firsts, months))
    return months


def _write_sheet(
    layout: Layout, header: list[str], lines: Iterable[list[str]], folder: Path, by_receipt: tuple[list[int], list[str]]
) -> None:
    firsts, months = by_receipt
    file: io.TextIOWrapper | None = None
    month = ""
    try:
        for line in lines:
            of_line = months[bisect_right(firsts, int(line[0])) - 1]
            if file is None or of_line != month:
                if file is not None:
                    file.close()
                month = of_line
                file = (folder / month / f"{layout.name}-{month}.csv").open("w", encoding="utf-8", newline="")
                file.write(MARK)
                csv.writer(file).writerow(header)
            csv.writer(file).writerow(line)
    finally:
        if file is not None:
            file.close()


@contextmanager
def _rows_of(archive: zipfile.ZipFile, layout: Layout) -> Generator[tuple[list[str], Iterator[list[str]]]]:
    """Lend the header and the rows of a file."""
    with archive.open(layout.filename) as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as text:
        lines = csv.reader(text)
        yield next(lines), lines


def _pack(target: Path, folder: Path, months: Iterable[str]) -> int:
    """Write the files of some months into a zip, and return its size."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        for month in months:
            for file in sorted((folder / month).iterdir()):
                with file.open("rb") as source, _entry(packed, file.name) as entry:
                    shutil.copyfileobj(source, entry, 1 << 20)
    return target.stat().st_size


def _pack_others(archive: zipfile.ZipFile, target: Path) -> None:
    growing = {layout.filename for layout in GROWING}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        for name in archive.namelist():
            if name not in growing:
                with archive.open(name) as source, _entry(packed, name) as entry:
                    shutil.copyfileobj(source, entry, 1 << 20)


@contextmanager
def _entry(packed: zipfile.ZipFile, name: str) -> Generator[IO[bytes]]:
    # The date is always the same, so that the same books make the same files.
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    with packed.open(entry, "w", force_zip64=True) as file:
        yield file
