"""A live event on its card while it runs: the board in its channel, and what `/live status` shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import discord

from bot.domain.combos import EventGift
from bot.domain.live import LiveEvent, Origin
from bot.domain.match import MatchState
from bot.domain.momentum import LEVELS, Train
from bot.domain.text import shown
from bot.services.live_rules import LiveStatus
from bot.ui import theme
from bot.ui.text import mentions
from bot.ui.text.reader import Reader


@dataclass(frozen=True, slots=True)
class Scene:
    """What goes on in a live event beside its sums: the latest gifts, oldest first, a train that runs, a match.

    `members` are the members behind the gifts' senders, 0 for those who were erased.
    """

    latest: Sequence[EventGift] = ()
    members: Mapping[int, int] = field(default_factory=dict[int, int])
    train: Train | None = None
    match: MatchState | None = None


def live_embed(status: LiveStatus, r: Reader, scene: Scene | None = None) -> discord.Embed:
    """Return the card of a running live event: whose it is, until when, how far to the goal, and who gives most."""
    event, scene = status.event, scene or Scene()
    embed = discord.Embed(title=title(event, theme.LIVE, r), colour=theme.RED)
    embed.description = "\n".join([_on_air(status, r), _until(event, r), *_goal(status, r)])
    _add_match(embed, scene.match, r)
    _add_train(embed, scene.train, r)
    add_top(embed, status, r)
    if scene.latest:
        latest = [_gift(gift, scene, len(status.creators) > 1, r) for gift in reversed(scene.latest)]
        embed.add_field(name=r._("Latest gifts"), value="\n".join(latest), inline=False)
    return embed.set_footer(text=numbers(status, r) if status.totals.gifts else r._("Be the first to send a gift!"))


def over_embed(status: LiveStatus, r: Reader) -> discord.Embed:
    """Return what stays of a board once its event is over; the recap tells the rest."""
    lines = [r._("This live event is over.")]
    if status.totals.gifts:
        lines.append(numbers(status, r))
    return discord.Embed(title=title(status.event, "⚫", r), description="\n".join(lines), colour=theme.GREY)


def unwanted(event: LiveEvent, r: Reader) -> discord.Embed:
    """Return what staff are told of a board that was deleted twice."""
    text = r._(
        "The live event's board in <#{channel}> was deleted twice, so I won't post it again. `/live status` still "
        "shows it.",
        channel=event.channel_id,
    )
    return discord.Embed(description=text, colour=theme.AMBER)


def title(event: LiveEvent, emoji: str, r: Reader) -> str:
    """Return an event's title, or what stands for one."""
    return f"{emoji} " + (shown(event.title) or r._("Live"))


def creators_of(status: LiveStatus) -> tuple[int, ...]:
    """Return the creators of an event, the first one first."""
    return status.creators or (status.event.creator_id,)


def people(status: LiveStatus, r: Reader) -> str:
    """Return the creators of an event: "@Noor and @Kai"."""
    return r.listed(mentions.member(member, r) for member in creators_of(status))


def numbers(status: LiveStatus, r: Reader) -> str:
    """Return the sums of an event: "37 gifts · 🪙 1,240 coins · 12 gifters"."""
    totals = status.totals
    parts = [r.n_("{n} gift", "{n} gifts", totals.gifts), r.coins(totals.coins)]
    # Where all gifts were anonymous, nobody is counted.
    if totals.gifters:
        parts.append(r.n_("{n} gifter", "{n} gifters", totals.gifters))
    return " · ".join(parts)


def progress(coins: int, goal: int, r: Reader) -> list[str]:
    """Return how far a goal is: the numbers, and below them a bar, which together would be too wide for a phone."""
    reached = r._("{coins} of {goal}", coins=f"**{r.number(coins)}**", goal=r.coin(goal))
    return [reached, theme.bar(coins, goal)]


def add_top(embed: discord.Embed, status: LiveStatus, r: Reader) -> None:
    """Add those who gave most."""
    if status.totals.top:
        top = [
            f"{theme.MEDALS[standing.place - 1]} {mentions.member(standing.subject_id, r)} · {r.coin(standing.coins)}"
            for standing in status.totals.top
        ]
        embed.add_field(name=r._("Top gifters"), value="\n".join(top), inline=False)


def _on_air(status: LiveStatus, r: Reader) -> str:
    if len(status.creators) > 1:
        return r._("{creators} are live", creators=people(status, r))
    return r._("{creator} is live", creator=people(status, r))


def _until(event: LiveEvent, r: Reader) -> str:
    if event.paused_ms is not None:
        return r._("⏸️ Discord is having trouble, so the clock is paused")
    if event.closing_ms is not None:
        return r._("⏳ Ends {when} unless the show goes on", when=r.when(event.ends_ms))
    if event.origin is not Origin.COMMAND:
        return r._("Ends with the show on Discord")
    return r._("Ends {when}", when=r.when(event.ends_ms))


def _goal(status: LiveStatus, r: Reader) -> list[str]:
    event, coins = status.event, status.totals.coins
    if event.goal is None:
        return []
    numbers_, bar = progress(coins, event.goal, r)
    lines = ["", f"🎯 {numbers_}", bar]
    if coins < event.goal and event.goal_until_ms is not None:
        lines.append(r._("Deadline {when}", when=r.when(event.goal_until_ms)))
    if event.reward:
        lines.append(r._("🎁 Then: {reward}", reward=shown(event.reward)))
    return lines


def _add_match(embed: discord.Embed, state: MatchState | None, r: Reader) -> None:
    if state is None or state.over_ms is not None:
        return
    match, score = state.match, state.scores[-1]
    number = len(state.scores)
    lines = [
        r._(
            "{one} **{coins}** : **{others}** {other}",
            one=mentions.member(match.creator_id, r),
            coins=r.number(score.creator),
            others=r.number(score.opponent),
            other=mentions.member(match.opponent_id, r),
        )
    ]
    if state.frozen:
        lines.append(r._("🧊 The score is hidden for the last seconds"))
    lines.append(r._("Ends {when}", when=r.when(match.ends_of(number - 1))))
    name = r._("⚔️ Match")
    if match.rounds > 1:
        name = r._(
            "⚔️ Match · round {number} of {rounds} · {won}:{lost}",
            number=r.number(number),
            rounds=r.number(match.rounds),
            won=r.number(state.won.creator),
            lost=r.number(state.won.opponent),
        )
    embed.add_field(name=name, value="\n".join(lines), inline=False)


def _add_train(embed: discord.Embed, train: Train | None, r: Reader) -> None:
    if train is None or train.ended_ms is not None:
        return
    name = r._("🚂 Gift train · level {level} of {levels}", level=r.number(train.level), levels=r.number(LEVELS))
    lines = [*progress(train.coins, train.goal, r), r._("This level ends {when}", when=r.when(train.level_ends_ms))]
    embed.add_field(name=name, value="\n".join(lines), inline=False)


def _gift(gift: EventGift, scene: Scene, tell_creator: bool, r: Reader) -> str:
    sender = r._("Someone") if gift.sender is None else mentions.member(scene.members.get(gift.sender, 0), r)
    gift_text = mentions.gift(gift.name, gift.emoji, gift.quantity)
    if tell_creator:
        return r._(
            "{gift} · {sender} → {creator}", gift=gift_text, sender=sender, creator=mentions.member(gift.creator_id, r)
        )
    return r._("{gift} · {sender}", gift=gift_text, sender=sender)
