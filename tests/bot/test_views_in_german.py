"""Each list and picture of members' standing, once in German: no English word is left in it."""

import re
from typing import Any

import pytest

from sandbox.discord.model import Channel, Message
from sandbox.discord.model.message import walk
from sandbox.discord.people import Person
from tests.bot.picking import part
from tests.bot.test_challenges_on_screen import draft_with_prizes
from tests.bot.test_chests_on_screen import let_everyone_take
from tests.bot.test_public_language import speak
from tests.rig import Rig, Town

ENGLISH = re.compile(
    r"\b(the|you|your|you(?:'ve|'re)|yours|and|of|with|is|are|this|that|have|has|had|from|not|to|for|by|at|its?|be|can't"
    r"|don't|doesn't|haven't|gifts?|gifters?|gifted|members?|messages?|weeks?|months?|today|days?|hours?|points?|places?"
    r"|prizes?|perks?|unlock(?:ed)?|spen[dt]|bought|receipt|sent|send|left|back|after|before|until|every|each|balance"
    r"|history|leaderboard|streak|settings|privacy|hide|hidden|nobody|anonymous|shares?|took|taken?|chest|pool"
    r"|trains?|queue|stock|sold|yet|nothing|more|less)\b"
)
"""Words that do not occur in any German sentence of ours."""
NAMES = re.compile(r"`[^`]*`|<[^>]*>|\u2068[^\u2069]*\u2069|https?://\S+")
"""Commands, mentions, and what people typed."""


def english_in(message: Message) -> set[str]:
    """Return the English words in a message, its buttons and its pictures."""
    parts = [*walk(message.components)]
    parts += [option for part in parts for option in part.get("options", [])]
    labels = [str(part.get(name) or "") for part in parts for name in ("label", "placeholder", "description")]
    texts = [message.text, *labels, *(file.description or "" for file in message.attachments)]
    return {match[0] for match in ENGLISH.finditer(NAMES.sub(" ", "\n".join(texts)).lower().replace("’", "'"))}


class Reading:
    """The English words that were found in a town's views, by name."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.views: dict[str, Message] = {}

    async def see(self, name: str, person: Person, command: str, **options: Any) -> Message:
        """Note the answer to a command."""
        self.views[name] = await (await person.slash(command, **options)).message()
        return self.views[name]

    async def press(self, name: str, person: Person, message: Message, action: str) -> Message:
        """Note the answer to a button."""
        self.views[name] = await (await person.click(message, part(message, action)["custom_id"])).message()
        return self.views[name]

    async def watch(self, name: str, channel: Channel, fragment: str) -> Message:
        """Note a message that everybody sees."""
        self.views[name] = await self.town.announced(channel, fragment)
        return self.views[name]

    @property
    def english(self) -> dict[str, set[str]]:
        """The English words that are left in each view."""
        return {name: words for name, message in self.views.items() if (words := english_in(message))}


@pytest.fixture
async def german_town(rig: Rig, town: Town) -> Town:
    """A guild that speaks German, in which a few things have happened."""
    role = rig.world.add_role(town.guild, "Gold")
    await let_everyone_take(town)
    await speak(town.sam, "Deutsch")
    await (await town.sam.click(await draft_with_prizes(town, role), "Post it here")).message()
    for person in (town.mia, town.leo, town.noor, town.sam):
        person.user.locale = "de"
    await town.approve(town.noor, town.kai)
    for person in (town.mia, town.leo, town.sam):
        await town.grant(person, 5_000)
    perk: dict[str, Any] = {"kind": "Text", "text": "Hallo", "price": 50, "stock": 2, "restock": "Every week"}
    await (await town.sam.slash("perk add", name="Gedicht", about="Ein paar Zeilen", **perk)).message()
    terms: dict[str, Any] = {"kind": "Shout-out", "price": 60, "creator": town.noor.user}
    await (await town.sam.slash("perk add", name="Auf der Tafel", **terms)).message()
    await (await town.noor.at(town.live).slash("live start", title="Lieder", goal=5_000)).message()
    board = await town.announced(town.live, "Lieder")
    await (await town.mia.at(town.live).click(board, part(board, "Bin dabei")["custom_id"])).message()
    for person in (town.mia, town.leo, town.sam):
        await town.give(person, "Paper Crane", town.noor, count=3)
    await town.give(town.mia, "Warm Heart", town.noor)
    await (await town.mia.slash("budget set", period="month", amount=4_000)).message()
    return town


async def test_no_english_word_is_left_in_what_members_look_up(german_town: Town) -> None:
    reading, mia = Reading(german_town), german_town.mia
    for command in ("profile", "challenges", "budget show", "balance", "gifts", "privacy settings", "privacy delete"):
        await reading.see(command, mia, command)
    for period in ("today", "week", "month", "all"):
        await reading.see(f"leaderboard {period}", mia, "leaderboard", period=period)
    await reading.see("fans", mia, "leaderboard", creator=german_town.noor.user)
    for topic in await mia.autocomplete("help", "topic"):
        await reading.see(f"help {topic['value']}", mia, "help", topic=topic["value"])
    history = await reading.see("history", mia, "history")
    menu = part(history, "history-view")
    for option in menu["options"]:
        view = await (await mia.select(history, menu["custom_id"], option["value"])).message()
        reading.views[f"history {option['label']}"] = view
        history = await (await mia.slash("history")).message()
    german_town.forbid_files()
    for command in ("profile", "leaderboard", "gifts"):
        await reading.see(f"{command} in words", mia, command)

    assert len(reading.views) > 25
    assert reading.english == {}


async def test_no_english_word_is_left_in_what_members_do_together(german_town: Town) -> None:
    reading, mia, noor, sam = Reading(german_town), german_town.mia, german_town.noor, german_town.sam
    general, live = german_town.general, german_town.live
    await (await sam.slash("perk panel", channel=live)).message()
    await reading.watch("perk panel", live, "Gedicht")
    shelf = await reading.see("perks", mia, "perks")
    menu = part(shelf, "perks-pick")
    for option in menu["options"]:
        page = await (await mia.select(shelf, menu["custom_id"], option["value"])).message()
        reading.views[f"perk {option['label']}"] = page
        shelf = await (await mia.slash("perks")).message()
    page = await (await mia.select(shelf, menu["custom_id"], "Gedicht")).message()
    await reading.press("unlocked perk", mia, page, "perks-get")
    await reading.press("own perks", mia, await (await mia.slash("perks")).message(), "perks-own")
    await reading.see("chip-in", mia, "chip-in", gift="Rosette", creator=noor.user, coins=300)
    await reading.watch("pool", general, "Rosette")
    question = await reading.see("chest question", sam, "chest", amount=65, shares=3)
    await reading.press("chest answer", sam, question, "chest-open")
    chest = await reading.watch("chest", general, "🧰")
    await reading.press("share", german_town.leo, chest, "chest")
    await reading.see("team gift", mia, "gift-team", gift="Petal", creator=noor.user, second=german_town.kai.user)
    stats = await reading.see("stats", noor, "creator stats")
    await reading.press("week", noor, stats, "week")
    await reading.watch("challenge", general, "Autumn cup")
    await reading.watch("board", live, "Lieder")
    await german_town.end_live(noor.at(live))
    await reading.watch("recap", live, "Lieder")

    assert len(reading.views) > 15
    assert reading.english == {}
