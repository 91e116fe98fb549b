"""Claim codes, such as RO-7K4F: buyers quote them with a payment, so that it finds its order."""

import hashlib
import re
from collections.abc import Iterator
from typing import Final

from bot.domain.orders import Reference

PREFIX: Final = "RO-"
ALPHABET: Final = "234679CDFGHJKMNPQRTVWXY"
"""No letter looks or sounds like a digit or like another letter in here, and without vowels there are no words."""
SHORTEST: Final = 4
LONGEST: Final = 8
TRIES_PER_LENGTH: Final = 4

_CODE = re.compile(rf"(?<![A-Z0-9])RO[\s\-_\u2010-\u2015]*([{ALPHABET}]{{{SHORTEST},{LONGEST}}})(?![A-Z0-9])")


def claim_codes(reference: Reference) -> Iterator[str]:
    """Yield the codes that an order may get, the preferred one first. A guild takes the first that is free."""
    for attempt in range(TRIES_PER_LENGTH * (LONGEST - SHORTEST + 1)):
        number = int.from_bytes(hashlib.sha256(f"{reference}#{attempt}".encode()).digest(), "big")
        letters: list[str] = []
        for _ in range(SHORTEST + attempt // TRIES_PER_LENGTH):
            number, place = divmod(number, len(ALPHABET))
            letters.append(ALPHABET[place])
        yield PREFIX + "".join(letters)


def codes_in(text: str) -> tuple[str, ...]:
    """Return everything in `text` that reads like a claim code, each once. People leave out the dash, or type small
    letters."""
    return tuple(dict.fromkeys(PREFIX + match[1] for match in _CODE.finditer(text.upper())))
