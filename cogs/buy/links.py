"""Buttons that lead from a form or an order back to the packages. They have a module of their own because `views`,
which answers them, imports forms and orders."""

from typing import Final, NamedTuple

import discord

from bot.ui.kit import custom_id
from bot.ui.kit.components import Button
from bot.ui.kit.controls import OwnerIds
from bot.ui.text.reader import Reader

PICK_PACKAGE: Final = "buy-pick"
BACK_TO_SHOP: Final = "buy-back"


class PackageIds(NamedTuple):
    """A package on the buyer's own panel; 0 if it is picked in a menu, as in an earlier version."""

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
