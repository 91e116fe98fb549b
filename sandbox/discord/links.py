"""What Discord's clients make a link of in the text of a message, whoever wrote it."""

import re
from typing import Final

_ESCAPE: Final = re.compile(r"\\[^\w\s]")
_LINK: Final = re.compile(
    r"(?:https?|discord)://[^\s<>]+"
    # An invite is a link, and a card below the message, without a scheme too.
    r"|(?:www\.)?discord(?:\.(?:gg|gift|new|me)|(?:app)?\.com/(?:invite|gifts|template))/[\w-]+",
    re.IGNORECASE,
)


def links_in(text: str) -> list[str]:
    """Return the links in a text, invites among them."""
    # What is escaped is text, and ends a link.
    return _LINK.findall(_ESCAPE.sub(" ", text))
