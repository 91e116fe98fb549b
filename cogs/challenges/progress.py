"""Challenges as members see them: their points, what is missing, and who is where."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.challenges import Challenge, Phase, Prize, Source
from bot.domain.errors import NotFound
from bot.domain.ids import created_ms
from bot.services.challenge_places import ChallengeBoard, League, Place, Progress, present_places
from bot.ui import theme
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.components import Item, Option
from bot.ui.kit.controls import Control, NoIds, picked_one
from bot.ui.kit.cross_links import OPEN_CHALLENGE, open_gift_button
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.challenges import (
    CHALLENGE,
    SOURCE_EMOJI,
    Seen,
    content,
    league_name,
    place_line,
    points_lines,
    prize_emoji,
    seen_among,
    times,
    title,
    who_gets,
)
from bot.ui.text.reader import N_, Reader
from cogs.challenges.ids import ChallengeIds

PLACES: Final = 10
PLACES_OF_A_LEAGUE: Final = 3
LEAGUES: Final = 3

_NAMES: Final[Mapping[Source, str]] = {
    Source.COINS: N_("Coins gifted"),
    Source.DAY: N_("A day with a gift"),
    Source.CREATOR: N_("First gifts to creators"),
    Source.ATTENDANCE: N_("Live events"),
}


class OpenChallenge(Control[ChallengeIds], action=OPEN_CHALLENGE, ids=ChallengeIds):
    """Shows whoever presses it what they have in a challenge, in a reply of their own."""

    @replies()
    async def press(self, caller: Caller) -> Reply:
        return await page(caller, self.ids.challenge)


class PickShown(Control[NoIds], action="challenge-shown", ids=NoIds):
    """Shows another challenge."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await page(caller, picked_one(caller, "challenge"))


async def overview(caller: Caller) -> Reply:
    """Return the first of the challenges that members are shown, or that there is none."""
    challenges = await caller.services.challenge_places.shown(caller.guild_id)
    if challenges:
        return await page(caller, challenges[0].challenge_id)
    r = caller.reader
    text = r._("No challenge is running right now. When one begins, you'll see it in the channels.")
    return reply(Card(theme.ROSE, (Part(text),), title=f"{CHALLENGE} " + r._("Challenges")), [open_gift_button(r)])


async def page(caller: Caller, challenge_id: int) -> Reply:
    """Return a challenge as the caller sees it. Raises NotFound, also for a draft."""
    service, guild_id = caller.services.challenge_places, caller.guild_id
    board = await service.board(guild_id, challenge_id, caller.member_id)
    if board.challenge.posted_ms is None:
        raise NotFound("challenge")
    wanted = PLACES_OF_A_LEAGUE if board.challenge.is_by_creator else PLACES
    leagues: list[League] = []
    for league in _leagues_shown(board):
        present, _ = await present_places(caller.membership, guild_id, league, max(wanted, board.challenge.most_places))
        leagues.append(League(league.creator_id, present))
    # Whose place a prize ends with, too: their points are behind what the viewer is missing.
    named = max(wanted, board.challenge.most_places)
    first_ids = [place.member_id for league in leagues for place in league.places[: named + 1]]
    choices = caller.services.own_choices
    visible = await seen_among(caller.shown_members, choices, guild_id, first_ids, caller.member_id)
    others = await service.shown(guild_id)
    items = [*_menu(others, challenge_id, caller.reader), open_gift_button(caller.reader)]
    viewed = Viewed(board, leagues, caller.member_id, visible, created_ms(caller.call_id))
    return reply(card(viewed, caller.reader), items)


def _leagues_shown(board: ChallengeBoard) -> list[League]:
    """Return the leagues that the viewer is in, and then the largest."""
    own_ids = [progress.creator_id for progress in board.own]
    own = [league for creator_id in own_ids for league in board.leagues if league.creator_id == creator_id]
    others = [league for league in board.leagues if league.creator_id not in own_ids]
    return [*own, *others][:LEAGUES]


class Viewed:
    """A challenge as `member_id` sees it at `now_ms`. `leagues` are without those who left, in order."""

    def __init__(
        self, board: ChallengeBoard, leagues: Sequence[League], member_id: int, seen: Seen, now_ms: int
    ) -> None:
        self.board, self.leagues, self.member_id = board, leagues, member_id
        self.seen, self.now_ms = seen, now_ms

    @property
    def challenge(self) -> Challenge:
        """The challenge itself."""
        return self.board.challenge

    def league_of(self, progress: Progress) -> League:
        """Return the league of what the viewer has in one."""
        alone = League(progress.creator_id, [Place(self.member_id, progress.points)])
        return next((league for league in self.leagues if league.creator_id == progress.creator_id), alone)

    def place_in(self, league: League) -> int | None:
        """Return the viewer's place in a league, None without points."""
        ids = [place.member_id for place in league.places]
        return ids.index(self.member_id) + 1 if self.member_id in ids else None


def card(viewed: Viewed, r: Reader) -> Card:
    """Return a challenge: what the viewer has, what is missing to each prize, and the first places."""
    challenge = viewed.challenge
    phase = challenge.phase(viewed.now_ms)
    parts = [Part("\n".join(_opening(challenge, phase, r)))]
    if phase is not Phase.COMING:
        parts += _own_parts(viewed, r)
    if challenge.prizes:
        own_ids = [progress.creator_id for progress in viewed.board.own[:1] if progress.creator_id]
        heading = " · ".join([r._("Prizes"), *(league_name(creator_id, r) for creator_id in own_ids)])
        parts.append(Part("\n".join(_prizes(viewed, r)), heading))
    parts += [_places(viewed, league, r) for league in viewed.leagues if league.places]
    if phase is not Phase.OVER:
        parts.append(Part("\n".join(points_lines(challenge, r)), r._("How to get points")))
    footer = r._("Anonymous gifts bring no points. If a gift is taken back, its points go too.")
    return Card(theme.GREY if phase is Phase.OVER else theme.GOLD, tuple(parts), title=title(challenge), footer=footer)


