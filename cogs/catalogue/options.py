"""From the options of `/catalogue add` and `/catalogue edit` to the changes of an item."""

from typing import NamedTuple, cast

import discord
from discord.app_commands import Choice
from discord.app_commands import locale_str as _

from bot.domain.catalogue import Tier
from bot.services.catalogue import ItemChanges
from bot.ui.kit.caller import Caller
from bot.ui.text.parsing import given, parse_emoji, parse_moment

BY_PRICE = "price"
"""The choice that lets the price decide the tier again."""

TIERS = [
    Choice(name=_("Small"), value=Tier.SMALL.value),
    Choice(name=_("Medium"), value=Tier.MEDIUM.value),
    Choice(name=_("Large"), value=Tier.LARGE.value),
    Choice(name=_("Grand"), value=Tier.GRAND.value),
    Choice(name=_("Legendary"), value=Tier.LEGENDARY.value),
    Choice(name=_("By its price"), value=BY_PRICE),
]


class Look(NamedTuple):
    """The appearance of an item, as typed by staff. `remove_picture` removes an uploaded picture."""

    name: str | None
    emoji: str | None
    tier: Choice[str] | None
    picture: discord.Attachment | None
    remove_picture: bool = False


class Terms(NamedTuple):
    """What an item costs, and who can send it when. `first` and `end` are in the guild's time zone, "0" for none."""

    price: int | None
    stock: int | None
    live_only: bool | None
    fans_only: bool | None
    joins_club: bool | None
    first: str | None
    end: str | None


async def changes_of(caller: Caller, look: Look, terms: Terms, *, archived: bool | None = None) -> ItemChanges:
    """Return the changes for the options that were given; raise ForeignEmoji, InvalidMoment or InvalidPicture."""
    name, emoji, tier, picture, remove_picture = look
    price, stock, live_only, fans_only, joins_club, first, end = terms
    switches = {"live_only": live_only, "fans_only": fans_only, "joins_club": joins_club, "archived": archived}
    changes = given(name=name, price=price, stock=stock, **switches)
    if emoji is not None:
        changes["emoji"] = parse_emoji(emoji, caller.guild)
    if tier is not None:
        changes["own_tier"] = None if tier.value == BY_PRICE else Tier(tier.value)
    time_zone = (await caller.services.guilds.rules(caller.guild_id)).time_zone
    for moment, text in given(from_ms=first, until_ms=end).items():
        # The first moment of 1970 is 0 as well, and would take the limit away.
        changes[moment] = 0 if text.strip() == "0" else parse_moment(text, time_zone) or 1
    if picture is not None:
        changes["png"] = await caller.services.pictures.checked(picture.url, picture.size)
    elif remove_picture:
        changes["png"] = b""
    return cast("ItemChanges", changes)
