"""The outcomes of a storm's gifts with a slow or silent bot, and which of them went through all the same."""

import asyncio
from random import Random

from sandbox.discord.model import Interaction, InteractionType
from sandbox.discord.world import WorldEvent
from sandbox.storm import Storm
from sandbox.storm_plan import Plan
from tests.sandbox.wire import Place

COMMANDS = [
    {
        "name": "gift",
        "description": "Send a gift",
        "options": [
            {"type": 3, "name": "gift", "description": "Which", "required": True, "autocomplete": True},
            {"type": 6, "name": "creator", "description": "Creator", "required": True},
            {"type": 4, "name": "count", "description": "How many"},
            {"type": 3, "name": "message", "description": "Words"},
        ],
    },
    {
        "name": "coins",
        "description": "Coins",
        "options": [
            {
                "type": 1,
                "name": "grant",
                "description": "Grant",
                "options": [
                    {"type": 6, "name": "member", "description": "Member", "required": True},
                    {"type": 4, "name": "amount", "description": "Coins", "required": True},
                    {"type": 3, "name": "reason", "description": "Reason"},
                ],
            }
        ],
    },
]
MESSAGE, DEFERRED, CHOICES = 4, 5, 8
RECEIPT = {"title": "Petal", "footer": {"text": "Receipt #12"}}
REFUSAL = {"description": "You're 5 coins short."}


class SlowBot:
    """Answers interactions in a place: gifts one after another according to `script`, everything else in time."""

    def __init__(self, place: Place, script: list[str]) -> None:
        self._place = place
        self._script = iter(script)
        self._tasks: list[asyncio.Task[None]] = []
        place.world.watch(self._hear)

    def _hear(self, event: WorldEvent) -> None:
        if event.name == "interaction" and event.payload["state"] == "begun":
            interaction = self._place.world.interaction(int(event.payload["id"]))
            assert interaction is not None
            self._tasks.append(asyncio.create_task(self._answer(interaction)))

    async def _answer(self, interaction: Interaction) -> None:
        if interaction.type is InteractionType.AUTOCOMPLETE:
            await self._place.answer(interaction, CHOICES, choices=[{"name": "Petal · 1 coin", "value": "1"}])
        elif interaction.data["name"] == "coins":
            await self._place.answer(interaction, MESSAGE, content="Granted.")
        else:
            await self._gift(interaction, next(self._script))

    async def _gift(self, interaction: Interaction, fate: str) -> None:
        if fate.startswith("late"):
            self._place.clock.pass_by(4)
        if fate == "late and given up":
            await self._place.answer(interaction, DEFERRED)
        elif fate != "silence":
            embed = REFUSAL if fate.endswith("refused") else RECEIPT
            await self._place.answer(interaction, MESSAGE, embeds=[embed])


async def test_gifts_that_nobody_heard_of_are_told_apart(place: Place) -> None:
    await place.ask("PUT", f"/applications/{place.app}/commands", COMMANDS)
    SlowBot(place, ["booked", "refused", "late but booked", "late and refused", "late and given up", "silence"])
    storm = Storm(
        lambda _: [place.person(place.mia)], [place.noah], place.person(place.owner), Random(1), patience_s=0.5
    )

    counts = await storm.run(Plan(rate=6, seconds=1, givers=1))

    outcomes = (counts.answered, counts.refused, counts.late, counts.late_booked, counts.unanswered, counts.failed)
    assert outcomes == (1, 1, 3, 1, 1, 0)
