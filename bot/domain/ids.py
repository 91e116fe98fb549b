"""Ids from outside: text that may contain anything."""

HIGHEST = 2**63 - 1
"""Snowflakes have 63 bits, and so do the columns that hold them."""
_MOST_DIGITS = len(str(HIGHEST))

LONGEST_KEY = 200
"""The most characters of a command's key, and of ids from payment providers."""


DISCORD_EPOCH_MS = 1_420_070_400_000


def created_ms(snowflake: int) -> int:
    """Return when Discord created what has this id, in milliseconds UTC."""
    return (snowflake >> 22) + DISCORD_EPOCH_MS


def id_in(text: str) -> int | None:
    """Return `text` as an id, None if it is not one."""
    digits = text.strip()
    # Check the length first: Python refuses to parse an int of thousands of digits.
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS):
        return None
    number = int(digits)
    return number if number <= HIGHEST else None


def is_key(text: str) -> bool:
    """Whether a key or an external id can be stored. PostgreSQL rejects NUL, and surrogates cannot be encoded."""
    return 0 < len(text) <= LONGEST_KEY and text.isascii() and text.isprintable()
