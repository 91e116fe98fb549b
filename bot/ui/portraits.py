"""Members on pictures: their names and avatars."""

from collections.abc import Sequence

from bot.domain.text import clean
from bot.imaging.avatars import Person
from bot.services.pictures import Pictures
from bot.ui.membership import Presence, Seen
from bot.ui.reader import Reader

NAME = 40
"""Graphemes of a name on a picture."""

_NOBODY = Seen(here=False)


async def faces(
    presence: Presence, pictures: Pictures, guild_id: int, member_ids: Sequence[int], r: Reader
) -> dict[int, Person]:
    """Return members as they are drawn. Who cannot be found has no name, and an initial for a face."""
    wanted = [*dict.fromkeys(member_ids)]
    # 0 stands for members whose data was erased.
    known = await presence.seen(guild_id, (member_id for member_id in wanted if member_id))
    seen = [known.get(member_id, _NOBODY) for member_id in wanted]
    files = await pictures.avatars([one.avatar for one in seen])
    return {
        member_id: Person(clean(one.name, NAME) or r._("a former member"), member_id, file)
        for member_id, one, file in zip(wanted, seen, files, strict=True)
    }
