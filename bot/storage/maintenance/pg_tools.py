"""Run PostgreSQL's own tools, the only programs that write and read its dumps."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from sqlalchemy import URL

from bot.storage.connect.address import StorageError


def dump_to(url: URL, target: Path) -> None:
    """Write a snapshot of the database at `url`, which may be in use, to `target`. Raises StorageError.

    The dump is read back from end to end. `target` appears complete or not at all.
    """
    _create_folder(target.parent)
    partial = target.with_name(target.name + ".part")
    try:
        _run("pg_dump", url, "--format=custom", "--no-owner", "--file", str(partial))
        _run("pg_restore", url, "--file", os.devnull, str(partial))
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def restore_from(dump_file: Path, url: URL, *, instead_of: Sequence[str]) -> None:
    """Replace the tables `instead_of` of the database at `url` with a dump, in one transaction. Raises StorageError.

    pg_restore by itself would replace only the tables in the dump. Those of a newer version would stay.
    """
    drop = [f'DROP TABLE "{name}" CASCADE' for name in instead_of]
    read = [_path("pg_restore"), "--no-owner", "--file", "-", str(dump_file)]
    write = [_path("psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--set", "ON_ERROR_STOP=1"]
    write += [part for statement in drop for part in ("--command", statement)] + ["--file", "-"]
    with tempfile.TemporaryFile() as complaints:
        reader = subprocess.Popen(read, stdout=subprocess.PIPE, stderr=complaints)  # noqa: S603 - as in _run
        writer = subprocess.Popen(  # noqa: S603
            write, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=complaints, env=_environment(url)
        )
        _pass_on(reader, writer)
        if reader.returncode or writer.returncode:
            complaints.seek(0)
            raise StorageError(f"Nothing was restored: {complaints.read().decode(errors='replace').strip()}")


def _pass_on(reader: subprocess.Popen[bytes], writer: subprocess.Popen[bytes]) -> None:
    """Copy the output of `reader` to `writer`, and wait for both. A part of the dump must not be committed."""
    source: IO[bytes] | None = reader.stdout
    sink: IO[bytes] | None = writer.stdin
    assert source is not None
    assert sink is not None
    # A writer that gives up stops reading. It has written its reason to stderr.
    with contextlib.suppress(BrokenPipeError), source:
        shutil.copyfileobj(source, sink)
    if reader.wait():
        writer.kill()
    with contextlib.suppress(BrokenPipeError):
        sink.close()
    writer.wait()


def _create_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"The folder {folder} cannot be created: {error.strerror}") from error


def _run(tool: str, url: URL, *arguments: str) -> None:
    process = subprocess.run(  # noqa: S603 - a fixed tool, and arguments of our own
        [_path(tool), *arguments], env=_environment(url), capture_output=True, text=True, check=False
    )
    if process.returncode:
        raise StorageError(f"{tool} failed: {process.stderr.strip() or process.returncode}")


def _path(tool: str) -> str:
    path = shutil.which(tool)
    if path is None:
        raise StorageError(f"PostgreSQL's {tool} is not installed on this machine. Install PostgreSQL's client tools.")
    return path


def _environment(url: URL) -> dict[str, str]:
    """Return the environment that tells the tools where the database is.

    The password goes here, too, because every user of the machine can see arguments.
    """
    host = url.host or url.query.get("host")
    settings = {"PGHOST": host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSWORD": url.password}
    variables = {name: str(value) for name, value in {**settings, "PGDATABASE": url.database}.items() if value}
    # Dropping tables with CASCADE would print a notice for everything that refers to them.
    return {**os.environ, **variables, "PGOPTIONS": "-c client_min_messages=warning"}
