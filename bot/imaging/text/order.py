"""The visual order of the parts of a line, by Unicode's bidirectional algorithm (UAX #9).

Pillow orders only text of a single font. A line here may have several fonts, so it is ordered before drawing. The
cleaner drops embeddings, overrides and isolates, so every text is one run of its paragraph's level: what is left are
the rules for weak types (W), for neutral ones (N) and for the levels (I). Rule names are those of the standard.
"""

from collections.abc import Sequence
from typing import Final, Literal, TypeVar
from unicodedata import bidirectional, category, mirrored, normalize

import regex

Run = TypeVar("Run")
Direction = Literal["L", "R"]

_RIGHT_TO_LEFT = regex.compile(r"[\p{Bidi_Class=R}\p{Bidi_Class=AL}\p{Bidi_Class=AN}]")
_KNOWN: Final = frozenset(("L", "R", "AL", "EN", "ES", "ET", "AN", "CS", "NSM", "WS", "ON"))
_SIDES: Final[dict[str, Direction]] = {"L": "L", "R": "R", "EN": "R", "AN": "R"}
"""The direction that the neutral characters beside a resolved type see."""

_SEPARATORS: Final = {"EN": {"ES", "CS"}, "AN": {"CS"}}
"""What may stand between two numbers of a type and be part of them."""

_MOST_OPEN: Final = 63
"""Brackets that may be open at once; where more are, none is paired."""
_DISTANCES: Final = {0x5B: 2, 0x7B: 2, 0xFF3B: 2, 0xFF5B: 2, 0x298D: 3, 0x298F: -1}
"""How far the code point of a closing bracket is from that of the opening one, where it is not the next."""


def levels(clusters: Sequence[str], base: int) -> list[int]:
    """Return the bidi level of each grapheme. Odd levels are right to left.

    `base` is the direction of the paragraph, as `base_of` gives it. The first character of a grapheme decides for all
    of it.
    """
    characters = [cluster[0] for cluster in clusters]
    if not base and not _RIGHT_TO_LEFT.search("".join(characters)):
        return [0] * len(characters)
    return resolved(characters, base)


def resolved(characters: Sequence[str], base: int) -> list[int]:
    """Return the bidi level of each character in a paragraph of the level `base`, 0 or 1."""
    direction: Direction = "R" if base else "L"
    types = [_type_of(character) for character in characters]
    marks = [kind == "NSM" for kind in types]
    _resolve_weak(types, direction)
    _resolve_brackets(characters, types, marks, direction)
    _resolve_neutral(types, direction)
    # I1 and I2: letters have an even level left to right, an odd one right to left, and numbers the next even one.
    steps = {"L": 1, "R": 0, "EN": 1, "AN": 1} if base else {"L": 0, "R": 1, "EN": 2, "AN": 2}
    return [base + steps[kind] for kind in types]


def base_of(text: str) -> int:
    """Return the direction of a paragraph, decided by its first letter: 0 left to right, 1 right to left."""
    strong = next((kind for kind in map(bidirectional, text) if kind in {"L", "R", "AL"}), "L")
    return int(strong != "L")


def visual(runs: Sequence[Run], depths: Sequence[int]) -> list[Run]:
    """Return the runs from left to right (rule L2); `depths` are their levels."""
    ordered = list(zip(depths, runs, strict=True))
    for depth in range(max(depths, default=0), 0, -1):
        start = 0
        while start < len(ordered):
            end = start
            while end < len(ordered) and ordered[end][0] >= depth:
                end += 1
            ordered[start:end] = reversed(ordered[start:end])
            start = max(end, start + 1)
    return [run for _, run in ordered]


def _type_of(character: str) -> str:
    # Python's character table is older than the newest emoji and has no direction for them.
    kind = bidirectional(character)
    return kind if kind in _KNOWN else "ON"


def _resolve_weak(types: list[str], direction: Direction) -> None:
    """Apply rules W1 to W7: marks, numbers, and the signs in and beside numbers take definite types."""
    before: str = direction
    for index, kind in enumerate(types):  # W1
        before = types[index] = before if kind == "NSM" else kind
    _replace_numbers(types, direction, after="AL", by="AN")  # W2
    types[:] = ["R" if kind == "AL" else kind for kind in types]  # W3
    for index in range(1, len(types) - 1):  # W4
        before, kind, after = types[index - 1 : index + 2]
        if before == after and kind in _SEPARATORS.get(before, ()):
            types[index] = before
    for start, end in _stretches(types, {"ET"}):  # W5
        if "EN" in {*types[start - 1 : start], *types[end : end + 1]}:
            types[start:end] = ["EN"] * (end - start)
    types[:] = ["ON" if kind in {"ES", "ET", "CS"} else kind for kind in types]  # W6
    _replace_numbers(types, direction, after="L", by="L")  # W7


def _replace_numbers(types: list[str], direction: Direction, *, after: str, by: str) -> None:
    """Give European numbers the type `by` where the last letter before them is of the type `after`."""
    letter: str = direction
    for index, kind in enumerate(types):
        if kind in {"L", "R", "AL"}:
            letter = kind
        elif kind == "EN" and letter == after:
            types[index] = by


def _resolve_brackets(characters: Sequence[str], types: list[str], marks: Sequence[bool], direction: Direction) -> None:
    """Apply rule N0: a pair of brackets takes the direction of its content, and so do the marks on it."""
    for start, end in _bracket_pairs(characters, types):
        inside = {_SIDES[kind] for kind in types[start + 1 : end] if kind in _SIDES}
        if not inside:
            continue
        before = next((_SIDES[kind] for kind in reversed(types[:start]) if kind in _SIDES), direction)
        chosen = direction if direction in inside else before
        for bracket in (start, end):
            types[bracket] = chosen
            marked = bracket + 1
            while marked < len(types) and marks[marked]:
                types[marked] = chosen
                marked += 1


def _bracket_pairs(characters: Sequence[str], types: Sequence[str]) -> list[tuple[int, int]]:
    """Return where the brackets of each pair stand, in the order of the opening ones (definition BD16)."""
    open_brackets: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for index, character in enumerate(characters):
        if types[index] != "ON" or not mirrored(character):
            continue
        sign, kind = normalize("NFC", character), category(character)
        if kind == "Ps":
            if len(open_brackets) == _MOST_OPEN:
                return []
            open_brackets.append((chr(ord(sign) + _DISTANCES.get(ord(sign), 1)), index))
        elif kind == "Pe":
            closing = [awaited for awaited, _ in open_brackets]
            if sign in closing:
                depth = len(closing) - 1 - closing[::-1].index(sign)
                pairs.append((open_brackets[depth][1], index))
                del open_brackets[depth:]
    return sorted(pairs)


def _resolve_neutral(types: list[str], direction: Direction) -> None:
    """Apply rules N1 and N2: neutral characters between equal directions take it, others that of the paragraph."""
    for start, end in _stretches(types, {"WS", "ON"}):
        before = _SIDES[types[start - 1]] if start else direction
        after = _SIDES[types[end]] if end < len(types) else direction
        types[start:end] = [before if before == after else direction] * (end - start)


def _stretches(types: Sequence[str], kinds: set[str]) -> list[tuple[int, int]]:
    """Return the start and end of each longest stretch of `kinds`."""
    within = [False, *(kind in kinds for kind in types), False]
    edges = [index for index in range(len(types) + 1) if within[index] != within[index + 1]]
    return list(zip(edges[::2], edges[1::2], strict=True))
