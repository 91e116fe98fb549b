"""The parts of a message's text that Discord's clients turn into links, no matter who wrote it."""

import re
from typing import Final

_ESCAPE: Final = re.compile(r"\\[^\w\s]")
_LINK: Final = re.compile(
    r"(?:https?|discord)://[^\s<>]+"
    # An invite becomes a link, with a card below the message, even without a scheme.
    r"|(?:www\.)?discord(?:\.(?:gg|gift|new|me)|(?:app)?\.com/(?:invite|gifts|template))/[\w-]+",
    re.IGNORECASE,
)


def links_in(text: str) -> list[str]:
    """Return the links in a text, including invites."""
    # An escaped character is plain text and ends a link.
    return _LINK.findall(_ESCAPE.sub(" ", text))
