"""The ids of our buttons and selects: built and parsed here only. They carry an action and ids, never rows."""

import re
from collections.abc import Iterable
from functools import lru_cache

LONGEST = 100
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_NUMBER = r"(0|[1-9a-z][0-9a-z]{0,12})"


def build(action: str, numbers: Iterable[int] = ()) -> str:
    """Return the custom_id of `action` on `numbers` (each from 0 up to 64 bits): "gift-send:1z141z:…"."""
    custom_id = ":".join([action, *(_base36(number) for number in numbers)])
    assert len(custom_id) <= LONGEST, custom_id
    return custom_id


def template(action: str, count: int, later: int = 0) -> re.Pattern[str]:
    """Return the pattern of every custom_id of `action` with `count` numbers. It matches nothing else.

    The last `later` of them came with a later version: older messages lack them.
    """
    required = ":".join([re.escape(action), *[_NUMBER] * (count - later)])
    return re.compile(required + f"(?::{_NUMBER}" * later + ")?" * later)


def numbers_of(match: re.Match[str]) -> tuple[int, ...]:
    """Return the numbers in a matched custom_id."""
    return tuple(int(group, 36) for group in match.groups() if group is not None)


@lru_cache(maxsize=4096)
def _base36(number: int) -> str:
    # Every receipt carries the same few ids on each of its buttons, and ids are most of what a button costs.
    # A 64-bit id takes 13 digits here and 20 in decimal, and a custom_id has 100 characters in all.
    assert 0 <= number < 1 << 64, number
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits
