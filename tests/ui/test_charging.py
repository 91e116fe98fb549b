"""Which commands and controls may move the caller's own coins, as it is known before anything is built of a call."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.ui.kit.controls import charges
from cogs.coins.cog import CoinsCog
from cogs.gift.cog import GiftCog
from cogs.gift.views import Close, ClosingIds, GiftIds, RepeatIds, Send, SendAgain
from cogs.help.cog import HelpCog

GIFT = Send.id_for(GiftIds(1, 2, 3, 0, 4, 5, 6, 7))
COMMANDS: dict[str, Any] = {"gift": GiftCog.gift, "help": HelpCog.show, "coins": CoinsCog}
TREE = cast("Any", SimpleNamespace(get_command=lambda name, type: COMMANDS[name]))  # noqa: A006 - the library's name


@pytest.mark.parametrize(
    ("custom_id", "is_charging"),
    [
        (GIFT, True),
        (SendAgain.id_for(RepeatIds(1, 2, 3, 4, 0, 5, 6, 7)), True),
        (Close.id_for(ClosingIds(1, 2)), False),
        ("some-form", False),
    ],
)
def test_buttons_that_send_gifts_charge_and_others_do_not(custom_id: str, *, is_charging: bool):
    assert charges(TREE, {"type": 3, "data": {"custom_id": custom_id}}) == is_charging


@pytest.mark.parametrize(("name", "is_charging"), [("gift", True), ("help", False), ("coins", False)])
def test_the_command_that_sends_gifts_charges_and_others_do_not(name: str, *, is_charging: bool):
    assert charges(TREE, {"type": 2, "data": {"name": name, "type": 1}}) == is_charging
