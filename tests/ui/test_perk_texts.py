"""What a perk takes and gives, and from whom."""

from dataclasses import replace

import pytest

from bot.domain.perks import PerkKind, PerkWay
from bot.ui.looks.perks import way
from bot.ui.text.reader import reader_for
from cogs.perks.render import what
from tests.ui.facts import ID, Facts
from tests.ui.perk_samples import perk

READER = reader_for("en-US")


@pytest.mark.parametrize(("creator_id", "name"), [(ID, f"<@{ID}>"), (0, "a former member")])
def test_a_creators_perk_names_its_creator_also_once_erased(creator_id: int, name: str) -> None:
    entry = perk(Facts(), PerkKind.SHOUTOUT, PerkWay.TIER)

    assert way(entry, creator_id, READER).endswith(f"to {name}")
    assert what(entry, creator_id, READER) == f"{name} gives you a shout-out. You say what it should be about."


def test_a_perk_of_the_server_names_nobody() -> None:
    entry = replace(perk(Facts(), PerkKind.SHOUTOUT, PerkWay.TIER), creator=0)

    assert way(entry, 0, READER) == "👑 Only legendary gifts"
    assert what(entry, 0, READER) == "You get a shout-out. You say what it should be about."
