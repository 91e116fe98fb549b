"""Chests: a sponsor shares promo coins out in a channel, members take a share each, and the rest goes back."""

import contextlib
from collections.abc import Callable, Collection
from typing import NamedTuple

from bot.domain.chest_errors import BlockedByCreator, ChestOver
from bot.domain.chests import Chest, check_sponsor, end_key_of, key_of
from bot.domain.ledger.books import Decision
from bot.domain.ledger.chest import OpenChest, ReturnChest, TakeShare
from bot.domain.policy import Actor
from bot.domain.receipts import Receipt
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.ledger.batch import dry_run
from bot.storage.stores import blocks, chests, guilds


class ChestView(NamedTuple):
    """A chest as it is at `now_ms`. `sponsor_id` is 0 if the sponsor was erased."""

    chest: Chest
    sponsor_id: int
    now_ms: int


class _Ground(NamedTuple):
    """What decides about a share before it is taken. `holder` is the member's, None if the books do not know them."""

    view: ChestView
    holder: int | None
    is_blocked: bool


class Chests:
    """The use-cases of chests."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def check_sponsor(self, guild_id: int, actor: Actor, role_ids: Collection[int]) -> None:
        """Raise NotASponsor unless a member with these roles may share coins out."""
        rules = await self._database.read(guilds.required, guild_id)
        check_sponsor(actor, role_ids, rules.sponsor_role_id or 0)

    async def preview(self, command: OpenChest) -> Decision:
        """Return what opening a chest would do now. Raise what `open` raises."""
        return await self._database.read(dry_run, command, self._clock())

    async def open(self, command: OpenChest) -> Receipt:
        """Reserve the coins of a chest, once for each key; its channel is told. Raise MemberFrozen, ChestRuns,
        InDebt, NotEnoughPromo, TooFewForShares or InvalidAmount."""
        return await self._database.writer.submit(command)

    async def take(self, guild_id: int, chest_id: int, member_id: int, joined_ms: int) -> Receipt:
        """Take a share, once for each member. Raise ChestOver, ChestEmpty, OwnChest, BlockedByCreator, MemberFrozen,
        TooYoungForChest, TooNewForChest or WalletFull."""
        ground = await self._database.read(_ground, guild_id, chest_id, member_id, self._clock())
        if ground is None:
            raise ChestOver
        if ground.is_blocked:
            raise BlockedByCreator
        holder = ground.holder
        command = TakeShare(guild_id, "", chest_id, member_id, joined_ms, ground.view.sponsor_id)
        if holder is None:
            # A refused member must leave nothing in the books.
            await self._database.read(dry_run, command, self._clock())
            holder = await self._database.writer.perform(holders.ensure, guild_id, member_id)
        return await self._database.writer.submit(command._replace(key=key_of(chest_id, holder)))

    async def settle(self, guild_id: int, chest_id: int) -> ChestView | None:
        """Give back what nobody has taken, if the time is up; return the chest as it is then, None if there is none."""
        view = await self._database.read(_view, guild_id, chest_id, self._clock())
        if view is None or not view.chest.is_open or view.now_ms < view.chest.until_ms:
            return view
        command = ReturnChest(guild_id, end_key_of(chest_id), chest_id, view.chest.sponsor, view.sponsor_id)
        # The last share may have been taken in the meantime.
        with contextlib.suppress(ChestOver):
            await self._database.writer.submit(command)
        return await self._database.read(_view, guild_id, chest_id, self._clock())

    async def end(self, guild_id: int, chest_id: int, member_id: int) -> Receipt:
        """Give back what nobody has taken before the time is up, as the sponsor. Raise ChestOver."""
        view = await self.view(guild_id, chest_id)
        if view is None or view.sponsor_id != member_id:
            raise ChestOver
        command = ReturnChest(guild_id, end_key_of(chest_id), chest_id, view.chest.sponsor, member_id)
        return await self._database.writer.submit(command)

    async def close(self, guild_id: int, chest_id: int, by: int) -> Receipt:
        """Give back what nobody has taken before the time is up, as staff. Raise ChestOver."""
        view = await self.view(guild_id, chest_id)
        if view is None:
            raise ChestOver
        sponsor, staff_id = view.chest.sponsor, by if by != view.sponsor_id else 0
        command = ReturnChest(guild_id, end_key_of(chest_id), chest_id, sponsor, view.sponsor_id, staff_id)
        return await self._database.writer.submit(command)

    async def open_ones(self, guild_id: int, most: int) -> list[ChestView]:
        """Return the open chests of a guild, newest first, up to a number of them."""
        return await self._database.read(_open_ones, guild_id, most, self._clock())

    async def view(self, guild_id: int, chest_id: int) -> ChestView | None:
        """Return a chest as it is now, None if there is none."""
        return await self._database.read(_view, guild_id, chest_id, self._clock())

    async def message_of(self, guild_id: int, chest_id: int) -> int | None:
        """Return the message that shows a chest, None before it was posted."""
        return await self._database.read(chests.message_of, guild_id, chest_id)

    async def posted(self, guild_id: int, chest_id: int, message_id: int) -> None:
        """Record the message that shows a chest."""
        await self._database.writer.perform(chests.save_message, guild_id, chest_id, message_id)


def _view(c: Connection, guild_id: int, chest_id: int, now_ms: int) -> ChestView | None:
    chest = chests.chest(c, guild_id, chest_id)
    if chest is None:
        return None
    return ChestView(chest, holders.member_ids(c, guild_id, [chest.sponsor]).get(chest.sponsor, 0), now_ms)


def _open_ones(c: Connection, guild_id: int, most: int, now_ms: int) -> list[ChestView]:
    opened = chests.open_in(c, guild_id, most)
    members = holders.member_ids(c, guild_id, {chest.sponsor for chest in opened})
    return [ChestView(chest, members.get(chest.sponsor, 0), now_ms) for chest in opened]


def _ground(c: Connection, guild_id: int, chest_id: int, member_id: int, now_ms: int) -> _Ground | None:
    view = _view(c, guild_id, chest_id, now_ms)
    if view is None:
        return None
    sponsor, holder = view.chest.sponsor, holders.holder_id(c, guild_id, member_id)
    blocked, _, _ = blocks.around(c, [(guild_id, sponsor)]).get((guild_id, sponsor), blocks.NONE)
    return _Ground(view, holder, holder in blocked)
