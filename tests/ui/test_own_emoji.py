"""Emoji of servers in texts: what is gone is replaced, where that is known."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.domain.guilds import OUR_CURRENCY
from bot.ui.kit.readers import reader_in
from bot.ui.text.commands import UNREGISTERED
from bot.ui.text.mentions import gift, perk
from bot.ui.text.reader import reader_for

SUN, SPARK = "<:sun:123456789012345678>", "<a:spark:223456789012345678>"
SUN_ID = 123456789012345678
HOME, ELSEWHERE = 1, 2


class Client:
    """A client to which the gateway has announced HOME alone, with one emoji if that is `available` or not."""

    def __init__(self, available: bool | None) -> None:
        guilds = SimpleNamespace(currency=lambda _guild_id: OUR_CURRENCY)
        self.services = SimpleNamespace(guilds=guilds)
        self.command_mentions = UNREGISTERED
        self._emoji = {} if available is None else {SUN_ID: SimpleNamespace(available=available)}

    def get_guild(self, guild_id: int) -> object:
        return object() if guild_id == HOME else None

    def get_emoji(self, emoji_id: int) -> Any:
        return self._emoji.get(emoji_id)


@pytest.mark.parametrize(
    ("guild_id", "available", "expected"),
    [(HOME, True, SUN), (HOME, False, "🎁"), (HOME, None, "🎁"), (ELSEWHERE, None, SUN)],
    ids=["there", "lost with the boosts", "deleted", "not yet announced"],
)
def test_an_emoji_stays_unless_its_guild_is_known_to_have_lost_it(
    guild_id: int, available: bool | None, expected: str
) -> None:
    reader = reader_in(cast("Any", Client(available)), guild_id, "en-US")

    assert reader.emoji(SUN) == expected


def test_gifts_and_perks_have_an_emoji_that_stands_in() -> None:
    reader = reader_for("en-US", has_emoji=lambda _emoji_id: False)

    assert gift("Petal", SPARK, reader, 3) == "🎁 \u2068Petal\u2069 × 3"
    assert perk("Petal", SUN, reader) == "✨ \u2068Petal\u2069"
    assert gift("Petal", "🌸", reader) == "🌸 \u2068Petal\u2069"
