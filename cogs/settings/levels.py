"""The settings page about level roles: which role members get from which level on."""

from collections.abc import Mapping
from typing import Final, NamedTuple

import discord

from bot.domain.errors import NotFound
from bot.domain.levels import LEVEL_COINS, TOP_LEVEL
from bot.domain.member_roles import Trouble
from bot.ui import theme
from bot.ui.kit import custom_id
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.components import Button, Menu, Option
from bot.ui.kit.controls import Control, NoIds, picked, picked_one
from bot.ui.kit.given_roles import check_givable
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.notices import role_lines
from bot.ui.text.reader import Reader
from cogs.settings import clubs
from cogs.settings.announcing import TURN

OFFERED: Final = (1, 2, 3, 4, 5, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 35, 38, 40, 43, 46, 50)
"""The levels that can have a role: as many as a menu holds, closer together at the lower levels, which are reached
sooner."""


class LevelIds(NamedTuple):
    """A level."""

    level: int


class OpenLevels(Control[NoIds], action="settings-levels", ids=NoIds):
    """Opens the page."""

    command = "settings"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await page(caller)


class PickLevel(Control[NoIds], action="settings-level", ids=NoIds):
    """Picks the level whose role is chosen next."""

    command = "settings"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        roles = await caller.services.member_roles.of_levels(caller.guild_id)
        return level_page_of(roles, _checked(picked_one(caller, "level")), caller.reader, caller.guild)


class PickLevelRole(Control[LevelIds], action="settings-level-role", ids=LevelIds):
    """Picks the role of a level; none means that the level has no role."""

    command = "settings"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        ids, level = picked(caller, "role"), _checked(self.ids.level)
        if ids:
            check_givable(caller.guild, ids[0], await caller.services.guilds.rules(caller.guild_id))
        await caller.services.member_roles.choose(caller.guild_id, level, ids[0] if ids else 0, caller.member_id)
        return await page(caller)


def _checked(level: int) -> int:
    if not 1 <= level <= TOP_LEVEL:
        raise NotFound("level")
    return level


def button(reader: Reader) -> Button:
    """Return the button that leads here."""
    return OpenLevels.button(NoIds(), reader._("Level roles"), emoji="🏅")


async def page(caller: Caller) -> Reply:
    """Return the page with what is chosen now."""
    roles = caller.services.member_roles
    troubles = await roles.troubles(caller.guild_id)
    return page_of(await roles.of_levels(caller.guild_id), troubles, caller.reader)


def page_of(roles: Mapping[int, int], troubles: Mapping[int, Trouble], reader: Reader) -> Reply:
    """Return the page for the role of each level that has one. `troubles` are roles that cannot be given."""
    opening = reader._(
        "Members get a level for the coins that they gift under their own name. From some levels on, I can give them a "
        "role. They keep the roles of lower levels."
    )
    nothing = reader._("No level has a role yet. Pick a level for the first one.")
    lines = [_line(level, role_id, reader) for level, role_id in roles.items()]
    parts = [Part(opening), Part("\n".join(lines) or nothing)]
    if troubles:
        parts.append(Part("\n".join(role_lines(troubles, reader)), "⚠️ " + reader._("I can't give out some roles")))
    # Without its control, which is in a module that imports this one.
    back = Button(reader._("All settings"), custom_id.build(TURN, (0,)), emoji="⚙️", row=1)
    card = Card(theme.ROSE, tuple(parts), title="🏅 " + reader._("Level roles"))
    return reply(card, [_level_menu(roles, reader), clubs.button(reader), back])


def _line(level: int, role_id: int, reader: Reader) -> str:
    number, coins = reader.number(level), _coins(level, reader)
    return reader._("Level {level}, from {coins}: {role}", level=number, coins=coins, role=f"<@&{role_id}>")


def _coins(level: int, reader: Reader, *, plain: bool = False) -> str:
    return reader.coin(LEVEL_COINS[level - 1], plain=plain)


def _level_menu(roles: Mapping[int, int], reader: Reader) -> Menu:
    options = [
        Option(
            reader._("Level {level}", level=reader.number(level)),
            level,
            _coins(level, reader, plain=True),
            emoji="🏅" if level in roles else None,
        )
        for level in OFFERED
    ]
    return PickLevel.select(NoIds(), options, reader._("Pick a level to choose its role"), row=0)


def level_page_of(roles: Mapping[int, int], level: int, reader: Reader, guild: discord.Guild | None) -> Reply:
    """Return the page on which the role of one level is chosen. `guild` tells whether the role still exists."""
    role_id = roles.get(level, 0)
    exists = guild is not None and guild.get_role(role_id) is not None
    text = reader._(
        "Members who have gifted {coins} get this role. They lose it if gifts are taken back and they fall below that.",
        coins=_coins(level, reader),
    )
    menu = Menu(
        PickLevelRole.id_for(LevelIds(level)),
        reader._("Role of this level"),
        discord.ComponentType.role_select,
        chosen=[role_id] if exists else [],
        fewest=0,
        row=0,
    )
    back = OpenLevels.button(NoIds(), reader._("Back"), emoji="◀️", row=1)
    title = "🏅 " + reader._("Level {level}", level=reader.number(level))
    return reply(Card(theme.ROSE, (Part(text),), title=title), [menu, back])