def _opening(challenge: Challenge, phase: Phase, r: Reader) -> list[str]:
    if phase is Phase.OVER:
        return ["🏁 " + r._("It ended {when}.", when=r.when(challenge.ends_ms or 0))]
    if phase is Phase.COMING:
        return ["⏳ " + r._("It begins {when}.", when=r.when(challenge.starts_ms or 0)), *times(challenge, r)[:1]]
    return times(challenge, r)


def _own_parts(viewed: Viewed, r: Reader) -> list[Part]:
    """Return what the viewer has, in each of their leagues."""
    if not viewed.board.own:
        is_over = viewed.challenge.phase(viewed.now_ms) is Phase.OVER
        text = r._("You have no points in it.") if is_over else r._("You have no points yet. There is still time.")
        return [Part(text, r._("You"))]
    parts: list[Part] = []
    for progress in viewed.board.own[:LEAGUES]:
        league = viewed.league_of(progress)
        heading = r._("You") if not progress.creator_id else r._("You") + " · " + league_name(progress.creator_id, r)
        lines = [_standing(progress.points, viewed.place_in(league), len(league.places), r)]
        if viewed.challenge.phase(viewed.now_ms) is Phase.RUNNING:
            lines += _today(viewed.challenge, progress, r)
        parts.append(Part("\n".join(lines), heading))
    return parts


def _standing(points: int, place: int | None, places: int, r: Reader) -> str:
    have = "**" + r.n_("{n} point", "{n} points", points) + "**"
    if place is None:
        return have
    return f"{have} · " + r._("place {place} of {places}", place=r.number(place), places=r.number(places))


def _today(challenge: Challenge, progress: Progress, r: Reader) -> list[str]:
    """Return a line for each source: what it has brought today, and what it still can."""
    lines: list[str] = []
    for source, rule in challenge.sources.items():
        if not rule.points:
            continue
        points = progress.today.get(source, 0)
        # A day with double points can bring more than the rule says.
        most = max(rule.points, points) if source is Source.DAY else rule.most_a_day
        value = f"**{r.number(points)}**"
        if most:
            value = r._("{number} of {most}", number=value, most=r.number(most))
        lines.append(f"{SOURCE_EMOJI[source]} {r._(_NAMES[source])}: {value}")
    return ["-# " + r._("Points today"), *lines]


def _prizes(viewed: Viewed, r: Reader) -> list[str]:
    """Return a line for each prize, with what the viewer is missing in the league where they have most points."""
    own = viewed.board.own[0] if viewed.board.own else None
    league = viewed.league_of(own) if own else viewed.leagues[0] if viewed.leagues else League(0, [])
    points, place = (own.points, viewed.place_in(league)) if own else (0, None)
    is_over = viewed.challenge.phase(viewed.now_ms) is Phase.OVER
    lines: list[str] = []
    for prize in viewed.challenge.prizes:
        lines.append(f"{prize_emoji(prize)} **{who_gets(prize, r)}**: {content(prize, r)}")
        if place is not None and prize.is_for(place, points):
            lines.append("-# ✅ " + (r._("You got this one.") if is_over else r._("You'd get this one now.")))
        elif not is_over:
            lines.append("-# " + _lack(prize, points, league.places, viewed, r))
    return lines


def _lack(prize: Prize, points: int, places: Sequence[Place], viewed: Viewed, r: Reader) -> str:
    """Return what the viewer is missing for a prize, without the points of whoever hides them."""
    others = [place for place in places if place.member_id != viewed.member_id]
    last = others[prize.places - 1] if prize.places and len(others) >= prize.places else None
    if last is not None and last.member_id in viewed.seen.discreet and last.points >= max(prize.points, points):
        return r._("Whoever has the last place for it hides their points. Pass them, and it's yours.")
    lack = missing(prize, points, places, viewed.member_id)
    return r.n_("{n} more point, and it's yours.", "{n} more points, and it's yours.", lack)


def missing(prize: Prize, points: int, places: Sequence[Place], member_id: int) -> int:
    """Return how many points somebody needs for a prize, as things are in their league, whose `places` are in order."""
    others = [place for place in places if place.member_id != member_id]
    # Whoever came to the same points later is behind.
    ahead = others[prize.places - 1].points + 1 if prize.places and len(others) >= prize.places else 1
    return max(ahead, prize.points) - points


def _places(viewed: Viewed, league: League, r: Reader) -> Part:
    most = PLACES_OF_A_LEAGUE if viewed.challenge.is_by_creator else PLACES
    lines = [place_line(place, each, viewed.seen, r) for place, each in enumerate(league.places[:most], start=1)]
    return Part("\n".join(lines), league_name(league.creator_id, r))


def _menu(challenges: Sequence[Challenge], shown_id: int, r: Reader) -> list[Item]:
    if len(challenges) < 2:
        return []
    options = [
        Option(each.name, each.challenge_id, emoji=CHALLENGE, default=each.challenge_id == shown_id)
        for each in challenges
    ]
    return [PickShown.select(NoIds(), options, r._("See another challenge"))]
