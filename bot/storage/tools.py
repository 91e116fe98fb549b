"""PostgreSQL's own tools: the only programs that write and read its dumps, each run as a process of its own."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from sqlalchemy import URL

from bot.storage.engine import StorageError


def dump_to(url: URL, target: Path) -> None:
    """Write one state of the database at `url`, which may be in use, to `target`; raise StorageError.

    The dump is read once more from end to end; `target` appears whole or not at all.
    """
    _make(target.parent)
    partial = target.with_name(target.name + ".part")
    try:
        _run("pg_dump", url, "--format=custom", "--no-owner", "--file", str(partial))
        _run("pg_restore", url, "--file", os.devnull, str(partial))
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def restore_from(saved: Path, url: URL, *, instead_of: Sequence[str]) -> None:
    """Put a dump into the database at `url` in one transaction, in the place of tables; raise StorageError.

    pg_restore itself would replace only the tables that the dump knows: those of a newer version would stay.
    """
    drop = [f'DROP TABLE "{name}" CASCADE' for name in instead_of]
    read = [_path("pg_restore"), "--no-owner", "--file", "-", str(saved)]
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
    """Let `writer` read what `reader` says, and wait for both; half of it must not be committed."""
    source: IO[bytes] | None = reader.stdout
    sink: IO[bytes] | None = writer.stdin
    assert source is not None
    assert sink is not None
    # Whoever has given up stops reading, and has said why.
    with contextlib.suppress(BrokenPipeError), source:
        shutil.copyfileobj(source, sink)
    if reader.wait():
        writer.kill()
    with contextlib.suppress(BrokenPipeError):
        sink.close()
    writer.wait()


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"The folder {folder} cannot be made: {error.strerror}") from error


def _run(tool: str, url: URL, *arguments: str) -> None:
    done = subprocess.run(  # noqa: S603 - a fixed tool, and arguments of our own
        [_path(tool), *arguments], env=_environment(url), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise StorageError(f"{tool} failed: {done.stderr.strip() or done.returncode}")


def _path(tool: str) -> str:
    path = shutil.which(tool)
    if path is None:
        raise StorageError(f"PostgreSQL's {tool} is not installed here, and it has to be")
    return path


def _environment(url: URL) -> dict[str, str]:
    """Return how the tools find a database. The password is in it, too: arguments are for every user to see."""
    host = url.host or url.query.get("host")
    settings = {"PGHOST": host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSWORD": url.password}
    said = {name: str(value) for name, value in {**settings, "PGDATABASE": url.database}.items() if value}
    # A table that falls takes what refers to it along, and need not say so.
    return {**os.environ, **said, "PGOPTIONS": "-c client_min_messages=warning"}
