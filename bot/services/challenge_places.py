"""Challenges as members see them, and what follows from their end: places, prizes and results."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from bot.domain.challenge_points import attended_days, by_source, day_points, in_league, today, total
from bot.domain.challenge_steps import Step, next_step
from bot.domain.challenges import (
    ONE_LEAGUE,
    PRIZE_KEYS,
    SHOWN_AFTER_MS,
    Award,
    Challenge,
    CoinsState,
    Phase,
    Source,
    awards_of,
)
from bot.domain.errors import NotFound, WalletFull
from bot.domain.leaderboards import period_keys
from bot.domain.ledger.grant import Grant
from bot.services.challenges import MOST_LISTED, required
from bot.services.member_choices import Members
from bot.services.standing import check_counted
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import holders, journal
from bot.storage.stores import challenge_awards, challenges, guilds, member_roles


class Place(NamedTuple):
    """A member with so many points. The member is 0 once their data was deleted."""

    member_id: int
    points: int


@dataclass(frozen=True, slots=True)
class League:
    """Everybody with points in the league of a creator, in order. The creator is 0 where there are no leagues."""

    creator_id: int
    places: Sequence[Place]


@dataclass(frozen=True, slots=True)
class Progress:
    """What a member has in a league: their points in all and today, by source."""

    creator_id: int
    points: int
    by_source: Mapping[Source, int]
    today: Mapping[Source, int]


@dataclass(frozen=True, slots=True)
class ChallengeBoard:
    """A challenge with its leagues, those with most points first, and what the viewer has in them."""

    challenge: Challenge
    leagues: Sequence[League]
    own: Sequence[Progress]


class Winner(NamedTuple):
    """Who got which prizes in a league, by number, for their place."""

    creator_id: int
    member_id: int
    place: int
    points: int
    prizes: tuple[int, ...]


class Fallen(NamedTuple):
    """Prizes whose points are gone, and what of them was paid in coins: receipts with their coins."""

    awards: tuple[Award, ...]
    receipts: tuple[tuple[int, int], ...]


ASKED_AT_ONCE = 10
"""Places whose members Discord is asked about together."""


async def present_places(members: Members, guild_id: int, league: League, wanted: int) -> tuple[list[Place], set[int]]:
    """Return the places of a league without those who left, at least so many if there are, and those who left.

    Only as many are asked about as are needed, so the rest counts as present.
    """
    present: list[Place] = []
    absent_ids: set[int] = set()
    for first in range(0, len(league.places), ASKED_AT_ONCE):
        few = league.places[first : first + ASKED_AT_ONCE]
        if len(present) >= wanted:
            return [*present, *league.places[first:]], absent_ids
        here = await members.members_among(guild_id, [place.member_id for place in few if place.member_id])
        present += [place for place in few if place.member_id in here]
        absent_ids |= {place.member_id for place in few if place.member_id not in here}
    return present, absent_ids


class ChallengePlaces:
    """The use-cases of those who take part. `expect` is told who has something new to read."""

    def __init__(self, database: Database, clock: Callable[[], int], expect: Callable[[int, int], None]) -> None:
        self._database = database
        self._clock = clock
        self._expect = expect

    async def shown(self, guild_id: int) -> list[Challenge]:
        """Return the challenges that members are shown: those that run, that are to come, and that are just over."""
        return await self._database.read(_shown, guild_id, self._clock())

    async def board(self, guild_id: int, challenge_id: int, viewer_id: int = 0) -> ChallengeBoard:
        """Return a posted challenge with everybody's points. Raises NotFound."""
        now_ms = self._clock()
        return await self._database.read_folded(guild_id, _board, guild_id, challenge_id, viewer_id, now_ms)

    async def agenda(self, guild_id: int, challenge_id: int) -> tuple[Challenge, Step]:
        """Return a challenge, and what is to be done about it now. Raises NotFound."""
        challenge = await self._database.read(required, guild_id, challenge_id)
        return challenge, next_step(challenge, self._clock())

    async def count_up(self, guild_id: int) -> None:
        """Have everything counted that was booked. Raises BooksClosed."""
        await self._database.catch_up(guild_id)

    async def settle(self, guild_id: int, challenge_id: int, absent_ids: Collection[int]) -> None:
        """Note who gets which prizes, once. Those in `absent_ids` have left, and others move up.

        Raises BooksClosed while everything is counted again.
        """
        await self._database.writer.perform(_settle, guild_id, challenge_id, absent_ids, self._clock())

    async def give_coins(self, guild_id: int, challenge_id: int) -> None:
        """Give the coins of all prizes that have not been given, each once."""
        for award, command in await self._database.read(_open_grants, guild_id, challenge_id):
            state = CoinsState.REFUSED
            if command is not None:
                try:
                    await self._database.writer.submit(command)
                    state = CoinsState.GIVEN
                    self._expect(guild_id, command.member_id)
                except NotFound:
                    # Booked with this key while whoever made the challenge was still known.
                    state = CoinsState.GIVEN
                except WalletFull:
                    pass
            note = challenge_awards.note_coins
            await self._database.writer.perform(note, guild_id, challenge_id, award, state)

    async def fallen(self, guild_id: int, challenge_id: int) -> Fallen:
        """Return the prizes whose points were taken back since the end. Raises BooksClosed."""
        await self.count_up(guild_id)
        return await self._database.read(_fallen, guild_id, challenge_id)

    async def drop(self, guild_id: int, challenge_id: int, awards: Sequence[Award]) -> None:
        """Take the roles and badges of prizes that fell."""
        await self._database.writer.perform(_drop, guild_id, challenge_id, awards, self._clock())

    async def winners(self, guild_id: int, challenge_id: int) -> list[Winner]:
        """Return who got prizes: by league and place."""
        return await self._database.read(_winners, guild_id, challenge_id)

    async def note_message(self, guild_id: int, challenge_id: int, message_id: int) -> None:
        """Note where a challenge was announced, 0 if that was refused."""
        await self._database.writer.perform(_note, guild_id, challenge_id, {"message_id": message_id})

    async def note_result(self, guild_id: int, challenge_id: int, message_id: int) -> None:
        """Note where the results were posted, 0 if that was refused, or if there were none."""
        await self._database.writer.perform(_note, guild_id, challenge_id, {"result_id": message_id})


