"""The catalogue of perks: what managers add, edit and archive."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import TypedDict, Unpack

from bot.domain import text
from bot.domain.catalogue import Tier
from bot.domain.deadlines import DeadlineKind
from bot.domain.errors import InvalidText, NameTaken, NotACreator, NotFound, TooMany, UnknownGuild
from bot.domain.ids import id_in
from bot.domain.levels import TOP_LEVEL
from bot.domain.money import amount
from bot.domain.perk_deadlines import perk_restock_of
from bot.domain.perk_errors import PerkIncomplete
from bot.domain.perks import (
    ABOUT_LENGTH,
    MOST_DAYS,
    MOST_EACH,
    MOST_PERKS,
    MOST_STOCK,
    Perk,
    PerkKind,
    PerkWay,
    Restock,
    check_complete,
    clean_text,
    emoji_of,
    next_restock_ms,
)
from bot.domain.staff_acts import ActKind, StaffAct, change
from bot.services.emoji import check_emoji
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.stores import creators, deadlines, guilds, member_roles, perk_panels, perks, staff_acts

_NAMES = frozenset({"name", "emoji", "perk_way"})


class PerkChanges(TypedDict, total=False):
    """What a manager typed. A number of 0 removes that limit, and so does the creator 0.

    Of `price`, `tier`, `level` and `club`, one says how the perk is had. `content` is that of the file named `file`.
    `never_restocks` ends a schedule.
    """

    name: str
    emoji: str
    kind: PerkKind
    about: str
    price: int
    tier: Tier
    level: int
    club: bool
    creator_id: int
    role_id: int
    channel_id: int
    text: str
    file: str
    content: bytes
    days: int
    stock: int
    each: int
    restock: Restock
    never_restocks: bool
    archived: bool


class PerkCatalogue:
    """The use-cases of those who manage the perks."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def perks(self, guild_id: int, *, archived: bool = True) -> list[Perk]:
        """Return the guild's perks, oldest first."""
        return await self._database.read(_perks, guild_id, archived)

    async def creators(self, guild_id: int) -> dict[int, int]:
        """Return the member ids of the creators of perks, by holder; 0 is who was erased."""
        return await self._database.read(_creators, guild_id)

    async def add(self, guild_id: int, *, perk_id: int, by: int, **values: Unpack[PerkChanges]) -> Perk:
        """Add a perk. `perk_id` is the id of the interaction that asks for it, so that a repeat changes nothing."""
        return await self._database.writer.perform(_insert, guild_id, perk_id, values, by, self._clock())

    async def edit(self, guild_id: int, reference: str, *, by: int, **changes: Unpack[PerkChanges]) -> Perk:
        """Change the perk with the id or name `reference`. What members have unlocked keeps its end."""
        return await self._database.writer.perform(_edit, guild_id, reference, changes, by, self._clock())

    async def archive(self, guild_id: int, reference: str, *, by: int) -> Perk:
        """Stop offering a perk. What members have unlocked stays theirs."""
        return await self.edit(guild_id, reference, by=by, archived=True)


def find_perk(c: Connection, guild_id: int, reference: str) -> Perk:
    """Return the perk whose id or name is `reference`, even if it is archived; raise NotFound."""
    perk_id = id_in(reference)
    perk = None if perk_id is None else perks.perk(c, guild_id, perk_id)
    if perk is not None:
        return perk
    matches = [each for each in perks.perks(c, guild_id, archived=True) if _key(each.name) == _key(reference)]
    if not matches:
        raise NotFound("perk")
    return min(matches, key=lambda each: each.archived)


def _perks(c: Connection, guild_id: int, archived: bool) -> list[Perk]:
    return perks.perks(c, guild_id, archived=archived)


def _creators(c: Connection, guild_id: int) -> dict[int, int]:
    creator_holders = {perk.creator for perk in perks.perks(c, guild_id, archived=True) if perk.creator}
    return holders.member_ids(c, guild_id, creator_holders)


def _insert(c: Connection, guild_id: int, perk_id: int, values: PerkChanges, by: int, now_ms: int) -> Perk:
    guilds.lock(c, guild_id)
    existing = perks.perk(c, guild_id, perk_id)
    if existing is not None:
        return existing
    kind = values.get("kind", PerkKind.ROLE)
    if not _ways(values):
        raise PerkIncomplete("way")
    blank = Perk(guild_id, perk_id, "", emoji_of(kind), kind, PerkWay.COINS, 0, now_ms)
    perk = _changed(c, blank, {"name": "", **values}, now_ms)
    _check_place(c, None, perk)
    _save(c, None, perk, values, by, now_ms)
    return perk


def _edit(c: Connection, guild_id: int, reference: str, changes: PerkChanges, by: int, now_ms: int) -> Perk:
    guilds.lock(c, guild_id)
    before = find_perk(c, guild_id, reference)
    perk = _changed(c, before, changes, now_ms)
    _check_place(c, before, perk)
    _save(c, before, perk, changes, by, now_ms)
    return perk


def _check_place(c: Connection, before: Perk | None, perk: Perk) -> None:
    """Raise TooMany or NameTaken if there is no place for a perk that is offered."""
    others = [each for each in perks.perks(c, perk.guild_id) if each.perk_id != perk.perk_id]
    is_new = before is None or before.archived
    if is_new and not perk.archived and len(others) >= MOST_PERKS:
        raise TooMany("perk", MOST_PERKS)
    if any(_key(each.name) == _key(perk.name) for each in others):
        raise NameTaken(perk.name)


