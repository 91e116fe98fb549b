"""What the commands of live events say. Their card and their recap are in `bot.ui.looks`, which others show too."""

import discord

from bot.domain.live import LiveEvent
from bot.domain.match import FREEZE_MS, ROUND_MS, Challenge, Match
from bot.domain.text import shown
from bot.services.live_rules import LiveStatus
from bot.ui import theme
from bot.ui.looks.live_card import people, title
from bot.ui.text import mentions
from bot.ui.text.reader import Reader


def started(status: LiveStatus, reader: Reader) -> discord.Embed:
    """Return what whoever started a live event sees: that it runs, and what can be done about it."""
    event = status.event
    parts = [
        reader._("{creators}: live, ends {when}", creators=people(status, reader), when=reader.when(event.ends_ms)),
        reader._("Everyone can follow along on the board below. `/live goal` sets a goal, `/live end` ends the event."),
    ]
    return discord.Embed(title=title(event, theme.LIVE, reader), description="\n".join(parts), colour=theme.RED)


def ended(event: LiveEvent, reader: Reader) -> discord.Embed:
    """Return what whoever ended a live event sees; the recap is for everybody."""
    text = reader._("The live event is over. The recap will appear in {channel}.", channel=f"<#{event.channel_id}>")
    return discord.Embed(description=f"🎬 {text}", colour=theme.ROSE)


def goal(event: LiveEvent, reader: Reader) -> discord.Embed:
    """Return what a new goal is."""
    assert event.goal is not None
    parts = [reader._("The goal is now {coins}.", coins=f"**{reader.coins(event.goal)}**")]
    if event.goal_until_ms is not None:
        parts.append(reader._("The deadline is {when}.", when=reader.when(event.goal_until_ms)))
    if event.reward:
        parts.append(reader._("🎁 Then: {reward}", reward=shown(event.reward)))
    return discord.Embed(description="🎯 " + "\n".join(parts), colour=theme.GREEN)


def invitation(challenge: Challenge, reader: Reader) -> discord.Embed:
    """Return the challenge that everybody sees until the opponent accepts it."""
    text = reader._(
        "{creator} invites {opponent} to a match: {rounds}",
        creator=mentions.member(challenge.creator_id, reader),
        opponent=mentions.member(challenge.opponent_id, reader),
        rounds=_rounds(challenge, reader),
    )
    return discord.Embed(title=reader._("⚔️ Match invitation"), description=text, colour=theme.AMBER)


def match_on(match: Match, reader: Reader) -> discord.Embed:
    """Return what is said when a match begins."""
    parts = [
        reader._(
            "**{creator}** vs. **{opponent}**: {rounds}",
            creator=mentions.member(match.creator_id, reader),
            opponent=mentions.member(match.opponent_id, reader),
            rounds=_rounds(match, reader),
        ),
        reader._(
            "Every gift counts for the creator who gets it. Round one ends {when}.", when=reader.when(match.ends_of(0))
        ),
    ]
    if match.frozen:
        hidden = reader.n_(
            "🧊 The score is hidden in the last {n} second.",
            "🧊 The score is hidden in the last {n} seconds.",
            FREEZE_MS // 1000,
        )
        parts.append(hidden)
    return discord.Embed(title=reader._("⚔️ Match"), description="\n".join(parts), colour=theme.RED)


def match_left(match: Match, reader: Reader) -> discord.Embed:
    """Return what is said when a match was broken off."""
    text = reader._(
        "The match between {creator} and {opponent} was called off. All gifts still count.",
        creator=mentions.member(match.creator_id, reader),
        opponent=mentions.member(match.opponent_id, reader),
    )
    return discord.Embed(description=f"⚔️ {text}", colour=theme.GREY)


def stage_open(reader: Reader) -> discord.Embed:
    """Return the question whose show a Stage is, asked where Discord does not tell."""
    text = reader._("A Stage just opened. Is it yours? Go live, and gifts here count for you.")
    return discord.Embed(description=f"🎙️ {text}", colour=theme.RED)


def stage_taken(status: LiveStatus, reader: Reader) -> discord.Embed:
    """Return what becomes of that question."""
    text = reader._("{creator} is live", creator=people(status, reader))
    return discord.Embed(description=f"🎙️ {text}", colour=theme.RED)


def _rounds(match: Match | Challenge, reader: Reader) -> str:
    minutes = ROUND_MS // 60_000
    if match.rounds == 1:
        return reader.n_("one round of {n} minute", "one round of {n} minutes", minutes)
    return reader.n_("best of three, {n} minute a round", "best of three, {n} minutes a round", minutes)