def _shown(c: Connection, guild_id: int, now_ms: int) -> list[Challenge]:
    posted = [each for each in challenges.listed(c, guild_id, MOST_LISTED) if each.phase(now_ms) is not Phase.DRAFT]
    recent = [each for each in posted if each.ends_ms is not None and now_ms < each.ends_ms + SHOWN_AFTER_MS]
    order = {Phase.RUNNING: 0, Phase.COMING: 1, Phase.OVER: 2}
    return sorted(recent, key=lambda each: (order[each.phase(now_ms)], each.ends_ms))


def _board(c: Connection, guild_id: int, challenge_id: int, viewer_id: int, now_ms: int) -> ChallengeBoard:
    challenge = required(c, guild_id, challenge_id)
    by_league = challenges.leagues(c, challenge) if challenge.posted_ms is not None else {}
    viewer = holders.holder_id(c, guild_id, viewer_id) or 0
    own = _progress(c, challenge, viewer, now_ms) if viewer and challenge.posted_ms is not None else {}
    known = {score.holder for scores in by_league.values() for score in scores}
    ids = holders.member_ids(c, guild_id, {*by_league, *own, *known} - {ONE_LEAGUE})
    leagues = [
        League(ids.get(league, 0), [Place(ids.get(score.holder, 0), score.points) for score in scores])
        for league, scores in by_league.items()
    ]
    leagues.sort(key=lambda league: -sum(place.points for place in league.places))
    mine = [replace(progress, creator_id=ids.get(league, 0)) for league, progress in own.items()]
    return ChallengeBoard(challenge, leagues, sorted(mine, key=lambda progress: -progress.points))


def _progress(c: Connection, challenge: Challenge, viewer: int, now_ms: int) -> dict[int, Progress]:
    """Return what a member has, by league."""
    gifts = challenges.gifts_in(c, challenge, viewer)
    presses = challenges.attendance(c, challenge, viewer)
    leagues = {challenge.league_of(row.creator) for row in gifts} | {league for league, _ in presses}
    day = period_keys(now_ms, challenge.zone).day
    progress: dict[int, Progress] = {}
    for league in leagues:
        rows = gifts if league == ONE_LEAGUE else in_league(gifts, league)
        attended = attended_days(presses.get((league, viewer), ()), challenges.window_of(challenge))
        points = day_points(challenge.sources, rows, attended)
        progress[league] = Progress(0, total(points), by_source(points), today(points, day))
    return progress


