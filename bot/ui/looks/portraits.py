"""Members on pictures: their names and avatars."""

from collections.abc import Sequence

from bot.domain.text import clean
from bot.imaging.values import Person
from bot.services.pictures import Pictures
from bot.ui.kit.membership import Membership, Profile
from bot.ui.text.reader import Reader

NAME = 40
"""Graphemes of a name on a picture."""

_NOBODY = Profile(is_member=False)


async def portraits(
    membership: Membership, pictures: Pictures, guild_id: int, member_ids: Sequence[int], r: Reader
) -> dict[int, Person]:
    """Return members as they are drawn. Those who cannot be found have no name, and an initial for a portrait."""
    unique = [*dict.fromkeys(member_ids)]
    # 0 stands for members whose data was erased.
    profiles = await membership.profiles(guild_id, (member_id for member_id in unique if member_id))
    ordered = [profiles.get(member_id, _NOBODY) for member_id in unique]
    files = await pictures.avatars([profile.avatar for profile in ordered])
    return {
        member_id: Person(clean(profile.name, NAME) or r._("a former member"), member_id, file)
        for member_id, profile, file in zip(unique, ordered, files, strict=True)
    }
