"""A gift of a tier that the moderator chose looks and sounds like that tier, whatever it costs."""

import pytest

from tests import books
from tests.rig import Rig, Town


async def test_a_chosen_tier_groups_announces_and_colours_a_cheap_gift(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    addition = await (await town.sam.slash("catalogue add", name="Crown", emoji="🥨", price=7, tier="Grand")).message()
    listing = (await (await town.sam.slash("catalogue list")).message()).text
    receipt = await town.give(town.mia, "Crown", town.noor)
    announcement = await town.announced(town.general, "Crown")
    body = books.only_value(
        rig.database, "SELECT body FROM journal WHERE guild_id = ? AND kind = 'gift'", town.guild.id
    )

    assert "Grand gifts" in addition.text
    assert listing.index("Grand gifts") < listing.index("Crown") < listing.index("Legendary gifts")
    assert listing.count("Grand gifts") == 1
    assert receipt.components[0]["accent_color"] == 0xF39C12
    assert announcement.attachments
    assert '"tier":"grand"' in body


async def test_the_price_decides_again_and_past_gifts_keep_their_tier(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await (await town.sam.slash("catalogue edit", item="Petal", tier="Legendary")).message()
    await town.give(town.mia, "Petal", town.noor)
    announcement = await town.announced(town.general, "Petal")
    answer = (await (await town.sam.slash("catalogue edit", item="Petal", tier="By its price")).message()).text
    receipt = await town.give(town.mia, "Petal", town.noor)

    assert announcement.components[0]["accent_color"] == 0xFF4D6D
    assert "Small gifts" in answer
    assert receipt.components[0]["accent_color"] == 0xF2A7C3


async def test_a_tier_that_is_none_is_refused(town: Town) -> None:
    answer = await (await town.sam.slash("catalogue edit", raw=True, item="Petal", tier="huge")).message()

    assert "just updated" in answer.text


@pytest.mark.parametrize(("language", "choice"), [("en-US", "Grand"), ("de", "Prächtig")])
async def test_tiers_have_a_name_in_each_language(rig: Rig, town: Town, language: str, choice: str) -> None:
    command = next(entry for entry in rig.world.commands if entry["name"] == "catalogue")
    add = next(option for option in command["options"] if option["name"] == "add")
    choices = next(option["choices"] for option in add["options"] if option["name"] == "tier")
    names = [entry.get("name_localizations", {}).get(language, entry["name"]) for entry in choices]

    assert choice in names
    assert len(names) == 6
