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


def test_what_a_coin_costs_is_said_only_where_a_bonus_makes_it_cheaper() -> None:
    packages = default_packages(7, archived=False)
    shelf = [(Offer(package, METHODS), Button("b", "…")) for package in packages]
    lines = [part.text for part in render.shop(shelf, packages[-1], "", reader_for("en-US")).parts[1:]]

    assert [" per 🪙" in line for line in lines] == [package.bonus > 0 for package in packages]
    assert "$1.24 per 🪙\xa0100" in lines[-1]
    assert ["Best value" in line for line in lines] == [package == packages[-1] for package in packages]
