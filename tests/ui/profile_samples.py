"""Profiles: of members who have reached much, or nothing, with a picture and without."""

from collections.abc import Iterator

from bot.domain.guilds import GuildRules
from bot.domain.levels import progress_of
from bot.domain.profiles import ClubPlace, CreatorSide, Favourite, MemberProfile, WonBadge
from bot.domain.shares import ShareChange, ShareKind
from bot.domain.streaks import Streak
from bot.imaging.values import Person
from bot.ui.kit.cards import Picture
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks import profiles
from bot.ui.text.reader import Reader
from tests.ui.facts import ID, NOW_MS, Facts


def profile_replies(f: Facts, r: Reader) -> Iterator[Reply]:
    """Yield profiles."""
    changes = [ShareChange(1, 1, kind, 50, 60, NOW_MS, ID, NOW_MS) for kind in ShareKind]
    creator = CreatorSide(f.count, GuildRules(1), changes)
    favourites = [Favourite(ID - number, f.coins) for number in range(1, 4)]
    clubs = [ClubPlace(ID - 1, f.coins), ClubPlace(ID - 2, 1, is_paused=True)]
    won_badges = [WonBadge(f.name[:32], f.title[:60])] * 2
    streaks = (Streak(f.count, f.count + 1, is_grace_used=True), Streak(1, 1, has_this_week=True), Streak(0, 3))
    for streak in streaks:
        for side in (None, creator):
            profile = MemberProfile(
                ID, progress_of(f.coins), streak, favourites, side, clubs, (f.count, 2, 1), won_badges=won_badges
            )
            people = {member_id: Person("Ρόδο" * 10, member_id) for member_id in range(ID - 3, ID + 1)}
            alt = profiles.alt_text(profiles.drawing(profile, people, f.title, r), r)
            yield reply(profiles.profile_card(profile, r, Picture("profile.png", b"", alt)))
            yield reply(profiles.profile_card(profile, r))
    yield reply(profiles.profile_card(MemberProfile(ID, progress_of(0), Streak()), r))
