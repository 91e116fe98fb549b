"""What the commands of live events say. Their card and their recap are in `bot.ui.looks`, which others show too."""

from bot.domain.live import LiveEvent
from bot.domain.match import Answer, Invitation
from bot.domain.text import shown
from bot.services.live_rules import LiveStatus
from bot.ui import theme
from bot.ui.kit.cards import Card, Part
from bot.ui.looks.live_card import numbers, on_air, people, title
from bot.ui.text import mentions
from bot.ui.text.reader import Reader


def started(status: LiveStatus, reader: Reader) -> Card:
    """Return what the starter of a live event sees: that it is running, and what they can do."""
    event = status.event
    parts = [
        on_air(status, reader),
        reader._("Everyone can follow along on the board below. `/live goal` sets a goal, `/live end` ends the event."),
    ]
    return Card(theme.RED, (Part("\n".join(parts)),), title=title(event, theme.LIVE, reader))


def ending(status: LiveStatus, reader: Reader) -> Card:
    """Return the question before a live event is ended: what it has come to, and what follows."""
    parts = [
        f"**{title(status.event, theme.LIVE, reader)}** · {people(status, reader)}",
        numbers(status, reader) if status.totals.gifts else reader._("No gifts yet."),
        reader._("The recap will appear in {channel}.", channel=f"<#{status.event.channel_id}>"),
    ]
    title_text, footer = reader._("End this live event?"), reader._("An ended live event can't be resumed.")
    return Card(theme.AMBER, (Part("\n".join(parts)),), title=title_text, footer=footer)


def ended(event: LiveEvent, reader: Reader) -> Card:
    """Return what the member who ended a live event sees; the recap is for everybody."""
    text = reader._("The live event is over. The recap will appear in {channel}.", channel=f"<#{event.channel_id}>")
    return Card.of(f"🎬 {text}", theme.ROSE)


def goal(event: LiveEvent, reader: Reader) -> Card:
    """Return what a new goal is."""
    assert event.goal is not None
    parts = [reader._("The goal is now {coins}.", coins=f"**{reader.coins(event.goal)}**")]
    if event.goal_until_ms is not None:
        parts.append(reader._("The deadline is {when}.", when=reader.when(event.goal_until_ms)))
    if event.reward:
        parts.append(reader._("🎁 Then: {reward}", reward=shown(event.reward)))
    return Card.of("🎯 " + "\n".join(parts), theme.GREEN)


def invited(invitation: Invitation, reader: Reader) -> Card:
    """Return what the sender of an invitation to a match sees; the card is for everybody."""
    if invitation.answer is Answer.ACCEPTED:
        text = reader._("The match is on.")
    else:
        text = reader._(
            "I've invited {opponent}. The invitation expires {when}.",
            opponent=mentions.member(invitation.opponent_id, reader),
            when=reader.when(invitation.expires_ms),
        )
    return Card.of(f"⚔️ {text}", theme.GREEN)


def stage_open(reader: Reader) -> Card:
    """Return the question whose show a Stage is, asked where Discord does not tell."""
    text = reader._("A Stage just opened. Is it yours? Go live, and gifts here count for you.")
    return Card.of(f"🎙️ {text}", theme.RED)


def stage_taken(status: LiveStatus, reader: Reader) -> Card:
    """Return what replaces that question."""
    text = reader._("{creator} is live", creator=people(status, reader))
    return Card.of(f"🎙️ {text}", theme.RED)
