"""What the bot's answers to a storm mean, whether they are embeds or layouts."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, Self

from sandbox.discord.jsontypes import JSON
from sandbox.discord.limits.components import BUTTON, TEXT
from sandbox.discord.model import Message
from sandbox.discord.model.message import walk
from sandbox.storm_plan import Outcome

_HEADING, _SMALL = "## ", "-# "
_NUMBER: Final = re.compile(r"#(\d+)$")
"""The end of a receipt's last line. A mention of a channel ends differently."""
_YES: Final = (1, 3, 4)
"""The styles of buttons that confirm: primary, success, and danger where something is taken back."""


class Answer(NamedTuple):
    """The embeds and components of an answer."""

    embeds: Sequence[JSON]
    components: Sequence[JSON]

    @classmethod
    def of(cls, message: Message) -> Self:
        """Return the answer that a message is."""
        return cls(message.embeds, message.components)

    @classmethod
    def of_json(cls, data: JSON) -> Self:
        """Return the answer that the bot has sent."""
        return cls(data.get("embeds", ()), data.get("components", ()))

    @property
    def receipt(self) -> int | None:
        """The number of the receipt that it is, None if it is none."""
        matches = (_NUMBER.search(line) for line in self._last_lines())
        return next((int(match[1]) for match in matches if match), None)

    @property
    def outcome(self) -> Outcome:
        """The outcome of a request: a receipt, an error (with a title), or a refusal (without)."""
        if self.receipt is not None:
            return "answered"
        return "failed" if any(self._titles()) else "refused"

    @property
    def yes(self) -> JSON | None:
        """The button that says yes to a question, None if it asks none."""
        if not any(title.endswith("?") for title in self._titles()):
            return None
        buttons = (part for part in walk([*self.components]) if part["type"] == BUTTON and not part.get("disabled"))
        return next((button for button in buttons if button["style"] in _YES), None)

    def _titles(self) -> Iterator[str]:
        yield from (embed["title"] for embed in self.embeds if embed.get("title"))
        firsts = (text.partition("\n")[0] for text in self._texts())
        yield from (line.removeprefix(_HEADING) for line in firsts if line.startswith(_HEADING))

    def _last_lines(self) -> Iterator[str]:
        yield from (embed.get("footer", {}).get("text", "") for embed in self.embeds)
        lasts = (text.rpartition("\n")[2] for text in self._texts())
        yield from (line for line in lasts if line.startswith(_SMALL))

    def _texts(self) -> Iterator[str]:
        yield from (part["content"] for part in walk([*self.components]) if part["type"] == TEXT)
