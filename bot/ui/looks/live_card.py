"""A live event on its card while it runs: the board in its channel, and what leads there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.combos import EventGift
from bot.domain.live import LiveEvent, Origin
from bot.domain.live_progress import LiveProgress
from bot.domain.match import MatchState
from bot.domain.momentum import LEVELS, Train
from bot.domain.text import shown
from bot.imaging.values import GoalBar
from bot.services.live_rules import LiveStatus
from bot.services.pictures import Pictures
from bot.ui import theme
from bot.ui.kit.cards import Card, Part, Picture
from bot.ui.text import mentions
from bot.ui.text.reader import Reader


@dataclass(frozen=True, slots=True)
class Scene:
    """What goes on in a live event beside its sums: the latest gifts, oldest first, a train that runs, a match.

    `members` are the members behind the gifts' senders, 0 for those who were erased. `pace` is the coins of the last
    minute. `goal_ms` is when the goal was reached, None where that is open or unknown.
    """

    latest: Sequence[EventGift] = ()
    members: Mapping[int, int] = field(default_factory=dict[int, int])
    train: Train | None = None
    match: MatchState | None = None
    pace: int = 0
    goal_ms: int | None = None

    @classmethod
    def of(cls, progress: LiveProgress, members: Mapping[int, int], now_ms: int) -> "Scene":
        """Return what goes on at `now_ms`."""
        return cls(
            latest=tuple(progress.latest),
            members=members,
            train=progress.momentum.at(now_ms),
            match=progress.matches[-1].at(now_ms) if progress.matches else None,
            pace=progress.pace(now_ms),
            goal_ms=progress.goal_ms,
        )


def live_card(status: LiveStatus, r: Reader, scene: Scene | None = None, bar: Picture | None = None) -> Card:
    """Return the card of a running live event: whose it is, until when, how far to the goal, and who gives most.

    `bar` is the picture of the goal.
    """
    event, scene = status.event, scene or Scene()
    lines = [on_air(status, r), *_breaks(status, r), *_goal(status, scene, r)]
    if scene.pace:
        lines.append(r._("⚡ {coins} in the last minute", coins=f"**{r.coins(scene.pace)}**"))
    parts = [Part("\n".join(lines)), *_match(scene.match, r), *_train(scene.train, r), *top(status, r)]
    if scene.latest:
        latest = [_gift(gift, scene, len(status.creators) > 1, r) for gift in reversed(scene.latest)]
        parts.append(Part("\n".join(latest), r._("Latest gifts")))
    return Card(
        theme.RED,
        tuple(parts),
        title=title(event, theme.LIVE, r),
        footer=numbers(status, r) if status.totals.gifts else r._("Be the first to send a gift!"),
        pictures=(bar,) if bar is not None else (),
    )


def pointer_card(status: LiveStatus, board_message_id: int, r: Reader) -> Card:
    """Return what leads to the board of a running live event, for whoever asks where one stands."""
    event = status.event
    link = f"https://discord.com/channels/{event.guild_id}/{event.channel_id}/{board_message_id}"
    lines = [on_air(status, r), r._("[The board]({link}) shows how it's going.", link=link)]
    return Card(theme.RED, (Part("\n".join(lines)),), title=title(event, theme.LIVE, r))


async def goal_bar(status: LiveStatus, pictures: Pictures, r: Reader) -> Picture | None:
    """Return the picture of how far the goal is, None without a goal or if it cannot be drawn now."""
    goal, coins = status.event.goal, status.totals.coins
    if goal is None:
        return None
    percent = min(percent_of(coins, goal), 100)
    png = await pictures.goal_bar(GoalBar(percent))
    # The name says what is drawn, so that an edit sends the picture again only if it has changed.
    return Picture(f"goal-{percent}.png", png, r._("Goal: {percent}", percent=r.percent(percent))) if png else None


def over_card(status: LiveStatus, r: Reader) -> Card:
    """Return what stays of a board once its event is over; the recap tells the rest."""
    lines = [r._("This live event is over.")]
    if status.totals.gifts:
        lines.append(numbers(status, r))
    return Card(theme.GREY, (Part("\n".join(lines)),), title=title(status.event, "⚫", r))


def unwanted(event: LiveEvent, r: Reader) -> Card:
    """Return what staff are told of a board that was deleted twice."""
    text = r._(
        "The live event's board in <#{channel}> was deleted twice, so I won't post it again. `/live status` still "
        "shows it.",
        channel=event.channel_id,
    )
    return Card.of(text, theme.AMBER)


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


def percent_of(coins: int, goal: int) -> int:
    """Return the percentage of a goal, 100 only once it is reached."""
    return coins * 100 // goal


def progress(coins: int, goal: int, r: Reader) -> str:
    """Return how far a goal is: "**1,240** of 🪙 2,000 · 62%"."""
    reached = r._("{coins} of {goal}", coins=f"**{r.number(coins)}**", goal=r.coin(goal))
    return f"{reached} · {r.percent(percent_of(coins, goal))}"


def earlier_goals(status: LiveStatus, r: Reader) -> list[str]:
    """Return a line about the goals that were reached before the present one, nothing without any."""
    goals = [r.coin(reached.goal) for reached in status.reached if reached.goal != status.event.goal]
    return [r._("✅ Reached on the way: {goals}", goals=r.listed(goals))] if goals else []


def top(status: LiveStatus, r: Reader) -> list[Part]:
    """Return those who gave most, nothing where nobody did."""
    lines = [
        f"{theme.MEDALS[standing.place - 1]} {mentions.member(standing.subject_id, r)} · {r.coin(standing.coins)}"
        for standing in status.totals.top
    ]
    return [Part("\n".join(lines), r._("Top gifters"))] if lines else []


def on_air(status: LiveStatus, r: Reader) -> str:
    """Return who is live, and until when: "@Noor is live · Ends in 2 hours"."""
    return f"{_live(status, r)} · {_until(status.event, r)}"


def _breaks(status: LiveStatus, r: Reader) -> list[str]:
    """Return whose gifts are paused. A board is not redrawn when a pause ends, so it names the moment."""
    return [
        "⏸️ " + r._("{creator} takes no gifts until {moment}", creator=f"<@{member_id}>", moment=r.moment(until_ms))
        for member_id, until_ms in status.breaks
    ]


def _live(status: LiveStatus, r: Reader) -> str:
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


def _goal(status: LiveStatus, scene: Scene, r: Reader) -> list[str]:
    event, coins = status.event, status.totals.coins
    if event.goal is None:
        return []
    lines = ["", f"🎯 {progress(coins, event.goal, r)}"]
    reached_ms = {goal.goal: goal.reached_ms for goal in status.reached}
    if coins < event.goal and event.goal in reached_ms:
        lines.append(r._("🎉 **Goal reached** {when}", when=r.when(reached_ms[event.goal])))
    elif coins < event.goal:
        if event.goal_until_ms is not None:
            lines.append(r._("Deadline {when}", when=r.when(event.goal_until_ms)))
    elif scene.goal_ms is not None and not event.in_time(scene.goal_ms):
        lines.append(r._("Reached after the deadline"))
    elif coins > event.goal:
        lines.append(r._("🎉 **Goal reached**, with {coins} to spare", coins=r.coins(coins - event.goal)))
    else:
        lines.append(r._("🎉 **Goal reached**"))
    lines += earlier_goals(status, r)
    if event.reward:
        lines.append(r._("🎁 Then: {reward}", reward=shown(event.reward)))
    return lines


def _match(state: MatchState | None, r: Reader) -> list[Part]:
    if state is None or state.over_ms is not None:
        return []
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
    return [Part("\n".join(lines), name)]


def _train(train: Train | None, r: Reader) -> list[Part]:
    if train is None or train.ended_ms is not None:
        return []
    name = r._("🚂 Gift train · level {level} of {levels}", level=r.number(train.level), levels=r.number(LEVELS))
    lines = [progress(train.coins, train.goal, r), r._("This level ends {when}", when=r.when(train.level_ends_ms))]
    return [Part("\n".join(lines), name)]


def _gift(gift: EventGift, scene: Scene, tell_creator: bool, r: Reader) -> str:
    sender = r._("Someone") if gift.sender is None else mentions.member(scene.members.get(gift.sender, 0), r)
    gift_text = mentions.gift(gift.name, gift.emoji, gift.quantity)
    if tell_creator:
        return r._(
            "{gift} · {sender} → {creator}", gift=gift_text, sender=sender, creator=mentions.member(gift.creator_id, r)
        )
    return r._("{gift} · {sender}", gift=gift_text, sender=sender)
