"""The one cleaner that every name and message from outside goes through, on its way in and on its way out."""

import unicodedata

import regex

MESSAGE_LENGTH = 200
"""Graphemes of a gift's message."""
NAME_LENGTH = 32
"""Graphemes of a gift item's or a perk's name."""
TITLE_LENGTH = 80
"""Graphemes of a live event's title."""

_JOINERS = {"\u200d", "\ufe0e", "\ufe0f"}
_KEYCAP = "\u20e3"
_TAGS = range(0xE0020, 0xE0080)
_MARKS_PER_BASE = 2
_MARKDOWN = regex.compile(r"([\\*_~`|>#\-+\[\]()<:@])")
_GRAPHEME = regex.compile(r"\X")
_PICTOGRAM = regex.compile(r"[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}]")
_SPACE = regex.compile(r"\s+")
_CUSTOM_EMOJI = regex.compile(r"<a?:[A-Za-z0-9_]{2,32}:[0-9]{15,21}>")


def clean(text: str, longest: int) -> str:
    """Return `text` as plain, single-line text of at most `longest` graphemes.

    Composed (NFC); controls, surrogates, private and unassigned characters and invisible formatting dropped, except
    what joins emoji; at most two combining marks on a letter; white space collapsed. May be empty.
    """
    # Bounded first: 4,000 characters of marks on one letter are one grapheme.
    composed = unicodedata.normalize("NFC", text[:6000])
    spaced = _SPACE.sub(" ", composed)
    kept = "".join(_kept(cluster) for cluster in _GRAPHEME.findall(spaced))
    clusters = _GRAPHEME.findall(kept.strip())
    return "".join(clusters[:longest]).strip()


def _kept(cluster: str) -> str:
    pictogram = _PICTOGRAM.search(cluster) is not None or _KEYCAP in cluster
    out: list[str] = []
    marks = 0
    for character in cluster:
        if pictogram and (character in _JOINERS or ord(character) in _TAGS):
            out.append(character)
            continue
        category = unicodedata.category(character)
        if category[0] == "M":
            marks += 1
            if marks > _MARKS_PER_BASE or (character in _JOINERS and not pictogram):
                continue
        elif category[0] == "C":
            continue
        out.append(character)
    return "".join(out)


def shown(text: str) -> str:
    """Return cleaned `text` for a Discord message: no markdown, mention, timestamp or link in it works.

    Right-to-left text is isolated (FSI, PDI), so that it cannot turn the sentence around it.
    """
    escaped = _MARKDOWN.sub(r"\\\1", text)
    # Discord has pinged through a bare @everyone before, escaped or not: a word joiner ends the word.
    return "\u2068" + escaped.replace("@", "@\u2060") + "\u2069" if escaped else ""


def emoji(text: str) -> str | None:
    """Return `text` as one emoji, Unicode or of a guild (`<:name:id>`); None if it is anything else."""
    text = text.strip()
    if _CUSTOM_EMOJI.fullmatch(text):
        return text
    clusters = _GRAPHEME.findall(text)
    if len(clusters) != 1:
        return None
    return text if _PICTOGRAM.search(text) or _KEYCAP in text else None
