"""A live event on its card while it runs: the board in its channel, and what leads there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.combos import EventGift
from bot.domain.live import LiveEvent, Origin
from bot.domain.live_progress import LiveProgress
from bot.domain.match import MatchState
from bot.domain.momentum import LEVELS, Train
from bot.domain.text import shown
from bot.domain.trains import Railway, stage_of
from bot.imaging.values import GoalBar
from bot.services.live_rules import LiveStatus
from bot.services.pictures import Pictures
from bot.ui import theme
from bot.ui.kit.cards import Card, Part, Picture
from bot.ui.looks.leaderboards import place_mark
from bot.ui.text import mentions
from bot.ui.text.reader import Reader
from bot.ui.text.sums import sum_of


@dataclass(frozen=True, slots=True)
class Scene:
    """What goes on in a live event beside its sums: the latest gifts, oldest first, a train that runs, a match.

    `members` are the members behind the gifts' senders, 0 for those who were erased. `pace` is the coins of the last
    minute. `goal_ms` is when the goal was reached, None if that is open or unknown. `railway` are the other trains.
    """

    latest: Sequence[EventGift] = ()
    members: Mapping[int, int] = field(default_factory=dict[int, int])
    train: Train | None = None
    match: MatchState | None = None
    pace: int = 0
    goal_ms: int | None = None
    railway: Railway = field(default_factory=Railway)

    @classmethod
    def of(
        cls, progress: LiveProgress, members: Mapping[int, int], now_ms: int, railway: Railway | None = None
    ) -> "Scene":
        """Return what goes on at `now_ms`."""
        return cls(
            latest=tuple(progress.latest),
            members=members,
            train=progress.momentum.at(now_ms),
            match=progress.matches[-1].at(now_ms) if progress.matches else None,
            pace=progress.pace(now_ms),
            goal_ms=progress.goal_ms,
            railway=railway or Railway(),
        )

    def quiet(self) -> "Scene":
        """Return the same without train and match, for members who want to hear of neither."""
        return replace(self, train=None, match=None)


def live_card(status: LiveStatus, r: Reader, scene: Scene | None = None, bar: Picture | None = None) -> Card:
    """Return the card of a running live event: whose it is, until when, how far to the goal, and who gives most.

    `bar` is the picture of the goal.
    """
    event, scene = status.event, scene or Scene()
    lines = [on_air(status, r), *_breaks(status, r), *_goal(status, scene, r)]
    if scene.pace:
        lines.append(r._("⚡ {coins} in the last minute", coins=f"**{r.coins(scene.pace)}**"))
    lines += [*attendance(status, r), *_record(scene.railway, r)]
    parts = [Part("\n".join(lines)), *_match(scene.match, r), *_train(scene, event.event_id, r), *top(status, r)]
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
    """Return a link to the board of a running live event, for members who ask about their place."""
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
    """Return what staff are told about a board that was deleted twice."""
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


def attendance(status: LiveStatus, r: Reader) -> list[str]:
    """Return a line about how many members attend, nothing if nobody does."""
    if not status.attendees:
        return []
    count = r.n_("**{n}** member hopped on", "**{n}** members hopped on", status.attendees)
    return [f"🎟️ {count}"]


def top(status: LiveStatus, r: Reader) -> list[Part]:
    """Return those who gave most, nothing if nobody did."""
    lines = [
        f"{place_mark(standing.place, r)} {mentions.member(standing.subject_id, r)} · {sum_of(standing, r)}"
        for standing in status.totals.top
    ]
    return [Part("\n".join(lines), r._("Top gifters"))] if lines else []


def on_air(status: LiveStatus, r: Reader) -> str:
    """Return who is live, and until when: "@Noor is live · Ends in 2 hours"."""
    return f"{_live(status, r)} · {_until(status.event, r)}"


def _breaks(status: LiveStatus, r: Reader) -> list[str]:
    """Return whose gifts are paused, and until when."""
    return [
        "⏸️ " + r._("{creator} isn't taking gifts until {moment}", creator=f"<@{member_id}>", moment=r.moment(until_ms))
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
    # Nobody should be able to time the last gift, so not even the score so far is shown. Gifts stay public, so members
    # who count along know it: only the sums are hidden, and the texts promise no more.
    coins, others = ("?", "?") if state.frozen else (r.number(score.creator), r.number(score.opponent))
    lines = [
        r._(
            "{one} **{coins}** : **{others}** {other}",
            one=mentions.member(match.creator_id, r),
            coins=coins,
            others=others,
            other=mentions.member(match.opponent_id, r),
        )
    ]
    if state.frozen:
        lines.append(r._("🧊 The score is hidden until the round ends"))
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


def _train(scene: Scene, event_id: int, r: Reader) -> list[Part]:
    train, railway = scene.train, scene.railway
    if train is None or train.ended_ms is not None:
        return []
    stage = stage_of(railway.coins(train))
    level, levels = r.number(stage.level), r.number(LEVELS)
    lines = [progress(stage.coins, stage.goal, r), r._("This level ends {when}", when=r.when(train.level_ends_ms))]
    name = r._("🚂 Gift train · level {level} of {levels}", level=level, levels=levels)
    if railway.joined(train):
        name = r._("🚂 Joint gift train · level {level} of {levels}", level=level, levels=levels)
        lines.append(r._("🤝 Another live event's train rides along. Gifts in both take it further."))
    if railway.is_record(train, event_id):
        lines.append(r._("🏆 **A new record for this server!**"))
    return [Part("\n".join(lines), name)]


def _record(railway: Railway, r: Reader) -> list[str]:
    record = railway.record
    if record is None:
        return []
    level = r.number(record.levels)
    return [r._("🚂 Record here: level {level} with {coins}", level=level, coins=r.coins(record.coins))]


def _gift(gift: EventGift, scene: Scene, tell_creator: bool, r: Reader) -> str:
    sender = r._("Someone") if gift.sender is None else mentions.member(scene.members.get(gift.sender, 0), r)
    gift_text = mentions.gift(gift.name, gift.emoji, r, gift.quantity if gift.shows_quantity else 1)
    if tell_creator:
        return r._(
            "{gift} · {sender} → {creator}", gift=gift_text, sender=sender, creator=mentions.member(gift.creator_id, r)
        )
    return r._("{gift} · {sender}", gift=gift_text, sender=sender)
