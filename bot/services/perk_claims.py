"""Unlocking perks that cost no coins: for a gift, a level, or a fan club.

This moves nothing in the books, so it is not a transaction. Everything else is checked by the same rule as for coins.
"""

from dataclasses import replace

from bot.domain.errors import NotFound
from bot.domain.ledger.perk import BuyPerk, check_access
from bot.domain.levels import level_of
from bot.domain.perk_errors import NeedsClub, NeedsLevel, NeedsTier
from bot.domain.perks import Perk, PerkKind, PerkWay, Unlock, unlock_of
from bot.services.standing import check_counted
from bot.storage.connect.connection import Connection
from bot.storage.folds.gifters import queries
from bot.storage.ledger import holders
from bot.storage.ledger.load import load_for_preview
from bot.storage.stores import guilds, perk_gifts, perk_roles, perks


def claim(c: Connection, command: BuyPerk, now_ms: int) -> tuple[Unlock, Perk]:
    """Unlock a perk that costs no coins, once for each number. Raise what `check_access` and `reached` do.

    What a member has had before under the same number is returned as it is.
    """
    guild_id = command.guild_id
    guilds.lock(c, guild_id)
    holder = holders.ensure(c, guild_id, command.member_id)
    before, perk = perks.unlock(c, guild_id, command.unlock_id), perks.perk(c, guild_id, command.perk_id)
    if before is not None and perk is not None and before.holder == holder:
        return before, perk
    check_counted(c, guild_id)
    perk, holding = check_access(command, load_for_preview(c, command), now_ms)
    row = reached(c, perk, holder, command.creator_id)
    unlock = unlock_of(perk, command.unlock_id, holder, holding, now_ms)
    note = command.note if perk.kind is PerkKind.SHOUTOUT else ""
    unlock = replace(unlock, row=row, note=note)
    perks.take(c, guild_id, perk.perk_id, 1)
    perks.add(c, perk, unlock)
    return unlock, perk


def reached(c: Connection, perk: Perk, holder: int, creator_id: int) -> int:
    """Return the gift that a perk is had for, 0 for none.

    Raise NeedsTier, NeedsLevel, NeedsClub, or NotFound for what costs coins.
    """
    match perk.way:
        case PerkWay.COINS:
            raise NotFound("perk")
        case PerkWay.TIER:
            row = perk_gifts.unused_gift(c, perk, holder)
            if not row:
                raise NeedsTier(perk.needs, creator_id)
            return row
        case PerkWay.LEVEL | PerkWay.CLUB:
            check_standing(c, perk, holder, creator_id)
            return 0


def check_standing(c: Connection, perk: Perk, holder: int, creator_id: int) -> None:
    """Raise NeedsLevel or NeedsClub for a perk that a member has not reached."""
    if perk_roles.reaches(c, perk.guild_id, holder, perk.way, perk.needs, perk.creator):
        return
    if perk.way is PerkWay.CLUB:
        raise NeedsClub(creator_id)
    raise NeedsLevel(perk.needs, level_of(queries.coins(c, perk.guild_id, holder)))
