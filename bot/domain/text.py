"""The one cleaner that every name and message from outside goes through, on its way in and on its way out."""

import unicodedata
from functools import lru_cache

import regex

MESSAGE_LENGTH = 200
"""Graphemes of a gift's message."""
NAME_LENGTH = 32
"""Graphemes of a gift item's or a perk's name."""
TITLE_LENGTH = 80
"""Graphemes of a live event's title."""

_LONGEST_READ = 6_000
_MARKS_PER_BASE = 4
_STACKED_PER_BASE = 2
_ONE = r"(?:\p{RI}\p{RI}|[\p{Extended_Pictographic}&&\p{Emoji}](?:\p{Emoji_Modifier}|\ufe0f)?)"
_TAGGED = r"\U0001F3F4[\U000E0030-\U000E007A]{2,6}\U000E007F"
# The form of an emoji by Unicode's TR51, no longer than the longest that exist: four people, joined.
_ANY_EMOJI = rf"(?:{_TAGGED}|[0-9#*]\ufe0f?\u20e3|{_ONE}(?:\u200d{_ONE}){{0,3}})"
_EMOJI = regex.compile(_ANY_EMOJI, regex.V1)
_EMOJI_OR_INVISIBLE = regex.compile(rf"({_ANY_EMOJI})|[\p{{C}}\p{{Default_Ignorable_Code_Point}}]", regex.V1)
_CUSTOM_EMOJI = regex.compile(r"<a?:[A-Za-z0-9_]{2,32}:[0-9]{15,21}>")
_MARKDOWN = regex.compile(r"([\\*_~`|>#\-+\[\]()<:@])")
# Before letters a dot may be one of an address: Discord makes a link and a card of "discord.gg/…" without a scheme.
_ADDRESS_DOT = regex.compile(r"\.(?=\p{L})")
_GRAPHEME = regex.compile(r"\X")
# The empty Braille pattern is drawn as a space, and is none to Unicode.
_SPACE = regex.compile(r"[\s\u2800]+")


def clean(text: str, longest: int) -> str:
    """Return `text` as plain, single-line text of at most `longest` graphemes.

    Composed (NFC); controls, surrogates, private and unassigned characters and whatever is invisible dropped, except
    what joins emoji; marks that pile up on one letter dropped; white space collapsed. May be empty.
    """
    if not text:
        return text
    clusters = _GRAPHEME.findall(_plain(text))
    return "".join(clusters[:longest]).strip()


def _plain(text: str) -> str:
    # Bounded first: 4,000 characters of marks on one letter are one grapheme.
    spaced = _SPACE.sub(" ", text[:_LONGEST_READ])
    visible = _EMOJI_OR_INVISIBLE.sub(lambda found: found[1] or "", spaced)
    thinned = _without_piles(unicodedata.normalize("NFC", visible))
    # Once more: what was dropped may have stood between two spaces, or a letter and its accent.
    return unicodedata.normalize("NFC", _SPACE.sub(" ", thinned)).strip()


def _without_piles(text: str) -> str:
    """Burmese and Hebrew put four different marks on a letter; towers repeat them, or stack them above and below."""
    kept: list[str] = []
    marks: set[str] = set()
    stacked = 0
    for character in text:
        if unicodedata.category(character)[0] != "M":
            marks.clear()
            stacked = 0
        else:
            stacks = unicodedata.combining(character) >= 200
            full = len(marks) == _MARKS_PER_BASE or (stacks and stacked == _STACKED_PER_BASE)
            if full or character in marks:
                continue
            marks.add(character)
            stacked += stacks
        kept.append(character)
    return "".join(kept)


@lru_cache(maxsize=2_000)
def shown(text: str) -> str:
    """Return `text` for a Discord message: cleaned, and no markdown, mention, timestamp or link in it works.

    Right-to-left text is isolated (FSI, PDI), so that it cannot turn the sentence around it.
    """
    escaped = _ADDRESS_DOT.sub(".\u2060", _MARKDOWN.sub(r"\\\1", _plain(text)))
    # Discord has pinged through a bare @everyone before, escaped or not: a word joiner ends the word.
    return "\u2068" + escaped.replace("@", "@\u2060") + "\u2069" if escaped else ""


def emoji(text: str) -> str | None:
    """Return `text` as one emoji, Unicode or of a guild (`<:name:id>`); None if it is anything else."""
    text = text.strip()
    return text if _CUSTOM_EMOJI.fullmatch(text) or _EMOJI.fullmatch(text) else None
