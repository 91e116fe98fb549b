"""The one cleaner for all names and messages from outside. It is applied both to input and to output."""

import unicodedata
from functools import lru_cache

import regex

MESSAGE_LENGTH = 200
"""The most graphemes of a gift's message."""
NAME_LENGTH = 32
"""The most graphemes in the name of a gift item or a perk."""
TITLE_LENGTH = 80
"""The most graphemes of a live event's title."""

_LONGEST_READ = 6_000
_MARKS_PER_BASE = 4
_STACKED_PER_BASE = 2
_EMOJI_PART = r"(?:\p{RI}\p{RI}|[\p{Extended_Pictographic}&&\p{Emoji}](?:\p{Emoji_Modifier}|\ufe0f)?)"
_TAGGED_FLAG = r"\U0001F3F4[\U000E0030-\U000E007A]{2,6}\U000E007F"
# The form of an emoji by Unicode's TR51, up to the longest that exist: four joined people.
_ANY_EMOJI = rf"(?:{_TAGGED_FLAG}|[0-9#*]\ufe0f?\u20e3|{_EMOJI_PART}(?:\u200d{_EMOJI_PART}){{0,3}})"
_EMOJI = regex.compile(_ANY_EMOJI, regex.V1)
_EMOJI_OR_INVISIBLE = regex.compile(rf"({_ANY_EMOJI})|[\p{{C}}\p{{Default_Ignorable_Code_Point}}]", regex.V1)
_CUSTOM_EMOJI = regex.compile(r"<a?:[A-Za-z0-9_]{2,32}:[0-9]{15,21}>")
_MARKDOWN = regex.compile(r"([\\*_~`|>#\-+\[\]()<:@])")
# A dot before a letter may be part of an address. Discord turns "discord.gg/…" into a link and a card even without a
# scheme.
_ADDRESS_DOT = regex.compile(r"\.(?=\p{L})")
_GRAPHEME = regex.compile(r"\X")
# The empty Braille pattern looks like a space but is not one to Unicode.
_SPACE = regex.compile(r"[\s\u2800]+")


def clean(text: str, longest: int) -> str:
    """Return `text` as plain, single-line text of at most `longest` graphemes.

    The text is composed (NFC), and white space is collapsed. Control, surrogate, private, unassigned and invisible
    characters are dropped, except the joiners inside emoji, and so are marks that pile up on one letter. The returned
    text may be empty.
    """
    if not text:
        return text
    clusters = _GRAPHEME.findall(_plain(text))
    return "".join(clusters[:longest]).strip()


def _plain(text: str) -> str:
    # Cut the text first: one letter with 4,000 marks is a single grapheme.
    spaced = _SPACE.sub(" ", text[:_LONGEST_READ])
    visible = _EMOJI_OR_INVISIBLE.sub(lambda match: match[1] or "", spaced)
    thinned = _without_piles(unicodedata.normalize("NFC", visible))
    # Repeat both steps: a dropped character may have separated two spaces, or a letter and its accent.
    return unicodedata.normalize("NFC", _SPACE.sub(" ", thinned)).strip()


def _without_piles(text: str) -> str:
    """Drop marks that pile up on one letter.

    Burmese and Hebrew put up to four different marks on a letter. Towers repeat marks, or stack them above and below.
    """
    characters: list[str] = []
    marks: set[str] = set()
    stacked = 0
    for character in text:
        if unicodedata.category(character)[0] != "M":
            marks.clear()
            stacked = 0
        else:
            # Combining classes from 200 on are placed above or below the letter, where they can stack.
            stacks = unicodedata.combining(character) >= 200
            is_full = len(marks) == _MARKS_PER_BASE or (stacks and stacked == _STACKED_PER_BASE)
            if is_full or character in marks:
                continue
            marks.add(character)
            stacked += stacks
        characters.append(character)
    return "".join(characters)


@lru_cache(maxsize=2_000)
def shown(text: str) -> str:
    """Return cleaned `text` for a Discord message. No markdown, mention, timestamp or link in it works.

    The text is isolated (FSI, PDI), so that right-to-left text cannot reorder the sentence around it.
    """
    escaped = _ADDRESS_DOT.sub(".\u2060", _MARKDOWN.sub(r"\\\1", _plain(text)))
    # Discord has pinged through @everyone even when escaped. A word joiner after the @ breaks the word.
    return "\u2068" + escaped.replace("@", "@\u2060") + "\u2069" if escaped else ""


def emoji(text: str) -> str | None:
    """Return `text` as one emoji, from Unicode or a guild (`<:name:id>`). Return None if it is anything else."""
    text = text.strip()
    return text if _CUSTOM_EMOJI.fullmatch(text) or _EMOJI.fullmatch(text) else None
