"""Books that are too large for one file: the same files in several zips, by month if they grow row by row.

What is too large even so, a busy month or a file that is not by month, is split further: into zips with some of the
files, and into files with some of the rows, each with the heading.
"""

import csv
import io
import shutil
import tempfile
import zipfile
from bisect import bisect_right
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Final, NamedTuple

from bot.domain.spreadsheets import MARK
from bot.storage.export import layouts
from bot.storage.export.sheets import Layout

GROWING: Final = (layouts.JOURNAL, layouts.POSTINGS, layouts.GIFTS, layouts.GRANTS)
"""The files with a row or more for each row of the journal. The first column of each is the receipt."""


_OTHERS: Final = "other"
"""The folder of all that is not by month."""


class Part(NamedTuple):
    """A zip, and what it is about: months like 2026-01 or 2026-01-to-2026-04, a part of one like 2026-01-2, and "" or
    other-2 for what is not by month.
    """

    months: str
    file: Path


def split(whole: Path, most_bytes: int) -> list[Part]:
    """Split the zip of an export into zips of at most `most_bytes`, which are put beside it.

    The first ones have all that is not by month. Return none if a single row is too large.
    """
    with zipfile.ZipFile(whole) as archive, tempfile.TemporaryDirectory(dir=whole.parent, prefix=".split-") as name:
        folder = Path(name)
        months = _write_months(archive, folder)
        _write_others(archive, folder / _OTHERS)
        parts: list[Part] = []
        for names in ([_OTHERS], months):
            sizes: dict[str, int] = {}
            for each in names:
                sizes |= _sizes_of(folder, each, most_bytes)
            if max(sizes.values(), default=0) > most_bytes:
                return []
            for group in _grouped(sizes, most_bytes):
                label = group[0] if len(group) == 1 else f"{group[0]}-to-{group[-1]}"
                target = whole.with_name(f"part-{len(parts) + 1}.zip")
                _pack(target, folder, group)
                parts.append(Part(label if parts else "", target))
    return parts


def _sizes_of(folder: Path, name: str, most_bytes: int) -> dict[str, int]:
    """Return the size of the zip of a folder, or those of the folders that it is split into if that is too large."""
    size = _size(folder, name)
    if size <= most_bytes:
        return {name: size}
    sizes: dict[str, int] = {}
    pending = sorted((folder / name).iterdir(), reverse=True)
    while pending:
        file = pending.pop()
        place = f"{name}-{len(sizes) + 1}"
        (folder / place).mkdir()
        file = file.rename(folder / place / file.name)
        sizes[place] = _size(folder, place)
        if sizes[place] > most_bytes and (halves := _halves(file, folder / name)):
            # Each half is tried on its own.
            pending += reversed(halves)
            del sizes[place]
            shutil.rmtree(folder / place)
    return sizes


def _size(folder: Path, name: str) -> int:
    """Return how large the zip of a folder is."""
    target = folder / f"{name}.zip"
    size = _pack(target, folder, [name])
    target.unlink()
    return size


def _halves(file: Path, folder: Path) -> list[Path]:
    """Write each half of the rows of a CSV file into `folder`, under the same heading. Return none if it has no two."""
    with file.open(encoding="utf-8-sig", newline="") as text:
        count = sum(1 for _ in csv.reader(text)) - 1
    if file.suffix != ".csv" or count < 2:
        return []
    halves = [folder / f"{file.stem}-{letter}.csv" for letter in "ab"]
    with file.open(encoding="utf-8-sig", newline="") as text:
        lines = csv.reader(text)
        header = next(lines)
        for half, part in zip(halves, (islice(lines, count // 2), lines), strict=True):
            with half.open("w", encoding="utf-8", newline="") as target:
                target.write(MARK)
                csv.writer(target).writerow(header)
                csv.writer(target).writerows(part)
    return halves


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


def _write_others(archive: zipfile.ZipFile, folder: Path) -> None:
    """Write all that does not grow row by row into a folder."""
    growing = {layout.filename for layout in GROWING}
    folder.mkdir()
    for name in archive.namelist():
        if name not in growing:
            archive.extract(name, folder)


@contextmanager
def _entry(packed: zipfile.ZipFile, name: str) -> Generator[IO[bytes]]:
    # The date is always the same, so that the same books make the same files.
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    with packed.open(entry, "w", force_zip64=True) as file:
        yield file