def _save(c: Connection, before: Perk | None, perk: Perk, values: PerkChanges, by: int, now_ms: int) -> None:
    guild_id = perk.guild_id
    perks.save(c, perk)
    if "content" in values:
        perks.save_file(c, guild_id, perk.perk_id, values["content"])
    if perk.restock_ms is not None and not perk.archived:
        deadlines.put(c, perk_restock_of(guild_id, perk.perk_id, perk.restock_ms))
    else:
        deadlines.clear(c, guild_id, DeadlineKind.PERK_RESTOCK, perk.perk_id)
    if before is not None and before.role_id != perk.role_id:
        member_roles.check(c, guild_id, perks.holders_of(c, guild_id, perk.perk_id), now_ms)
        member_roles.forget_troubles(c, guild_id, [before.role_id])
    perk_panels.note_change(c, guild_id)
    staff_acts.add(c, guild_id, _act(c, before, perk, values, by, now_ms))


def _act(c: Connection, before: Perk | None, perk: Perk, values: PerkChanges, by: int, now_ms: int) -> StaffAct:
    """Return what staff did to a perk. What is unlocked stays out of the staff log: only its digest is in there."""
    old, new = (_values(c, each) if each else None for each in (before, perk))
    if new is not None and "content" in values:
        new["content"] = _digest(values["content"])
    return change(ActKind.PERK, old, new, by=by, at_ms=now_ms, subject=perk.perk_id, named_by=_NAMES)


def _values(c: Connection, perk: Perk) -> dict[str, int | str | None]:
    creator = holders.member_ids(c, perk.guild_id, [perk.creator]).get(perk.creator, 0) if perk.creator else 0
    return {
        "name": perk.name, "emoji": perk.emoji, "perk_kind": perk.kind.value, "perk_way": perk.way.value,
        "perk_needs": perk.needs, "perk_creator": creator, "about": perk.about, "role_id": perk.role_id,
        "channel_id": perk.channel_id, "content": _digest(perk.text.encode()) if perk.text else "",
        "file": perk.file, "days": perk.days, "stock": perk.stock, "limit": perk.each,
        "restock": perk.restock.value if perk.restock else None, "archived": int(perk.archived),
    }  # fmt: skip


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _key(name: str) -> str:
    return text.clean(name, text.NAME_LENGTH).casefold()


def _ways(values: PerkChanges) -> list[tuple[PerkWay, int]]:
    """Return how a perk is had, and what it takes, for each of the options that say so."""
    ways: list[tuple[PerkWay, int]] = []
    if "price" in values:
        ways.append((PerkWay.COINS, amount(values["price"])))
    if "tier" in values:
        ways.append((PerkWay.TIER, values["tier"].number))
    if "level" in values:
        ways.append((PerkWay.LEVEL, amount(values["level"], highest=TOP_LEVEL)))
    if values.get("club"):
        ways.append((PerkWay.CLUB, 0))
    if len(ways) > 1:
        raise PerkIncomplete("way")
    return ways


def _changed(c: Connection, perk: Perk, values: PerkChanges, now_ms: int) -> Perk:
    """Return a perk with `values`, after checking each; raise the refusal of the first that is wrong."""
    if "name" in values:
        name = text.clean(values["name"], text.NAME_LENGTH)
        if not name or name.isdigit():
            raise InvalidText("name", text.NAME_LENGTH)
        perk = replace(perk, name=name)
    if "emoji" in values:
        check_emoji(values["emoji"])
        perk = replace(perk, emoji=values["emoji"])
    for way, needs in _ways(values):
        perk = replace(perk, way=way, needs=needs)
    if "creator_id" in values:
        perk = replace(perk, creator=_creator(c, perk.guild_id, values["creator_id"]))
    perk = replace(
        perk,
        about=text.clean(values.get("about", perk.about), ABOUT_LENGTH),
        role_id=values.get("role_id", perk.role_id),
        channel_id=values.get("channel_id", perk.channel_id),
        text=clean_text(values.get("text", perk.text)),
        file=values.get("file", perk.file),
        days=_limit(values.get("days", perk.days), MOST_DAYS),
        each=_limit(values.get("each", perk.each), MOST_EACH),
        archived=values.get("archived", perk.archived),
    )
    perk = _with_stock(c, perk, values, now_ms)
    check_complete(perk)
    return perk


def _limit(value: int | None, highest: int) -> int | None:
    return amount(value, highest=highest) if value else None


def _creator(c: Connection, guild_id: int, creator_id: int) -> int:
    if not creator_id:
        return 0
    if creator_id not in {each.member_id for each in creators.creators(c, guild_id)}:
        raise NotACreator(creator_id)
    return holders.ensure(c, guild_id, creator_id)


def _with_stock(c: Connection, perk: Perk, values: PerkChanges, now_ms: int) -> Perk:
    """Return a perk with its stock, which is also what a schedule fills it up to."""
    if "stock" in values:
        stock = _limit(values["stock"], MOST_STOCK)
        perk = replace(perk, stock=stock, restock_to=stock)
    if values.get("never_restocks") or perk.restock_to is None:
        perk = replace(perk, restock=None, restock_ms=None)
    if "restock" in values:
        rules = guilds.rules(c, perk.guild_id)
        if rules is None:
            raise UnknownGuild
        restock = values["restock"]
        perk = replace(perk, restock=restock, restock_ms=next_restock_ms(restock, now_ms, rules.time_zone))
    return perk
