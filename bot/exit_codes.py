"""Exit codes: what an operator's service manager can tell apart."""

from enum import IntEnum


class Exit(IntEnum):
    """Why the process ended."""

    DONE = 0
    """It was asked to stop."""
    FAILED = 1
    """It could not go on, and the log says why. Starting again may help. An audit with findings ends with this, too."""
    SETTINGS = 2
    """A setting is missing or malformed."""
    BOOKS = 3
    """The database is in use, newer than the code, cannot be written, or is gone."""
    TOKEN = 4
    """Discord refuses the token. Starting again cannot help."""
