"""Profiles: level, badges, streak and favourite creators of a member, and for creators what they earn."""

from collections.abc import Callable
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.clubs import points_of
from bot.domain.errors import UnknownGuild
from bot.domain.guilds import GuildRules
from bot.domain.levels import progress_of
from bot.domain.periods import Period, period_key_of
from bot.domain.profiles import ClubPlace, CreatorSide, Favourite, MemberProfile, WonBadge
from bot.domain.streaks import streak_of
from bot.domain.trains import badges_of
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.folds.creators.queries import gifters_of_event
from bot.storage.folds.gifters import queries
from bot.storage.ledger import holders, member_choices
from bot.storage.stores import activity, attendance, challenge_awards, clubs, creators, guilds, shares, trains

MOST_READ: Final = 10
"""Favourites that are read. Some may have left, and then the next ones are shown."""

MOST_BADGES: Final = 10
"""Badges of challenges that are shown, the newest."""

MOST_CHANGES: Final = 5
"""Changes of shares that are told, the newest."""


class Profiles:
    """The use-case of profiles."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def profile(self, guild_id: int, member_id: int) -> MemberProfile:
        """Return what a member has reached. Raises UnknownGuild."""
        return await self._database.read_folded(guild_id, _profile, guild_id, member_id, self._clock())


def _profile(c: Connection, guild_id: int, member_id: int, now_ms: int) -> MemberProfile:
    rules = guilds.rules(c, guild_id)
    if rules is None:
        raise UnknownGuild
    # Nobody has the holder 0: it stands for members whom the books do not know.
    holder = holders.holder_id(c, guild_id, member_id) or 0
    this_week = period_key_of(Period.WEEK, now_ms, ZoneInfo(rules.time_zone))
    favourites = queries.favourites(c, guild_id, holder, MOST_READ)
    in_clubs = queries.clubs(c, guild_id, holder)
    pauses = clubs.memberships(c, guild_id, holder)
    shows = attendance.shows_of(c, guild_id, holder)
    ids = holders.member_ids(c, guild_id, {creator for creator, _ in (*favourites, *in_clubs)})
    return MemberProfile(
        member_id=member_id,
        progress=progress_of(queries.coins(c, guild_id, holder)),
        streak=streak_of(activity.weeks(c, guild_id, holder), this_week),
        favourites=[Favourite(ids[creator], coins) for creator, coins in favourites if ids.get(creator)],
        clubs=[
            ClubPlace(ids[creator], points_of(coins, shows.get(creator, 0)), is_paused=pauses.get(creator) is not None)
            for creator, coins in in_clubs
            if ids.get(creator)
        ],
        train_badges=badges_of(trains.levels_ridden(c, guild_id, holder)),
        hides_amounts=member_choices.choices(c, guild_id, member_id).hides_amounts,
        won_badges=[WonBadge(*each) for each in challenge_awards.badges_of(c, guild_id, holder, MOST_BADGES)],
        creator=_creator_side(c, guild_id, member_id, holder, rules.at(now_ms)),
    )


def _creator_side(c: Connection, guild_id: int, member_id: int, holder: int, rules: GuildRules) -> CreatorSide | None:
    if not creators.is_creator(c, guild_id, member_id):
        return None
    fans = gifters_of_event(c, guild_id, holder, 0)
    return CreatorSide(fans, rules, shares.history(c, guild_id, MOST_CHANGES))
