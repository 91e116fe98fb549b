"""Ids as they come in from outside: text, which may be anything."""

HIGHEST = 2**63 - 1
"""Snowflakes have 63 bits, and so do the columns that hold them."""

LONGEST_KEY = 200
"""Characters of a command's key, and of the ids that payment providers give."""


def id_in(typed: str) -> int | None:
    """Return the id that `typed` is, None if it is none."""
    digits = typed.strip()
    # Bounded first: Python refuses to read an int of thousands of digits.
    if not (digits.isascii() and digits.isdigit() and len(digits) <= len(str(HIGHEST))):
        return None
    number = int(digits)
    return number if number <= HIGHEST else None


def is_key(text: str) -> bool:
    """Whether a key, or an id of somebody else's, can be kept: PostgreSQL takes no NUL, no encoding a surrogate."""
    return 0 < len(text) <= LONGEST_KEY and text.isascii() and text.isprintable()
