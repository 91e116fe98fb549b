"""Offers of promo coins: a code that members type, or a button that they press, once each."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.errors import InvalidText
from bot.domain.ids import created_ms
from bot.domain.offer_errors import OfferOver, OfferUsedUp, OwnOffer, TooManyGuesses, TooYoungForOffer
from bot.domain.text import clean

CODE_LENGTH: Final = 40
SHORTEST_CODE: Final = 4
ALPHABET: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits that nobody takes for one another. Twelve of them cannot be guessed."""
MADE_LENGTH: Final = 12
MOST_DAYS: Final = 365
DAY_MS: Final = 24 * 3600 * 1000

WRONG_GUESSES: Final = 5
"""Wrong codes that a member may try …"""
GUESSING_MS: Final = 10 * 60 * 1000
"""… in this time."""


class OfferKind(StrEnum):
    """How coins are offered. The values are stored."""

    CODE = "code"
    BUTTON = "button"


@dataclass(frozen=True, slots=True)
class Offer:
    """`coins` for each member who claims them, until `until_ms`. `uses` is the most claims, None for no limit.

    `code` is what members type, and `role_id` the role that they need, 0 for none. Discord accounts have to be
    `account_days` old. `giver` is the holder in whose name the coins are given.
    """

    guild_id: int
    offer_id: int
    kind: OfferKind
    code: str
    role_id: int
    coins: int
    uses: int | None
    account_days: int
    until_ms: int
    giver: int
    is_revoked: bool = False

    def check(self, member_id: int, holder: int, now_ms: int, *, claims: int) -> None:
        """Raise what keeps a member from claiming, after the number of `claims` so far: OfferOver, OfferUsedUp,
        OwnOffer or TooYoungForOffer."""
        if self.is_revoked or now_ms >= self.until_ms:
            raise OfferOver
        if self.uses is not None and claims >= self.uses:
            raise OfferUsedUp
        if holder == self.giver:
            raise OwnOffer
        allowed_ms = created_ms(member_id) + self.account_days * DAY_MS
        if self.account_days and now_ms < allowed_ms:
            raise TooYoungForOffer(self.account_days, allowed_ms)


def key_of(offer_id: int, holder: int) -> str:
    """Return the key of a claim: each member has one for each offer."""
    return f"offer:{offer_id}:{holder}"


def plain_code(text: str) -> str:
    """Return what a typed code is compared by: upper case and lower case, spaces and hyphens make no difference."""
    return "".join(letter for letter in clean(text, 2 * CODE_LENGTH).casefold() if letter.isalnum())[:CODE_LENGTH]


def check_code(text: str) -> str:
    """Return a chosen code as it is shown; raise InvalidText if it is too short to be one."""
    if len(plain_code(text)) < SHORTEST_CODE:
        raise InvalidText("code", CODE_LENGTH)
    return clean(text, CODE_LENGTH).upper()


def made_code(letters: Sequence[int]) -> str:
    """Return twelve random numbers below the length of ALPHABET as a code, like ABCD-EFGH-JKMN."""
    code = "".join(ALPHABET[number] for number in letters)
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def check_guess(wrong_ms: Sequence[int], now_ms: int) -> None:
    """Raise TooManyGuesses if there are too many wrong guesses, oldest first, that still count."""
    recent = [at_ms for at_ms in wrong_ms if now_ms - at_ms < GUESSING_MS]
    if len(recent) >= WRONG_GUESSES:
        raise TooManyGuesses(recent[-WRONG_GUESSES] + GUESSING_MS)
