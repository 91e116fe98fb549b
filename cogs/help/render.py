"""What help looks like: the page of a topic, and what narrows down while a member types."""

from typing import NamedTuple

from discord import app_commands

from bot.domain.matching import matching
from bot.domain.text import shown
from bot.ui import theme
from bot.ui.kit import discord_limits
from bot.ui.kit.cards import Card, Part
from bot.ui.text.commands import without_mentions
from bot.ui.text.reader import Reader
from cogs.help.topics import SETTING_UP, START, TOPICS


class Place(NamedTuple):
    """A line of a topic by its number; the title has none."""

    topic: str
    line: int | None = None

    @property
    def value(self) -> str:
        """The place as the option of the command has it."""
        return self.topic if self.line is None else f"{self.topic}.{self.line}"


def topic(place: Place, reader: Reader, *, manages_guild: bool = False) -> Card:
    """Return the page of a topic, whose commands can be pressed. The line that was searched for comes first.

    For a reader who `manages_guild`, the first page says where their own first steps are.
    """
    title, lines = TOPICS[place.topic].title, list(TOPICS[place.topic].lines)
    if place.line is not None:
        lines.insert(0, lines.pop(place.line))
    text = "\n\n".join(reader._(line) for line in lines)
    parts = [Part(text)]
    if manages_guild and place.topic == START:
        setting_up = reader._(TOPICS[SETTING_UP].title)
        parts.append(Part(reader._("🛠️ You manage this server: pick *{topic}* for the first steps.", topic=setting_up)))
    return Card(theme.ROSE, tuple(parts), title=f"🌸 {reader._(title)}")


def not_found(query: str, reader: Reader) -> Card:
    """Return that no line has these words."""
    text = reader._("I don't have anything about “{query}” yet. Pick a topic below.", query=shown(query))
    return Card(theme.AMBER, (Part(text),), title="🌸 " + reader._("Help"))


def place_of(query: str, reader: Reader) -> Place | None:
    """Return the place that a choice stands for, or the best one for words that were typed; None if none has them."""
    name, _, number = query.partition(".")
    if name in TOPICS and not number:
        return Place(name)
    if name in TOPICS and number.isdecimal() and int(number) < len(TOPICS[name].lines):
        return Place(name, int(number))
    return next(iter(_places(query, reader)), None)


def choices(query: str, reader: Reader) -> list[app_commands.Choice[str]]:
    """Return the topics, then the lines, that have what was typed; all topics before anything is."""
    return [
        app_commands.Choice(
            name=discord_limits.cut(_label(place, reader), discord_limits.CHOICE_NAME), value=place.value
        )
        for place in _places(query, reader)[: discord_limits.SELECT_OPTIONS]
    ]


def _places(query: str, reader: Reader) -> list[Place]:
    titles = matching([Place(name) for name in TOPICS], query, lambda place: _names(place, reader))
    if not query.strip():
        return titles
    lines = [Place(name, number) for name, topic in TOPICS.items() for number in range(len(topic.lines))]
    return titles + matching(lines, query, lambda place: _names(place, reader))


def _names(place: Place, reader: Reader) -> tuple[str, str]:
    """Return what a member may type for a text: the words of the list, which are all that they see, or of the page."""
    return _label(place, reader), _text(place, reader)


def _text(place: Place, reader: Reader) -> str:
    topic = TOPICS[place.topic]
    return reader._(topic.title if place.line is None else topic.lines[place.line])


def _label(place: Place, reader: Reader) -> str:
    """Return a text as lists show it, which know neither markdown nor mentions."""
    return (
        without_mentions(_text(place, reader))
        .replace("**", "")
        .replace("`", "")
        .replace("*", "")
        .replace("<https", "https")
    )
