"""Discord's limits for what we send: one cutter, so that no name, amount or message can make a reply fail.

Lengths are counted in UTF-16 units, the strictest way to count; cuts fall between graphemes, what a reader sees
as characters. Source of the limits: Discord's documentation of messages, embeds and components.
"""

from collections.abc import Sequence

import discord
import regex

CONTENT = 2000
EMBED_TOTAL = 6000
TITLE = 256
DESCRIPTION = 4096
FIELDS = 25
FIELD_NAME = 256
FIELD_VALUE = 1024
FOOTER = 2048
BUTTON_LABEL = 80
SELECT_OPTIONS = 25
OPTION_TEXT = 100
CHOICE_NAME = 100
MODAL_TITLE = 45
ALT_TEXT = 1024
LAYOUT_TEXT = 4000
"""All texts of a layout together."""
FILES = 10
MESSAGE_BYTES = (25 << 20) - (64 << 10)
"""The most bytes of all files of a message: Discord accepts requests of 25 MiB, which includes the description of the
files."""
CARD_TEXT = 3_600
"""A long text of a card, beside its title, a small last line and a sentence or two."""

_ELLIPSIS = "…"
_BLANK = "\u200b"
_GRAPHEME = regex.compile(r"\X")


def size(text: str) -> int:
    """Return the length of `text` in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, longest: int) -> str:
    """Return `text`, or as many of its graphemes as fit into `longest` units with an ellipsis."""
    # No character has more than two units.
    if 2 * len(text) <= longest or size(text) <= longest:
        return text
    graphemes: list[str] = []
    room = longest - size(_ELLIPSIS)
    for match in _GRAPHEME.finditer(text):
        grapheme = match.group()
        room -= size(grapheme)
        if room < 0:
            break
        graphemes.append(grapheme)
    return "".join(graphemes).rstrip() + _ELLIPSIS if longest else ""


def lines(parts: Sequence[str], longest: int) -> str:
    """Return whole lines of `parts` as long as they fit into `longest` units; an ellipsis replaces the rest."""
    whole = "\n".join(parts)
    if size(whole) <= longest:
        return whole
    fitting: list[str] = []
    room = longest - size(_ELLIPSIS) - 1
    for part in parts:
        room -= size(part) + 1
        if room < 0:
            # The first one alone may fit, and without an ellipsis nobody would know of the others.
            return "\n".join([*fitting, _ELLIPSIS]) if fitting else cut(part + _ELLIPSIS, longest)
        fitting.append(part)
    return "\n".join(fitting)


def fit(embed: discord.Embed) -> discord.Embed:
    """Return `embed` within every limit, as a copy that is cut if it does not fit."""
    # Nearly all embeds are small, and no grapheme of those needs to be counted.
    return embed if _fits(embed) else _fit(embed, EMBED_TOTAL)


def plain(embed: discord.Embed) -> str:
    """Return what `embed` says as the text of a message, for channels that show no embeds."""
    parts = [f"**{embed.title}**" if embed.title else "", embed.description or ""]
    parts += [f"**{field.name}**\n{field.value}" for field in embed.fields]
    parts.append(f"-# {embed.footer.text}" if embed.footer.text else "")
    return cut("\n".join(filter(None, parts)), CONTENT)


def total(embed: discord.Embed) -> int:
    """Return what Discord counts of an embed, in units."""
    texts = [embed.title, embed.description, embed.footer.text, embed.author.name]
    texts += [text for field in embed.fields for text in (field.name, field.value)]
    return sum(size(text) for text in texts if text)


def _fits(embed: discord.Embed) -> bool:
    """Whether an embed is far from every limit, which nearly all are."""
    if embed.fields or not (embed.title or embed.description):
        return False
    # All texts together within the limit of the footer, which is below that of the description.
    return 2 * len(embed) <= FOOTER and 2 * len(embed.title or "") <= TITLE


def _fit(embed: discord.Embed, room: int) -> discord.Embed:
    small = discord.Embed(colour=embed.colour, url=embed.url, timestamp=embed.timestamp)
    if embed.image.url:
        small.set_image(url=embed.image.url)
    if embed.thumbnail.url:
        small.set_thumbnail(url=embed.thumbnail.url)
    if embed.title:
        small.title = cut(embed.title, min(TITLE, room))
    # A receipt's number is in the footer, which goes in before the long parts can use up the room.
    if embed.footer.text and room - total(small) > 1:
        small.set_footer(text=cut(embed.footer.text, min(FOOTER, room - total(small))))
    if embed.description and room - total(small) > 1:
        small.description = cut(embed.description, min(DESCRIPTION, room - total(small)))
    for field in embed.fields[:FIELDS]:
        name = cut(field.name or _BLANK, FIELD_NAME)
        remaining = room - total(small) - size(name)
        if remaining < 2:
            break
        small.add_field(name=name, value=cut(field.value or _BLANK, min(FIELD_VALUE, remaining)), inline=field.inline)
    return small
