"""How the news of another share appears in the channel of the creators."""

from collections.abc import Sequence

from bot.domain.shares import ShareChange
from bot.ui import theme
from bot.ui.kit.cards import Card, Part
from bot.ui.text.reader import Reader
from bot.ui.text.shares import news


def share_card(changes: Sequence[ShareChange], r: Reader) -> Card:
    """Return the news for the channel of the creators."""
    text = "\n".join(news(change, r) for change in changes)
    footer = r._("Gifts that were sent before keep their share.")
    return Card(theme.ROSE, (Part(text),), title="💎 " + r._("What creators earn"), footer=footer)
