"""What the commands of creators look like."""

from bot.domain.reactions import EMOJI
from bot.domain.thanks import Unthanked
from bot.services.thanks import PAGE, ThanksQueue
from bot.ui import theme
from bot.ui.kit import pages
from bot.ui.kit.cards import Card, Part
from bot.ui.text import mentions
from bot.ui.text.reader import Reader


def queue(waiting: ThanksQueue, reader: Reader, *, reacts: bool = False) -> Card:
    """Return who waits for thanks, the most generous first, with what they wrote."""
    if not waiting.entries:
        text = reader._("You're all caught up: everyone has been thanked. New gifts show up here.")
        if not waiting.has_thanked:
            text = reader._("No gifts yet. When somebody sends you one, it shows up here.")
        return Card(theme.GREEN, (Part(f"💐 {text}"),), footer=_reactions(reader) if reacts else "")
    parts: list[str] = []
    for entry in waiting.entries:
        parts.append(_line(entry, reader))
        parts += [mentions.quoted(note) for note in entry.notes]
    title = reader._("Anonymous gifts are waiting for your thanks")
    if waiting.members:
        title = reader.n_(
            "{n} member is waiting for your thanks", "{n} members are waiting for your thanks", waiting.members
        )
    hint = reader._("Your thanks are public: they appear where the gifts did and ping nobody.")
    page = pages.footer(reader, waiting.page, pages_of(waiting))
    footer = " · ".join(filter(None, (hint, _reactions(reader) if reacts else "", page)))
    return Card(theme.ROSE, (Part("\n".join(parts)),), title=f"💐 {title}", footer=footer)


def _reactions(reader: Reader) -> str:
    return reader._("I react with {emoji} to your messages that get a gift.", emoji=EMOJI)


def pages_of(waiting: ThanksQueue) -> int:
    """Return how many pages a queue has."""
    return max(1, -(-waiting.members // PAGE))


def _line(entry: Unthanked, reader: Reader) -> str:
    name = reader._("Anonymous") if entry.sender is None else mentions.member(entry.sender_id, reader)
    gifts = reader.n_("{n} gift", "{n} gifts", entry.pieces)
    return f"**{name}** · {gifts} · {reader.coin(entry.coins)}"
