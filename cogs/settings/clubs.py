"""The settings page about fan clubs: the role that members of each creator's club get."""

from collections.abc import Mapping
from typing import NamedTuple

import discord

from bot.domain.errors import NotACreator
from bot.ui import theme
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.components import Button, Menu
from bot.ui.kit.controls import Control, NoIds, picked, picked_one
from bot.ui.kit.given_roles import check_givable
from bot.ui.kit.replies import Reply, reply
from bot.ui.text import mentions
from bot.ui.text.reader import Reader

LEVELS = "settings-levels"
"""The action of the button that leads to the page about level roles, which leads here."""


class ClubIds(NamedTuple):
    """A creator."""

    creator: int


class OpenClubs(Control[NoIds], action="settings-clubs", ids=NoIds):
    """Opens the page."""

    command = "settings"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return page_of(await caller.services.clubs.roles(caller.guild_id), caller.reader)


class PickClub(Control[NoIds], action="settings-club", ids=NoIds):
    """Picks the creator whose club's role is chosen next."""

    command = "settings"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        creator_id = picked_one(caller, "creator")
        await _check(caller, creator_id)
        roles = await caller.services.clubs.roles(caller.guild_id)
        return club_page_of(roles, creator_id, caller.reader, caller.guild)


class PickClubRole(Control[ClubIds], action="settings-club-role", ids=ClubIds):
    """Picks the role of a creator's club; none means that the club has no role."""

    command = "settings"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        ids, clubs = picked(caller, "role"), caller.services.clubs
        await _check(caller, self.ids.creator)
        if ids:
            check_givable(caller.guild, ids[0], await caller.services.guilds.rules(caller.guild_id))
        await clubs.choose_role(caller.guild_id, self.ids.creator, ids[0] if ids else 0, caller.member_id)
        return page_of(await clubs.roles(caller.guild_id), caller.reader)


async def _check(caller: Caller, creator_id: int) -> None:
    if not await caller.services.creators.is_creator(caller.guild_id, creator_id):
        raise NotACreator(creator_id)


def button(reader: Reader) -> Button:
    """Return the button that leads here."""
    return OpenClubs.button(NoIds(), reader._("Fan clubs"), emoji=theme.FANS, row=1)


def page_of(roles: Mapping[int, int], reader: Reader) -> Reply:
    """Return the page for the roles of clubs, by creator."""
    opening = reader._(
        "A gift that joins a fan club, like Warm Heart, makes its sender a member. I can give members of a club a "
        "role. They lose it seven days after a live event they missed, until their next gift or *Hop on*."
    )
    lines = [f"{mentions.member(creator_id, reader)}: <@&{role_id}>" for creator_id, role_id in roles.items()]
    nothing = reader._("No club has a role yet. Pick a creator for the first one.")
    menu = Menu(
        PickClub.id_for(NoIds()),
        reader._("Pick a creator"),
        discord.ComponentType.user_select,
        row=0,
    )
    # Built by its id, because its control is in a module that imports this one.
    back = Button(reader._("Back"), LEVELS, emoji="◀️", row=1)
    parts = Part(opening), Part("\n".join(lines) or nothing)
    return reply(Card(theme.ROSE, parts, title=f"{theme.FANS} " + reader._("Fan clubs")), [menu, back])


def club_page_of(roles: Mapping[int, int], creator_id: int, reader: Reader, guild: discord.Guild | None) -> Reply:
    """Return the page on which the role of one club is chosen. `guild` tells whether the role still exists."""
    role_id = roles.get(creator_id, 0)
    exists = guild is not None and guild.get_role(role_id) is not None
    text = reader._("Members of the fan club of {creator} get this role.", creator=mentions.member(creator_id, reader))
    menu = Menu(
        PickClubRole.id_for(ClubIds(creator_id)),
        reader._("Role of this fan club"),
        discord.ComponentType.role_select,
        chosen=[role_id] if exists else [],
        fewest=0,
        row=0,
    )
    back = OpenClubs.button(NoIds(), reader._("Back"), emoji="◀️", row=1)
    return reply(Card(theme.ROSE, (Part(text),), title=f"{theme.FANS} " + reader._("Fan club")), [menu, back])
