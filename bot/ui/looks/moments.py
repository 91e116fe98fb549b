"""What is said once in the channel of a live event: a goal reached, a gift train that leaves or stops, a match decided.

Worked out from the event's story, which is the same after a restart: each moment has a name, and what has been said
is remembered by it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.domain.deadlines import SETTLED_MS
from bot.domain.live import LiveEvent
from bot.domain.live_progress import LiveProgress
from bot.domain.match import MatchState, Score
from bot.domain.momentum import LEVELS, Train
from bot.domain.text import shown
from bot.domain.trains import Railway, levels_of
from bot.imaging.values import GOAL_EMBLEM, MATCH_EMBLEM, TRAIN_EMBLEM, MomentCard, Person
from bot.services.pictures import Pictures
from bot.ui import theme
from bot.ui.kit.cards import Card, Part, Picture
from bot.ui.kit.membership import Membership
from bot.ui.looks.portraits import portraits
from bot.ui.text import mentions
from bot.ui.text.reader import Reader

STALE_MS = 10 * 60_000
"""What happened this long ago, while the channel could not be reached, is not announced any more."""


@dataclass(frozen=True, slots=True)
class MomentLook:
    """A moment as it appears: `headline`, then the `lines` that its picture says, too.

    `drawing` is the picture without its people, None for words alone. It shows `member_ids`.
    """

    colour: int
    headline: str
    lines: tuple[str, ...] = ()
    drawing: MomentCard | None = None
    member_ids: tuple[int, ...] = ()

    def card(self, picture: Picture | None = None) -> Card:
        """Return the card. What its picture says is left out of its words."""
        words = self.headline if picture is not None else "\n".join((self.headline, *self.lines))
        return Card(self.colour, (Part(words),), pictures=(picture,) if picture is not None else ())

    def peopled(self, members: Mapping[int, Person], r: Reader) -> MomentCard | None:
        """Return the picture with its people; `members` are those of `member_ids`."""
        if self.drawing is None:
            return None
        people = tuple(members[member_id] for member_id in self.member_ids)
        return replace(self.drawing, people=people, names=r.listed(person.name for person in people) if people else "")


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened in a live event at `at_ms`; `look` returns its message, given the event's creators."""

    name: str
    at_ms: int
    look: Callable[[tuple[int, ...], Reader], MomentLook]


async def moment_picture(
    look: MomentLook, guild_id: int, membership: Membership, pictures: Pictures, r: Reader
) -> Picture | None:
    """Return a moment as a picture, None if there is nothing to draw or it cannot be drawn."""
    drawing = look.peopled(await portraits(membership, pictures, guild_id, look.member_ids, r), r)
    png = await pictures.moment(drawing) if drawing is not None else None
    return Picture("moment.png", png, alt_text(drawing, r)) if drawing is not None and png else None


def alt_text(drawing: MomentCard, r: Reader) -> str:
    """Return what the picture of a moment says, for those who do not see it."""
    parts = (drawing.figure, drawing.caption, drawing.names, drawing.note)
    return r._("Moment: {text}", text=" · ".join(part for part in parts if part))


def moments_of(event: LiveEvent, show: LiveProgress, now_ms: int, railway: Railway | None = None) -> Iterator[Moment]:
    """Yield what has happened in `event` up to `now_ms`. `railway` are the trains around it."""
    if event.goal is not None and show.goal_ms is not None and event.in_time(show.goal_ms):
        goal = event.goal
        yield Moment(f"goal:{goal}", show.goal_ms, lambda creator_ids, r: _goal(event, goal, creator_ids, r))
    train = show.momentum.at(now_ms - SETTLED_MS)
    if train is not None:
        yield Moment(f"train:{train.started_seq}", train.started_ms, lambda _, r: _train_leaves(event, r))
        if train.ended_ms is not None:
            rails = railway or Railway()
            name = f"train-over:{train.started_seq}"
            yield Moment(name, train.ended_ms, lambda _, r: _train_stops(event, train, rails, r))
    for scorer in show.matches:
        yield from _of_match(event, scorer.at(now_ms - SETTLED_MS))


