"""Word lists: words that a creator, or a guild's staff, do not want to read in the messages of gifts.

A word is found in whatever case and accents it is written, and through the tricks that people try first: letters that
are repeated, spaced out, or replaced by digits, signs or letters of another script that look the same. It must be a
word of its own: "ass" is not in "class". In scripts that put no spaces between words it is found anywhere.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple
from unicodedata import category, normalize

import regex

from bot.domain.text import clean

MOST_WORDS: Final = 50
"""Entries of one list."""
WORD_LENGTH: Final = 40
"""The most graphemes of an entry, which may have several words."""

_TOKEN: Final = regex.compile(r"[\p{L}\p{N}]+")
_SPELLED: Final = regex.compile(r"[\p{L}\p{N}@$!€|]+")
"""Letters, and the signs that stand for some."""
_UNSPACED: Final = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
_REPEATED: Final = regex.compile(r"(.)\1{2,}")
_RUN: Final = regex.compile(r"(.)\1+")
_SIGNS: Final = ("043571@$!€|8", "oaestlasielb", "oaestiasieib")
_FROM_SIGNS: Final = tuple(str.maketrans(_SIGNS[0], letters) for letters in _SIGNS[1:])
_LOOKALIKES: Final = str.maketrans("авекмнорстухіјѕԁɡαεικνορτυχ", "abekmhopctyxijsdgaeikvoptux")
"""Small letters of the Cyrillic and Greek scripts, and the Latin ones that they are taken for."""


class Word(NamedTuple):
    """An entry as it was typed, and the parts that it is found by; without parts, the folded text."""

    text: str
    folded: str
    parts: tuple[str, ...]


def clean_words(texts: Iterable[str]) -> str:
    """Return a list as it is stored, one entry a line: cleaned, none twice, and no more than there may be."""
    cleaned = (clean(text, WORD_LENGTH) for text in texts)
    unique = {_fold(text): text for text in cleaned if text and _fold(text)}
    return "\n".join(list(unique.values())[:MOST_WORDS])


def word_in(note: str, lists: Sequence[str | None]) -> tuple[int, str] | None:
    """Return which of the stored lists has a word that is in `note`, and that entry; None if none has."""
    for number, stored in enumerate(lists):
        if stored:
            entry = _found(note, stored)
            if entry is not None:
                return number, entry
    return None


def _found(note: str, stored: str) -> str | None:
    folded = _fold(note)
    readings = {tuple(reading) for reading in _readings(folded)}
    for word in _words(stored):
        if not word.parts:
            if word.folded in folded:
                return word.text
        elif any(_has(reading, word.parts) for reading in readings):
            return word.text
    return None


@lru_cache(maxsize=1_000)
def _words(stored: str) -> tuple[Word, ...]:
    """Return the entries of a stored list."""
    words: list[Word] = []
    for text in stored.split("\n"):
        folded = _fold(text)
        parts = () if _UNSPACED.search(folded) else tuple(_TOKEN.findall(folded))
        words.append(Word(text, folded, parts))
    return tuple(words)


def _fold(text: str) -> str:
    """Return a text without case and accents."""
    letters = (character for character in normalize("NFKD", text) if category(character) != "Mn")
    return normalize("NFKC", "".join(letters).casefold())


def _readings(folded: str) -> Iterable[list[str]]:
    """Yield the words of a text, as written and as they may be meant."""
    plain = _TOKEN.findall(folded)
    yield plain
    spelled = _SPELLED.findall(folded)
    for signs in _FROM_SIGNS:
        meant = [_unmasked(token, signs) for token in spelled]
        yield meant
        yield _joined(meant)
    yield _joined(plain)


def _unmasked(token: str, signs: dict[int, int]) -> str:
    """Return a word with letters for what looks like them. What has no letter of its own, like 100, stays."""
    if not any(character.isalpha() for character in token):
        return token
    latin = any("a" <= character <= "z" for character in token)
    # A word in another script is not made Latin: only one that mixes the two is a trick.
    token = token.translate(_LOOKALIKES) if latin else token
    return token.rstrip("!").translate(signs)


def _joined(tokens: Sequence[str]) -> list[str]:
    """Return words with runs of three or more single letters joined: "b a d" is "bad"."""
    joined: list[str] = []
    run: list[str] = []
    for token in [*tokens, ""]:
        if len(token) == 1:
            run.append(token)
            continue
        joined += ["".join(run)] if len(run) >= 3 else run
        run = []
        if token:
            joined.append(token)
    return joined


def _has(reading: Sequence[str], parts: tuple[str, ...]) -> bool:
    """Whether `parts` stand in a reading, one after the other."""
    width = len(parts)
    return any(
        all(_same(token, part) for token, part in zip(reading[start : start + width], parts, strict=True))
        for start in range(len(reading) - width + 1)
    )


def _same(token: str, part: str) -> bool:
    # Two equal letters are spelling, three are emphasis.
    return token == part or (bool(_REPEATED.search(token)) and _RUN.sub(r"\1", token) == _RUN.sub(r"\1", part))
