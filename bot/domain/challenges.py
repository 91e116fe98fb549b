"""Challenges: for a few days, members collect points for what they do, and get prizes for them.

Staff write a draft, look at it as it will be posted, and post it. From then on it stays as it is, except that it can
end early. Its days are those of the guild's time zone when it was posted.

With leagues, members compete among the fans of each creator: what somebody does for a creator counts there alone, and
every league has all the prizes. Prizes add up: whoever fits several of them gets all of these.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import Enum, StrEnum, auto
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.challenge_errors import ChallengeUnready, PrizeForNobody
from bot.domain.errors import InvalidAmount, InvalidText, PastMoment
from bot.domain.money import MAX_AMOUNT
from bot.domain.text import clean

HOUR_MS: Final = 3_600_000

MOST_DAYS: Final = 92
MOST_DOUBLE_HOURS: Final = 72
MOST_OPEN: Final = 5
"""Challenges of a guild that are posted and not over, and drafts of it."""
SHOWN_AFTER_MS: Final = 3 * 24 * HOUR_MS
"""How long members are shown a challenge that is over."""
SHOWN_EVERY_MS: Final = 60_000
"""How soon the message of a challenge shows new points."""
MOST_PRIZES: Final = 5
MOST_POINTS: Final = 1_000_000
"""Points for one thing, in a day, or for a prize."""
MOST_PLACES: Final = 100

NAME_LENGTH: Final = 60
ABOUT_LENGTH: Final = 300
BADGE_LENGTH: Final = 32
PRIZE_LENGTH: Final = 150

PRIZE_KEYS: Final = "challenge:"
"""How the keys begin under which coins of prizes are in the books. No other keys do."""

ONE_LEAGUE: Final = 0
"""Stands for the creator of a league where everybody competes with everybody."""


class Source(StrEnum):
    """What brings points. The values are stored."""

    COINS = "coins"
    """Each coin gifted under one's own name."""
    DAY = "day"
    """A day with a gift."""
    CREATOR = "creator"
    """The first gift to a creator in the challenge."""
    ATTENDANCE = "attendance"
    """Half an hour at live events."""


class SourceRule(NamedTuple):
    """The points for a source each time, and the most that it brings in a day, 0 for any number."""

    points: int
    most_a_day: int = 0


Sources = Mapping[Source, SourceRule]
"""What brings points in a challenge. A source that is missing brings none."""

DEFAULT_SOURCES: Final[Sources] = {
    Source.COINS: SourceRule(2, 1_000),
    Source.DAY: SourceRule(50),
    Source.CREATOR: SourceRule(20, 100),
    Source.ATTENDANCE: SourceRule(100, 300),
}


class Prize(NamedTuple):
    """What everybody gets who is among the first `places` (0: at any place), and has at least so many `points`.

    It is any of promo `coins`, a role, a badge and something in words.
    """

    places: int = 0
    points: int = 0
    coins: int = 0
    role_id: int = 0
    badge: str = ""
    words: str = ""

    def is_for(self, place: int, points: int) -> bool:
        """Whether somebody at a place, from 1, with so many points gets it."""
        return not self.falls_with(points) and (not self.places or place <= self.places)

    def falls_with(self, points: int) -> bool:
        """Whether whoever won it keeps neither role nor badge of it once they have so many points.

        Places are what they were at the end: nobody moves up or down afterwards.
        """
        return points < max(self.points, 1)

    def checked(self) -> "Prize":
        """Return the prize with clean texts; raise InvalidAmount, or PrizeForNobody for one without a condition."""
        for number, most in ((self.places, MOST_PLACES), (self.points, MOST_POINTS), (self.coins, MAX_AMOUNT)):
            if not 0 <= number <= most:
                raise InvalidAmount(str(number)[:40], 0, most)
        if not self.places and not self.points:
            raise PrizeForNobody
        return self._replace(badge=clean(self.badge, BADGE_LENGTH), words=clean(self.words, PRIZE_LENGTH))

    @property
    def is_empty(self) -> bool:
        """Whether nobody gets anything."""
        return not (self.coins or self.role_id or self.badge or self.words)