def _settle(c: Connection, guild_id: int, challenge_id: int, absent_ids: Collection[int], now_ms: int) -> None:
    guilds.lock(c, guild_id)
    check_counted(c, guild_id)
    challenge = required(c, guild_id, challenge_id)
    if challenge.over_ms is not None:
        return
    winners: set[int] = set()
    for league, scores in challenges.leagues(c, challenge).items():
        ids = holders.member_ids(c, guild_id, [score.holder for score in scores])
        present = [score for score in scores if ids.get(score.holder) and ids[score.holder] not in absent_ids]
        awards = awards_of(challenge, league, present)
        challenge_awards.add(c, challenge, awards, now_ms)
        winners |= {award.holder for award in awards if challenge.prizes[award.prize].role_id}
    member_roles.check(c, guild_id, winners, now_ms)
    challenges.save(c, replace(challenge, over_ms=now_ms))


def _fallen(c: Connection, guild_id: int, challenge_id: int) -> Fallen:
    # While everything is counted again, points are missing that nobody took back.
    check_counted(c, guild_id)
    challenge = required(c, guild_id, challenge_id)
    stored = [each for each in challenge_awards.of_challenge(c, guild_id, challenge_id) if not each.has_fallen]
    scores = challenges.leagues(c, challenge) if stored else {}
    points = {(league, score.holder): score.points for league, of_league in scores.items() for score in of_league}
    fallen = [
        each
        for each in stored
        if challenge.prizes[each.award.prize].falls_with(points.get((each.award.league, each.award.holder), 0))
    ]
    given = [each for each in fallen if each.coins_state is CoinsState.GIVEN]
    grants = [(journal.find(c, guild_id, _coins_key(challenge_id, each.award)), each.coins) for each in given]
    receipts = tuple((receipt.seq, coins) for receipt, coins in grants if receipt is not None)
    return Fallen(tuple(each.award for each in fallen), receipts)


def _drop(c: Connection, guild_id: int, challenge_id: int, awards: Sequence[Award], now_ms: int) -> None:
    guilds.lock(c, guild_id)
    challenge_awards.drop(c, guild_id, challenge_id, awards, now_ms)
    member_roles.check(c, guild_id, {award.holder for award in awards}, now_ms)


def _coins_key(challenge_id: int, award: Award) -> str:
    """Return the key under which the coins of a prize are given."""
    return f"{PRIZE_KEYS}{challenge_id}:{award.league}:{award.holder}:{award.prize}"


def _open_grants(c: Connection, guild_id: int, challenge_id: int) -> list[tuple[Award, Grant | None]]:
    """Return the coins that are to be given, None for those whom nobody can or may give any."""
    challenge = required(c, guild_id, challenge_id)
    stored = challenge_awards.of_challenge(c, guild_id, challenge_id)
    due = [each for each in stored if each.coins_state is CoinsState.OPEN]
    ids = holders.member_ids(c, guild_id, {challenge.maker, *(each.award.holder for each in due)})
    maker_id = ids.get(challenge.maker, 0)
    grants: list[tuple[Award, Grant | None]] = []
    for award, coins, *_ in due:
        member_id, key = ids.get(award.holder, 0), _coins_key(challenge_id, award)
        giver_id = maker_id or member_id
        command = Grant(guild_id, key, giver_id, member_id, coins, challenge.name, is_automatic=True)
        # Staff give themselves nothing without somebody else, so whoever made a challenge wins no coins in it.
        may_get = member_id and award.holder != challenge.maker
        grants.append((award, command if may_get else None))
    return grants


def _winners(c: Connection, guild_id: int, challenge_id: int) -> list[Winner]:
    prizes: dict[tuple[int, int, int, int], list[int]] = {}
    for award, *_ in challenge_awards.of_challenge(c, guild_id, challenge_id):
        prizes.setdefault((award.league, award.place, award.holder, award.points), []).append(award.prize)
    ids = holders.member_ids(c, guild_id, {each for key in prizes for each in (key[0], key[2])} - {ONE_LEAGUE})
    return [
        Winner(ids.get(league, 0), ids.get(holder, 0), place, points, tuple(numbers))
        for (league, place, holder, points), numbers in prizes.items()
    ]


def _note(c: Connection, guild_id: int, challenge_id: int, changes: Mapping[str, int]) -> None:
    guilds.lock(c, guild_id)
    challenges.save(c, replace(required(c, guild_id, challenge_id), **changes))
