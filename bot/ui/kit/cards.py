"""Cards: what a message says, written once for Discord's two forms, a layout of components and an embed."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, TypeVar

import discord

from bot.ui.kit import components, discord_limits
from bot.ui.kit.components import Button, Item, Menu, Payload

PostedT = TypeVar("PostedT")
"""A kind of component, as discord.py reads it in a posted message."""

_SECTION_TEXTS = 3
_OWN_EMOJI = re.compile(r"<a?(:\w+:)\d+>")


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG in a message; `alt` describes it for those who do not see it. `beside` the words it is small."""

    filename: str
    png: bytes
    alt: str
    beside: bool = False

    @property
    def url(self) -> str:
        """The address by which a message refers to its own file."""
        return f"attachment://{self.filename}"

    @property
    def fitted_alt(self) -> str:
        """The alt text within Discord's limit."""
        return discord_limits.cut(self.alt, discord_limits.ALT_TEXT)

    def file(self) -> discord.File:
        """Return the file to send; it can be read once."""
        return discord.File(io.BytesIO(self.png), self.filename, description=self.fitted_alt)


@dataclass(frozen=True, slots=True)
class Document:
    """A file in a message that is not a picture: a text, bytes, or a file on disk, which is read when it is sent."""

    filename: str
    content: str | bytes | Path

    @property
    def url(self) -> str:
        """The address by which a message refers to its own file."""
        return f"attachment://{self.filename}"

    def file(self) -> discord.File:
        """Return the file to send; it can be read once."""
        return discord.File(io.BytesIO(self._read()), self.filename)

    def _read(self) -> bytes:
        if isinstance(self.content, Path):
            # discord.py does not close the files of some answers. A message's files are 25 MiB at most.
            return self.content.read_bytes()
        return self.content.encode() if isinstance(self.content, str) else self.content


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph of a card, set apart from the one before if it has a heading.

    A layout shows its button beside the heading, or beside the text if there is none, and its menu below the text, like
    the items of its `row`.
    """

    text: str
    heading: str = ""
    button: Button | None = None
    menu: Menu | None = None
    row: tuple[Item, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """The controls in this paragraph."""
        return tuple(item for item in (self.button, self.menu, *self.row) if item is not None)


def named(emoji: str, name: str, value: str) -> str:
    """Return the text of a part that shows one setting: its name, and its value below."""
    return f"**{' '.join(filter(None, (emoji, name)))}**\n{value}"


@dataclass(frozen=True, slots=True)
class Card:
    """A title, paragraphs and a small last line, with pictures below the first paragraph, or one beside it.

    `documents` are files below the text. Discord shows several pictures side by side and cuts them off, unless they are
    stacked: then each has the full width.
    """

    colour: int
    parts: tuple[Part, ...]
    title: str = ""
    footer: str = ""
    pictures: tuple[Picture, ...] = ()
    documents: tuple[Document, ...] = ()
    is_stacked: bool = False

    @classmethod
    def of(cls, text: str, colour: int) -> "Card":
        """Return a card with one paragraph."""
        return cls(colour, (Part(text),))

    def with_parts(self, *parts: Part, below: Sequence[Item] = ()) -> "Card":
        """Return the card with more `parts`, and the items `below` between the present parts, which they are about, and
        the new ones."""
        *earlier, last = self.parts
        return replace(self, parts=(*earlier, replace(last, row=(*last.row, *below)), *parts))

    @property
    def text(self) -> str:
        """Everything that the card says below its title: for a form, which shows the title separately."""
        whole = "\n".join(block.text for block in _blocks(replace(self, title="")))
        return discord_limits.cut(whole, discord_limits.LAYOUT_TEXT)

    def embed(self) -> discord.Embed:
        """Return the card as an embed, which shows its first picture."""
        text = "\n\n".join(part.text for part in self.parts if not part.heading)
        embed = discord.Embed(title=self.title or None, description=text, colour=self.colour)
        for part in self.parts:
            if part.heading:
                embed.add_field(name=part.heading, value=part.text, inline=False)
        for picture in self.pictures[:1]:
            show = embed.set_thumbnail if picture.beside else embed.set_image
            show(url=picture.url)
        # Footers of embeds do not show a server's own emoji.
        return embed.set_footer(text=_OWN_EMOJI.sub(r"\1", self.footer) or None)

    def layout(self, items: Sequence[Item]) -> list[Payload]:
        """Return the card as a layout, with buttons and menus at its end."""
        blocks = _blocks(self)
        beside = next((picture for picture in self.pictures if picture.beside), None)
        below = [picture for picture in self.pictures if not picture.beside]
        parts: list[Payload] = []
        # A picture is as high as a few lines, so as much as possible goes beside it. Only small print stays below.
        openings = blocks[: _SECTION_TEXTS if beside is not None else 1] if self.parts else []
        if beside is not None:
            picture = components.thumbnail(beside.url, beside.fitted_alt)
            parts.append(components.section([block.text for block in openings], picture))
        elif openings:
            parts += openings[0].payloads()
        galleries = [[picture] for picture in below] if self.is_stacked else [below] if below else []
        parts += [components.gallery((each.url, each.fitted_alt) for each in gallery) for gallery in galleries]
        for block in blocks[len(openings) :]:
            if block.is_apart:
                parts.append(components.separator())
            parts += block.payloads()
        parts += [components.file(document.url) for document in self.documents]
        return [components.container(self.colour, [*parts, *components.action_rows(items)])]


def last_headed(message: discord.Message) -> str:
    """Return the text of a posted card's last part with a heading, in either form; "" if there is none."""
    if message.embeds:
        fields = message.embeds[0].fields
        return fields[-1].value or "" if fields else ""
    texts = [part.content for part in _posted_texts(message.components) if part.content.startswith("**")]
    return texts[-1].partition("\n")[2] if texts else ""