def _of_match(event: LiveEvent, state: MatchState) -> Iterator[Moment]:
    match = state.match
    over = state.scores if state.over_ms is not None else state.scores[:-1]
    for number, score in enumerate(over[:-1] if state.over_ms is not None else over):
        # Bound now: the loop goes on before anybody renders it.
        yield Moment(
            f"match:{match.match_id}:{number}",
            match.ends_of(number),
            lambda _, r, n=number, s=score: _round_over(state, n, s, r),
        )
    # A match that was called off says so on its card.
    if state.is_decided and state.over_ms is not None:
        yield Moment(f"match:{match.match_id}", state.over_ms, lambda _, r: _match_over(event, state, r))


def _goal(event: LiveEvent, goal: int, creator_ids: tuple[int, ...], r: Reader) -> MomentLook:
    headline = r._("🎯 **Goal reached!** Thanks to all of you.")
    reward = r._("🎁 Now: {reward}", reward=event.reward) if event.reward else ""
    lines = (r.coins(goal), r._("🎁 Now: {reward}", reward=shown(event.reward))) if reward else (r.coins(goal),)
    drawing = MomentCard(GOAL_EMBLEM, theme.GOLD, r.coin(goal, plain=True), _title(event, r), note=reward)
    return MomentLook(theme.GOLD, headline, lines, drawing, creator_ids)


def _train_leaves(event: LiveEvent, r: Reader) -> MomentLook:
    return MomentLook(
        theme.AMBER,
        r._("🚂 **A gift train is leaving!** Gifts in the next few minutes take it from level to level."),
        drawing=MomentCard(TRAIN_EMBLEM, theme.AMBER, _level(1, r), _title(event, r), share=0.0),
    )


def _train_stops(event: LiveEvent, train: Train, railway: Railway, r: Reader) -> MomentLook:
    levels = levels_of(railway.coins(train))
    if levels == LEVELS:
        headline = r.n_(
            "🚂 **The gift train made it through its {n} level!**",
            "🚂 **The gift train made it through all {n} levels!**",
            LEVELS,
        )
    elif levels:
        headline = r._("🚂 The gift train stopped at level {level}. Thank you!", level=r.number(levels))
    else:
        # Nothing to celebrate, so nothing is drawn.
        return MomentLook(theme.AMBER, r._("🚂 The gift train stopped. The next one can leave in an hour."))
    extras = [headline]
    if railway.joined(train):
        extras.append(r._("🤝 Two live events took it there together."))
    if railway.is_record(train, event.event_id):
        extras.append(r._("🏆 **That's a new record for this server!**"))
    badges = r.n_(
        "Everyone who gifted or hopped on has a new badge for level {n}.",
        "Everyone who gifted or hopped on has new badges for levels 1 to {n}.",
        levels,
    )
    extras.append(f"-# {badges}")
    drawing = MomentCard(TRAIN_EMBLEM, theme.AMBER, _level(levels, r), _title(event, r), share=levels / LEVELS)
    return MomentLook(theme.AMBER, "\n".join(extras), drawing=drawing)


def _round_over(state: MatchState, number: int, score: Score, r: Reader) -> MomentLook:
    text = r._("⚔️ Round {number} is over: {result}", number=r.number(number + 1), result=_result(state, score, r))
    return MomentLook(theme.RED, text)


def _match_over(event: LiveEvent, state: MatchState, r: Reader) -> MomentLook:
    match, winner = state.match, state.winner_id
    score = state.won if match.rounds > 1 else state.scores[-1]
    if winner is None:
        headline = r._("⚔️ **The match is a tie!**")
    else:
        headline = r._("⚔️ **{winner} wins the match!**", winner=mentions.member(winner, r))
    figure = f"{r.number(score.creator)} : {r.number(score.opponent)}"
    drawing = MomentCard(MATCH_EMBLEM, theme.RED, figure, _title(event, r))
    member_ids = (match.creator_id, match.opponent_id)
    return MomentLook(theme.GOLD, headline, (_result(state, score, r),), drawing, member_ids)


def _title(event: LiveEvent, r: Reader) -> str:
    return event.title or r._("Live")


def _level(level: int, r: Reader) -> str:
    return r._("Level {level} of {levels}", level=r.number(level), levels=r.number(LEVELS))


def _result(state: MatchState, score: Score, r: Reader) -> str:
    return r._(
        "{one} **{coins}** : **{others}** {other}",
        one=mentions.member(state.match.creator_id, r),
        coins=r.number(score.creator),
        others=r.number(score.opponent),
        other=mentions.member(state.match.opponent_id, r),
    )