class Phase(Enum):
    """Where a challenge is."""

    DRAFT = auto()
    COMING = auto()
    RUNNING = auto()
    OVER = auto()


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge. `maker` is the holder who wrote it, and posted it in a channel.

    A draft begins at `starts_ms`, or when it is posted, and lasts so many `days`. Once it is posted, `ends_ms` says
    when it is over, and `zone` which time zone its days are of. Points are doubled for some hours from
    `double_from_ms` on.

    `message_id` is its message, None until it is announced, and `result_id` that with its results; 0 where the channel
    did not take it. `over_ms` is when its prizes were settled.
    """

    guild_id: int
    challenge_id: int
    name: str
    about: str = ""
    maker: int = 0
    days: int = 7
    starts_ms: int | None = None
    ends_ms: int | None = None
    double_from_ms: int | None = None
    double_hours: int = 0
    is_by_creator: bool = False
    sources: Sources = field(default_factory=lambda: DEFAULT_SOURCES)
    prizes: Sequence[Prize] = ()
    zone: str = "UTC"
    channel_id: int = 0
    posted_ms: int | None = None
    message_id: int | None = None
    over_ms: int | None = None
    result_id: int | None = None

    def phase(self, now_ms: int) -> Phase:
        """Return where it is."""
        if self.posted_ms is None or self.starts_ms is None or self.ends_ms is None:
            return Phase.DRAFT
        if now_ms < self.starts_ms:
            return Phase.COMING
        return Phase.RUNNING if now_ms < self.ends_ms else Phase.OVER

    def league_of(self, creator: int) -> int:
        """Return the league in which something done for a creator counts."""
        return creator if self.is_by_creator else ONE_LEAGUE

    def checked(self) -> "Challenge":
        """Return the draft with clean texts; raise InvalidText, InvalidAmount and what its prizes raise."""
        name = clean(self.name, NAME_LENGTH)
        if not name:
            raise InvalidText("name", NAME_LENGTH)
        for number, least, most in ((self.days, 1, MOST_DAYS), (self.double_hours, 0, MOST_DOUBLE_HOURS)):
            if not least <= number <= most:
                raise InvalidAmount(str(number)[:40], least, most)
        for number in (number for rule in self.sources.values() for number in rule):
            if not 0 <= number <= MOST_POINTS:
                raise InvalidAmount(str(number)[:40], 0, MOST_POINTS)
        if len(self.prizes) > MOST_PRIZES:
            raise InvalidAmount(str(len(self.prizes)), 0, MOST_PRIZES)
        prizes = tuple(prize.checked() for prize in self.prizes)
        return replace(self, name=name, about=clean(self.about, ABOUT_LENGTH), prizes=prizes)

    def posted(self, first_ms: int, now_ms: int, zone: str, channel_id: int) -> "Challenge":
        """Return the draft as it is once it is posted. It begins at `first_ms`, unless it is to begin later.

        Raise PastMoment for a beginning that has passed, and ChallengeUnready where nothing brings points, or where
        the time of double points is not in it.
        """
        if self.starts_ms is not None and self.starts_ms <= now_ms:
            raise PastMoment(self.starts_ms)
        if not any(rule.points for rule in self.sources.values()):
            raise ChallengeUnready("points")
        starts_ms = max(self.starts_ms or 0, first_ms)
        ends_ms = end_of(starts_ms, self.days, ZoneInfo(zone))
        double_ms = self.double_from_ms
        if double_ms is not None and not starts_ms - self.double_hours * HOUR_MS < double_ms < ends_ms:
            raise ChallengeUnready("double")
        if any(prize.is_empty for prize in self.prizes):
            raise ChallengeUnready("prize")
        return replace(self, starts_ms=starts_ms, ends_ms=ends_ms, zone=zone, channel_id=channel_id, posted_ms=now_ms)

    @property
    def most_coins(self) -> int:
        """The coins that one member can get in one league."""
        return sum(prize.coins for prize in self.prizes)

    @property
    def most_coins_in_all(self) -> int | None:
        """The coins of all prizes together, None where nobody can know: everybody with enough points gets some."""
        with_coins = [prize for prize in self.prizes if prize.coins]
        if any(self.is_by_creator or not prize.places for prize in with_coins):
            return None
        return sum(prize.coins * prize.places for prize in with_coins)

    @property
    def most_places(self) -> int:
        """The last place that any prize goes to because of the place."""
        return max((prize.places for prize in self.prizes), default=0)


def end_of(starts_ms: int, days: int, zone: ZoneInfo) -> int:
    """Return when so many days are over: at the same time of day, also if clocks change in between."""
    first = datetime.fromtimestamp(starts_ms / 1000, UTC).astimezone(zone)
    last = (first.replace(tzinfo=None) + timedelta(days=days)).replace(tzinfo=zone)
    return int(last.timestamp() * 1000)


class Score(NamedTuple):
    """The points of a member, a holder, and when they came to them, in milliseconds UTC."""

    holder: int
    points: int
    reached_ms: int


def ranked(scores: Sequence[Score]) -> list[Score]:
    """Return all with points in order: more points first, and among equals whoever came to them first."""
    return sorted(
        (score for score in scores if score.points > 0),
        key=lambda score: (-score.points, score.reached_ms, score.holder),
    )


class CoinsState(StrEnum):
    """What became of the promo coins of a prize. The values are stored."""

    NONE = "none"
    """The prize has none."""
    OPEN = "open"
    """They are about to be given."""
    GIVEN = "given"
    REFUSED = "refused"
    """They did not fit, the member is gone for good, or it is whoever made the challenge."""


class Award(NamedTuple):
    """A member, a holder, gets prize number `prize` for their place in a league."""

    league: int
    holder: int
    prize: int
    place: int
    points: int


def awards_of(challenge: Challenge, league: int, in_order: Sequence[Score]) -> list[Award]:
    """Return who gets which prizes in a league, of all members in the order of their places."""
    return [
        Award(league, score.holder, number, place, score.points)
        for place, score in enumerate(in_order, start=1)
        for number, prize in enumerate(challenge.prizes)
        if prize.is_for(place, score.points)
    ]
