"""The shop on a phone, where half of a line is the button."""

import re

import pytest

from bot.domain.guild_providers import PaymentMethod
from bot.domain.packages import default_packages
from bot.services.orders import Offer
from bot.ui.kit.components import Button
from bot.ui.text.reader import reader_for
from cogs.buy import render

LETTERS = 20
"""What a line of small print has room for beside a button, on a screen of 390 pixels."""
METHODS = (PaymentMethod("stripe", is_test=False, needs_account=False, is_on=True),)


@pytest.mark.parametrize("locale", ["en-US", "de"])
@pytest.mark.parametrize("is_prepaid", [False, True])
def test_no_line_beside_a_button_is_too_long_for_a_phone(locale: str, is_prepaid: bool) -> None:
    reader, packages = reader_for(locale), default_packages(7, archived=False)
    shelf = [(Offer(package, METHODS, is_prepaid=is_prepaid), Button("b", "…")) for package in packages]
    card = render.shop(shelf, packages[-1], "", reader)
    lines = [line.removeprefix("-# ").strip("*") for part in card.parts[1:] for line in part.text.split("\n")]

    assert [line for line in lines if len(re.sub(r"\W ", "", line)) > LETTERS] == []
    assert len(lines) > len(packages)
