"""Buttons that lead back to the packages, from a form or an order. The packages answer them, and know of both."""

from typing import Final, NamedTuple

import discord

from bot.ui.kit import custom_id
from bot.ui.kit.components import Button
from bot.ui.kit.controls import OwnerIds
from bot.ui.text.reader import Reader

PICK_PACKAGE: Final = "buy-pick"
BACK_TO_SHOP: Final = "buy-back"


class PackageIds(NamedTuple):
    """A package on the buyer's own panel; 0 where a menu of an earlier version names it."""

    owner: int
    package: int = 0


def package_button(
    owner: int, package_id: int, label: str, style: discord.ButtonStyle = discord.ButtonStyle.success
) -> Button:
    """Return the button that opens the form for a package."""
    return Button(label, custom_id.build(PICK_PACKAGE, PackageIds(owner, package_id)), style)


def packages_button(owner: int, reader: Reader) -> Button:
    """Return the button that leads back to the packages."""
    return Button(reader._("See all packages"), custom_id.build(BACK_TO_SHOP, OwnerIds(owner)))
