"""Commands in texts, which members can press instead of typing them."""

import re
from collections.abc import Mapping
from typing import Final

_COMMAND = re.compile(r"`/([a-z-]+(?: [a-z-]+)*)`")
_MENTION = re.compile(r"</([a-z -]+):\d+>")


class CommandMentions:
    """What turns the commands in a text into mentions.

    `ids` has the full names of commands, such as "live start", with Discord's ids. It is empty until the commands are
    registered; until then they stay as they are written.
    """

    def __init__(self) -> None:
        self.ids: Mapping[str, int] = {}

    def written_in(self, text: str) -> str:
        """Return `text` with mentions in place of the commands that Discord knows."""
        return _COMMAND.sub(self._mention, text) if "`/" in text else text

    def _mention(self, match: re.Match[str]) -> str:
        command_id = self.ids.get(match[1])
        return match[0] if command_id is None else f"</{match[1]}:{command_id}>"


def without_mentions(text: str) -> str:
    """Return `text` for places that show no mentions, such as the names of choices: with "/gift" in place of one."""
    return _MENTION.sub(r"/\1", text)


UNREGISTERED: Final = CommandMentions()
"""For texts that no Discord shows: all commands stay as they are written."""
