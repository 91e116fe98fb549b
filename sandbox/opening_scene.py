"""The overture: what the people of the garden did before the visitor came. They talk, announce shows and go live."""

import logging
from collections.abc import Awaitable
from typing import Any, Final

from sandbox.discord.model.message import walk
from sandbox.discord.people import Person
from sandbox.discord.world import World
from sandbox.seed import Garden

log = logging.getLogger(__name__)

CHANNEL_SELECT: Final = 8
FIRST_ON_DISCORD: Final = 3
"""The first package that Discord sells as well. The others follow it, as the items of `seed.SKUS` do."""
FIRST_PACKAGES: Final = 7
"""Packages that a guild starts with, whose numbers are 1 to 7."""


class OpeningScene:
    """Plays the overture. Failures are only logged, because the visitor can do everything in it by hand."""

    def __init__(self, world: World, garden: Garden) -> None:
        self._world = world
        self._garden = garden

    def person(self, name: str, channel: str) -> Person:
        """Return a member of the cast in a channel."""
        return Person(self._world, self._garden.users[name], self._garden.channels[channel])

    async def greet(self) -> None:
        """Post the first messages and events of the server. This needs no bot."""
        for part in (self._welcome, self._small_talk, self._requests, self._plans):
            await self._quietly(part.__name__.strip("_"), part())

    async def _welcome(self) -> None:
        noor, kai = (f"<@{creator.id}>" for creator in self._garden.creators)
        olive, sam = self.person("olive", "welcome"), self.person("sam", "welcome")
        rules = await olive.say(
            "**Welcome to Rosette Garden!** 🌹\nBuy coins with `/buy`, thank a creator with `/gift`."
        )
        await sam.say(f"{noor} and {kai} are our creators. Ask me if something is odd with your coins.")
        olive.pin(rules)
        news = self._world.add_webhook(self._garden.channels["welcome"], "Garden News")
        self._world.say_as_webhook(news, "The stage has new lights. Come and see them tomorrow at eight!")

    async def _small_talk(self) -> None:
        leo, kai, mia = (self.person(name, "general") for name in ("leo", "kai", "mia"))
        noor = f"<@{self._garden.users['noor'].id}>"
        await leo.say("hello everyone 👋")
        question = await kai.say("warming up for tonight, who is coming?")
        live = self._garden.channels["live-stage"]
        await mia.say(f"me! {noor} goes first in <#{live.id}>, right?", reply_to=question)
        await self.person("noor", "live-stage").say("Good evening! First song in a minute 🎶")
        words = "Packages and prices are ours to set: `/packages list`, `/catalogue list`."
        await self.person("sam", "mod-room").say(words)
        thread = kai.start_thread("Tonight's set list", message=question)
        await kai.at(thread).say("Two old songs, one new one. Guess which!")

    async def _requests(self) -> None:
        leo, mia = self.person("leo", "song-requests"), self.person("mia", "song-requests")
        post = leo.start_post("Moonlight on the roofs", "The slow version from last spring, please 🌙")
        await self.person("noor", "song-requests").at(post).say("For you, Leo. I will play it last.")
        rain_song = mia.start_post("Rain song", "It rained all week, it would fit.")
        sam = Person(self._world, self._garden.users["sam"], rain_song)
        await sam.say("Played on Tuesday, thank you!")
        sam.lock()
        sam.archive()

    async def _plans(self) -> None:
        # 20:00 in UTC, which is the guild's time zone. The machine's own time zone may be nonsense.
        tomorrow = (self._world.now() // 86_400 + 1) * 86_400 + 20 * 3_600
        self.person("kai", "general").announce(
            "Kai plays your requests",
            starts_at=tomorrow,
            channel=self._garden.channels["Garden Stage"],
            description="Two hours of games and songs. Bring gifts!",
        )
        self.person("olive", "general").announce(
            "Picnic in the rose garden",
            starts_at=tomorrow + 5 * 86_400,
            ends_at=tomorrow + 5 * 86_400 + 3 * 3_600,
            location="The old rose garden, by the fountain",
        )

    async def prepare(self) -> None:
        """Set the guild up for gifts with the bot's own commands."""
        sam, noor = self.person("sam", "mod-room"), self.person("noor", "live-stage")
        # Real ways to pay are on offer here, so the first packages wait until somebody has reviewed them.
        for number in range(1, FIRST_PACKAGES + 1):
            await self._use(sam, "packages edit", package=str(number), archived=False)
        for number, sku in enumerate(self._world.skus.values(), start=FIRST_ON_DISCORD):
            await self._use(sam, "packages edit", package=str(number), reference=str(sku.id))
        for creator in self._garden.creators:
            await self._use(sam, "creators approve", member=creator)
        await self._quietly("the gift channel", self._set_gift_channel(sam))
        await self._use(noor, "live start", title="Noor sings for the garden", goal=2_000)

    async def _set_gift_channel(self, sam: Person) -> None:
        panel = await (await sam.slash("settings")).message()
        select = next(component for component in walk(panel.components) if component["type"] == CHANNEL_SELECT)
        await (await sam.select(panel, select["custom_id"], self._garden.channels["gifts"])).message()

    async def _use(self, person: Person, command: str, **options: Any) -> None:  # noqa: ANN401 - as people take them
        async def attempt() -> None:
            exchange = await person.slash(command, **options)
            await exchange.message()

        await self._quietly(f"/{command}", attempt())

    async def _quietly(self, step_name: str, step: Awaitable[object]) -> None:
        try:
            await step
        except Exception as error:  # noqa: BLE001 - the visitor can do all of it by hand
            log.warning("the opening scene skipped %s: %r", step_name, error)
