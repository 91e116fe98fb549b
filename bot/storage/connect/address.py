"""Where the books are: what an address names, and whether a database can be kept there."""

import os
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

_NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "glusterfs", "fuse.sshfs", "fuse.glusterfs"}
)

_ADDRESSES = "A database address looks like sqlite:///path/to/file.db or postgresql://user@host/name"


class StorageError(Exception):
    """The database cannot be used. The message tells the operator why."""


class BooksGone(StorageError):  # noqa: N818 - a state of affairs, and its base says Error
    """The opened books are no longer where they were. Whatever is written to them now would be lost."""


def database_url(address: str) -> URL:
    """Return the URL of the database at `address`; raise StorageError if it cannot hold the books.

    `sqlite:///path` names a SQLite file, `postgresql://user@host/name` a PostgreSQL database. A driver in the address
    is accepted, and replaced by ours.
    """
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise StorageError(_ADDRESSES) from error
    if is_shared(url):
        if url.port is not None and not 0 < url.port < 1 << 16:
            raise StorageError(f"{_ADDRESSES}; ports go from 1 to 65535")
        return url.set(drivername="postgresql+asyncpg")
    if url.get_backend_name() != "sqlite":
        raise StorageError(f"{_ADDRESSES}, not {url.get_backend_name()}")
    if not url.database or url.database == ":memory:":
        raise StorageError("SQLite books need a file: use sqlite:///path/to/file.db")
    return url.set(drivername="sqlite", query={})


def is_shared(url: URL) -> bool:
    """Return whether several processes may use the database, which is so on PostgreSQL."""
    return url.get_backend_name() == "postgresql"


def file_of(url: URL) -> Path:
    """Return the absolute path of the SQLite file that `url` names."""
    return Path(url.database or "").absolute()


def beside(address: str, dumps: Path, suffix: str) -> Path:
    """Return where a small file about the books at `address` is: beside a SQLite file, else in the folder `dumps`."""
    url = make_url(address)
    if is_shared(url):
        return dumps / f"{url.database}{suffix}"
    return Path(f"{url.database}{suffix}")


def ownership(path: Path, remedy: str) -> str:
    """Return whose a file or folder is that cannot be written. `remedy` is what root types to hand it over."""
    owner, user = path.stat().st_uid, os.geteuid()
    if owner == user:
        return f"it belongs to uid {user}, who runs Rosette. Check its mode, and that its disk is not mounted read-only"
    return f"it belongs to uid {owner}, and Rosette runs as uid {user}. As root: {remedy}"


def prepare_folder(file: Path) -> None:
    """Create the folder of `file` if needed; raise StorageError if the file cannot be kept there."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"The folder of the database, {file.parent}, cannot be created by uid {os.geteuid()}: {error.strerror}. "
            f"As root: install -d -m 700 -o {os.geteuid()} {file.parent}"
        ) from error
    if not os.access(file.parent, os.W_OK | os.X_OK):
        raise StorageError(
            f"The folder of the database, {file.parent}, is not writable: "
            + ownership(file.parent, f"chown -R {os.geteuid()} {file.parent}")
        )
    kind = _file_system(file.parent)
    if kind in _NETWORK_FILE_SYSTEMS:
        raise StorageError(
            f"{file.parent} is on a network file system ({kind}), where SQLite's locks are not safe. Use a local "
            "disk or PostgreSQL."
        )


def _file_system(folder: Path) -> str:
    """Return the type of the file system that holds `folder`, "" if the system has no list of mounts."""
    mounts = Path("/proc/self/mounts")
    if not mounts.exists():
        return ""
    longest_mount = ("", "")
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        _device, point, kind, *_ = line.split(" ")
        # The list of mounts writes a space as an octal escape.
        point = point.replace("\\040", " ")
        if folder.resolve().is_relative_to(point) and len(point) >= len(longest_mount[0]):
            longest_mount = (point, kind)
    return longest_mount[1]
