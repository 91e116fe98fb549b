"""What PostgreSQL's errors mean.

The driver is imported only to recognize its errors: books in a file never load it.
"""
# ruff: noqa: PLC0415

from sqlalchemy.exc import DBAPIError

from bot.domain.errors import BooksClosed, Busy, Refusal
from bot.domain.receipts import OutcomeUnknown
from bot.storage.connect.outcomes import Unreachable

_CONFLICTS = frozenset({"40001", "40P01"})
"""Serialization failure, deadlock: a retry may well succeed."""
_BUSY = _CONFLICTS | {"55P03", "57014"}
"""Conflicts, and a lock or an answer that did not come in time."""
_LOST = frozenset({"25P03", "53300", "57P01", "57P02", "57P03", "57P05"})
"""The server is stopping, starting, or out of connections. Class 08 counts as lost, too."""
_DROPPED = "3D000"
"""No such database."""
_GONE = frozenset({_DROPPED, "3F000", "42P01"})
"""No such database, schema or table."""
_STANDBY = "25006"
"""The server is read-only: it is, or has become, the standby of another."""
_UNWRITABLE = ("53", "58", "XX")
"""Classes of failures of the server: no disk space, no memory, I/O errors, corruption."""


def _state_of(error: BaseException) -> str:
    """Return the SQLSTATE of an error, "" if it did not come from the server."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return getattr(cause, "sqlstate", None) or ""


def is_conflict(error: BaseException) -> bool:
    """Return whether another process was in the way, and the transaction is worth a retry."""
    return _state_of(error) in _CONFLICTS


def is_busy(error: BaseException) -> bool:
    """Return whether another process was in the way, or the server was too slow."""
    return _state_of(error) in _BUSY


def is_gone(error: BaseException) -> bool:
    """Return whether the database, or its tables, no longer exist."""
    return _state_of(error) in _GONE


def is_dropped(error: BaseException) -> bool:
    """Return whether the whole database no longer exists."""
    return _state_of(error) == _DROPPED


def is_standby(error: BaseException) -> bool:
    """Return whether the connection leads to a server that does not write, or no longer does."""
    return _state_of(error) == _STANDBY


def is_lost(error: BaseException) -> bool:
    """Return whether the connection is unusable, because it ended, went silent, or its server is stopping."""
    state = _state_of(error)
    if state:
        return state in _LOST or state.startswith("08")
    cause = error.orig if isinstance(error, DBAPIError) else error
    # Errors of the system have no SQLSTATE, nor have the driver's own about a connection that it knows to be closed.
    return isinstance(cause, OSError) or ("closed" in str(cause) and isinstance(cause, _driver_error()))


def _driver_error() -> type[Exception]:
    from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi as driver

    return driver.Error


def refusal_of(error: BaseException) -> Refusal | None:
    """Return the refusal that members get if `error` means that nothing can be written now, None for other errors."""
    if isinstance(error, Unreachable):
        return BooksClosed()
    if isinstance(error, OutcomeUnknown):
        return None
    if is_busy(error):
        return Busy()
    state = _state_of(error)
    is_closed = is_lost(error) or is_standby(error) or state.startswith(_UNWRITABLE)
    return BooksClosed() if is_closed else None
