"""Who is named on overlays, and their avatars, which are passed on: Discord is not to learn who watches."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from typing import Final, NamedTuple, Protocol

from bot.domain.text import clean
from bot.services.pictures import Pictures
from bot.ui.text.reader import Reader

NAME: Final = 40
"""Graphemes of a name on an overlay."""
PATIENCE_S: Final = 0.5
"""How long a gift waits for the names on it. Whoever is not known by then is somebody."""
REMEMBERED_S: Final = 60.0
MOST_REMEMBERED: Final = 10_000
FACES: Final = "/overlay/face/"


class Profile(Protocol):
    """What Discord says of somebody. `name` is empty and `avatar`, an address, is None where it does not say."""

    @property
    def name(self) -> str:  # noqa: D102 - see above
        ...

    @property
    def avatar(self) -> str | None:  # noqa: D102 - see above
        ...


LookUp = Callable[[int, Iterable[int]], Awaitable[Mapping[int, Profile]]]


class Shown(NamedTuple):
    """Somebody on an overlay. `face` is the path of their avatar on this server, None without one."""

    name: str
    face: str | None = None


class People:
    """Names members, and passes their avatars on. `look_up` asks Discord, by guild and members; `clock` counts seconds.

    `reader_of` returns who reads what everybody in a guild sees.
    """

    def __init__(
        self, look_up: LookUp, pictures: Pictures, reader_of: Callable[[int], Reader], clock: Callable[[], float]
    ) -> None:
        self._look_up = look_up
        self._pictures = pictures
        self._clock = clock
        self.reader_of = reader_of
        self._known: OrderedDict[tuple[int, int], tuple[Shown, float]] = OrderedDict()
        self._asking: dict[tuple[int, int], asyncio.Task[None]] = {}
        self._faces: OrderedDict[str, str] = OrderedDict()

    async def named(self, guild_id: int, member_ids: Collection[int]) -> dict[int, Shown]:
        """Return how each of the members is shown. 0 is whoever was erased."""
        unknown = {member_id for member_id in member_ids if member_id and self._remembered(guild_id, member_id) is None}
        if unknown:
            await asyncio.wait([self._ask(guild_id, member_id) for member_id in unknown], timeout=PATIENCE_S)
        reader = self.reader_of(guild_id)
        former, somebody = Shown(reader._("a former member")), Shown(reader._("Someone"))
        return {
            member_id: (self._remembered(guild_id, member_id) or somebody) if member_id else former
            for member_id in member_ids
        }

    def note(self, guild_id: int, member_id: int, profile: Profile) -> None:
        """Remember how somebody looks, as Discord has just said so itself."""
        name = clean(profile.name, NAME)
        if not name:
            return
        face = self._face(profile.avatar) if profile.avatar else None
        self._known[guild_id, member_id] = Shown(name, face), self._clock()
        self._known.move_to_end((guild_id, member_id))
        while len(self._known) > MOST_REMEMBERED:
            self._known.popitem(last=False)

    async def face(self, name: str) -> bytes | None:
        """Return the avatar that is known here by this name, None if none is, or it cannot be fetched now."""
        url = self._faces.get(name)
        return (await self._pictures.avatars([url]))[0] if url is not None else None

    async def close(self) -> None:
        """Stop asking."""
        for task in self._asking.values():
            task.cancel()
        await asyncio.gather(*self._asking.values(), return_exceptions=True)

    def _remembered(self, guild_id: int, member_id: int) -> Shown | None:
        memory = self._known.get((guild_id, member_id))
        return memory[0] if memory is not None and self._clock() - memory[1] < REMEMBERED_S else None

    def _ask(self, guild_id: int, member_id: int) -> asyncio.Task[None]:
        """Return the question who somebody is. It goes on after those who asked have lost their patience."""
        key = guild_id, member_id
        if key not in self._asking:
            task = self._asking[key] = asyncio.create_task(self._learn(*key), name=f"name of {member_id}")
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        return self._asking[key]

    async def _learn(self, guild_id: int, member_id: int) -> None:
        profiles = await self._look_up(guild_id, [member_id])
        self.note(guild_id, member_id, profiles[member_id])

    def _face(self, url: str) -> str:
        # The address names a member, so the page gets another one.
        name = f"{hashlib.sha256(url.encode()).hexdigest()[:24]}.png"
        self._faces[name] = url
        self._faces.move_to_end(name)
        while len(self._faces) > MOST_REMEMBERED:
            self._faces.popitem(last=False)
        return FACES + name
