"""What is on stream: the overlay of the creator who was last given a link for it.

The sandbox knows no more about the overlay than a person in the chat. It reads the link in the bot's reply; if nobody
has asked for one yet, the creator who is live does so by pressing the buttons.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Iterator
from typing import Final

from sandbox.discord.exchange import NoAnswer
from sandbox.discord.jsontypes import JSON
from sandbox.discord.model import Message
from sandbox.discord.model.message import walk
from sandbox.discord.people import Person, Refused
from sandbox.discord.world import World, WorldEvent
from sandbox.page.scene import Scene

log = logging.getLogger(__name__)

STAGE: Final = "live-stage"
COMMANDS: Final = ("live status", "creator stats")
"""Whose answers have the button to the overlay: the first while a show is on, the second always."""
MOST_PRESSES: Final = 4
_BUTTON: Final = 2
_OVERLAY: Final = re.compile(r"\boverlay\b", re.IGNORECASE)
_MAKE_LINK: Final = re.compile(r"\blink\b", re.IGNORECASE)
_LINK: Final = re.compile(r"https?://[^/\s]+(/overlay#[\w-]{16,})")


class Stream:
    """Watches the world for links. `link` is the path of the newest one with its secret, "" if none is known."""

    def __init__(self, world: World, scene: Scene) -> None:
        self.link = ""
        self._owner = ""
        self._trouble = ""
        self._has_news = False
        self._world = world
        self._scene = scene
        self._cast = {role.user.id: role.user for role in scene.cast}
        self._bot_id = str(world.bot_user.id)
        self._setting_up: asyncio.Task[None] | None = None
        self._listeners: list[Callable[[], None]] = []
        world.watch(self._on_world)

    def to_json(self) -> JSON:
        """Return whose overlay it is, its address, and why there is none."""
        is_busy = self._setting_up is not None and not self._setting_up.done()
        return {"link": self.link, "owner": self._owner, "busy": is_busy, "trouble": self._trouble}

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after each change; return a function that ends this."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def open(self) -> None:
        """Have the creator on stage ask for a link, unless one is known already."""
        if self.link or (self._setting_up is not None and not self._setting_up.done()):
            return
        self._trouble = ""
        self._setting_up = asyncio.create_task(self._set_up(), name="overlay")
        self._setting_up.add_done_callback(lambda _: self._tell())
        self._tell()

    async def settled(self) -> None:
        """Wait until nobody is asking for a link."""
        if self._setting_up is not None:
            await self._setting_up

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()

    def _on_world(self, event: WorldEvent) -> None:
        # The link is a secret, so it only ever stands in a reply that one person sees.
        if event.name not in {"message_create", "message_update"} or event.only_for not in self._cast:
            return
        if event.payload["author"]["id"] != self._bot_id:
            return
        link = _link_in(event.payload["components"])
        if link and link != self.link:
            self.link, self._owner = link, str(event.only_for)
            self._trouble = ""
            self._tell()

    async def _set_up(self) -> None:
        creator = next(role.user for role in self._scene.cast if role.part == "creator")
        stage = next(channel for channel in self._scene.guild.channels.values() if channel.name == STAGE)
        person = Person(self._world, creator, stage)
        try:
            for command in COMMANDS:
                answer = await (await person.slash(command)).message()
                if _button(answer, _OVERLAY):
                    await self._ask(person, answer)
                    break
        except (NoAnswer, Refused, TypeError) as error:
            log.warning("the overlay was not set up: %r", error)
        if not self.link:
            self._trouble = "The bot gave no link."

    async def _ask(self, person: Person, answer: Message) -> None:
        """Open the card of the overlay, and press what makes a link, with its confirmation if it asks for one."""
        wanted = _OVERLAY
        for _ in range(MOST_PRESSES):
            custom_id = _button(answer, wanted)
            if not custom_id or self.link:
                return
            answer = await (await person.click(answer, custom_id)).message()
            wanted = _MAKE_LINK


def _link_in(components: list[JSON]) -> str:
    matches = filter(None, map(_LINK.search, _texts(components)))
    return next((match[1] for match in matches), "")


def _texts(components: list[JSON]) -> Iterator[str]:
    for component in walk(components):
        yield component.get("content", "")
        yield component.get("url", "")


def _button(message: Message, words: re.Pattern[str]) -> str:
    """Return the id of the first button whose label has the words, "" if there is none."""
    for component in walk(message.components):
        if component["type"] == _BUTTON and "custom_id" in component and words.search(component.get("label", "")):
            return component["custom_id"]
    return ""