def posted_url(message: discord.Message, start: str) -> str:
    """Return the address that a button of a posted card opens, if it begins with `start`; "" if none does."""
    urls = (button.url or "" for button in _posted(message.components, discord.Button))
    return next((url for url in urls if url.startswith(start)), "")


def _posted_texts(components: Iterable[object]) -> Iterator[discord.TextDisplay]:
    yield from _posted(components, discord.TextDisplay)


def _posted(components: Iterable[object], kind: type[PostedT]) -> Iterator[PostedT]:
    for component in components:
        if isinstance(component, kind):
            yield component
        yield from _posted(getattr(component, "children", ()), kind)


class _Block(NamedTuple):
    """A text of a layout, and what is beside and below it."""

    text: str
    is_apart: bool = False
    button: Button | None = None
    below: tuple[Item, ...] = ()

    def payloads(self) -> list[Payload]:
        text = components.text(self.text)
        if self.button is not None:
            text = components.section([self.text], self.button.payload())
        return [text, *components.action_rows(self.below)] if self.below else [text]


def _blocks(card: Card) -> list[_Block]:
    """Return the texts of a card within Discord's limit, the small print included."""
    # The small print gets its room first: a receipt's number must survive a long text.
    small = f"-# {discord_limits.cut(card.footer, discord_limits.FOOTER)}" if card.footer else ""
    room = discord_limits.LAYOUT_TEXT - discord_limits.size(small)
    blocks: list[_Block] = []
    for part in card.parts:
        heading = f"## {card.title}\n" if card.title and not blocks else ""
        heading += f"**{part.heading}**\n" if part.heading else ""
        if room <= discord_limits.size(heading) + 1:
            break
        text = discord_limits.cut(heading + part.text, room)
        room -= discord_limits.size(text)
        below = (*([part.menu] if part.menu else []), *part.row)
        if part.heading and part.button is not None:
            # An explanation of a switch gets the full width, which is narrow enough on a phone.
            blocks += [_Block(heading.strip(), True, part.button), _Block(text.removeprefix(heading), below=below)]
        else:
            blocks.append(_Block(text, bool(part.heading), part.button, below))
    return [*blocks, _Block(small)] if small else blocks
