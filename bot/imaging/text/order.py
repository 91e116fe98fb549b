"""The visual order of the parts of a line: Unicode's bidirectional algorithm, by python-bidi.

Pillow orders only text of a single font. A line here may have several fonts, so it is ordered before drawing.
"""

from collections.abc import Sequence
from typing import Any, TypeVar, cast
from unicodedata import bidirectional, category

import regex
from bidi import algorithm
from bidi.mirror import MIRRORED

Run = TypeVar("Run")
# The package has no type hints.
_bidi = cast("Any", algorithm)

_RIGHT_TO_LEFT = regex.compile(r"[\p{Bidi_Class=R}\p{Bidi_Class=AL}\p{Bidi_Class=AN}]")
_KNOWN = frozenset(("L", "R", "AL", "EN", "ES", "ET", "AN", "CS", "NSM", "WS", "ON"))
_NEUTRAL = "!"
_STRONG = {"L": "L", "R": "R", "EN": "R", "AN": "R"}
"""The types that count as strong next to brackets, and their directions."""


def levels(clusters: Sequence[str], base: int) -> list[int]:
    """Return the bidi level of each grapheme. Odd levels are right to left.

    `base` is the direction of the paragraph, as `base_of` gives it.
    """
    # The first character decides the direction of a grapheme; its marks follow it.
    text = "".join(map(_first, clusters))
    if not base and not _RIGHT_TO_LEFT.search(text):
        return [0] * len(clusters)
    storage = _bidi.get_empty_storage()
    storage.update(base_level=base, base_dir="LR"[base])
    _bidi.get_embedding_levels(text, storage)
    _bidi.explicit_embed_and_overrides(storage)
    _bidi.resolve_weak_types(storage)
    _resolve_brackets(storage["chars"], "LR"[base])
    _bidi.resolve_neutral_types(storage, debug=False)
    _bidi.resolve_implicit_levels(storage, debug=False)
    return [character["level"] for character in storage["chars"]]


def base_of(text: str) -> int:
    """Return the direction of a paragraph, decided by its first letter: 0 left to right, 1 right to left."""
    return _bidi.get_base_level(text)


def visual(runs: Sequence[Run], depths: Sequence[int]) -> list[Run]:
    """Return the runs from left to right; `depths` are their levels."""
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


def _first(cluster: str) -> str:
    # Python's character table is older than the newest emoji and has no direction for them.
    return cluster[0] if bidirectional(cluster[0]) in _KNOWN else _NEUTRAL


def _resolve_brackets(characters: list[dict[str, Any]], base: str) -> None:
    """Apply rule N0, which python-bidi leaves out: a pair of brackets takes the direction of its content."""
    for start, end in _bracket_pairs(characters):
        inside = {_STRONG.get(character["type"]) for character in characters[start + 1 : end]} - {None}
        if not inside:
            continue
        earlier_directions = (_STRONG.get(character["type"]) for character in reversed(characters[:start]))
        before = next(filter(None, earlier_directions), base)
        direction = base if base in inside or before == base else before
        characters[start]["type"] = characters[end]["type"] = direction


def _bracket_pairs(characters: list[dict[str, Any]]) -> list[tuple[int, int]]:
    open_brackets: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for index, character in enumerate(characters):
        sign = character["ch"]
        kind = category(sign) if sign in MIRRORED else ""
        if kind == "Ps":
            open_brackets.append((MIRRORED[sign], index))
        elif kind == "Pe" and sign in (closing for closing, _ in open_brackets):
            while open_brackets:
                closing, start = open_brackets.pop()
                if closing == sign:
                    pairs.append((start, index))
                    break
    return sorted(pairs)
