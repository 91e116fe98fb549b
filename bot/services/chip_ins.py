"""Chip-ins: members pool coins for a gift. The gift goes out once its price is met, or everyone gets their coins
back."""

from collections import Counter
from collections.abc import Callable, Collection
from typing import NamedTuple

from bot.domain.chip_ins import (
    CalledOff,
    Chip,
    ChipIn,
    ChipInCard,
    ChipInOver,
    ChipInState,
    NothingChippedIn,
    PoolShort,
    parts_of_pool,
)
from bot.domain.errors import BooksClosed, Busy, ItemUnavailable, NotFound, Refusal
from bot.domain.ledger.chip_returns import ReturnChip
from bot.domain.ledger.chips import ChipCoins
from bot.domain.ledger.pool_gift import SendPool
from bot.domain.receipts import Receipt
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import holders, journal, member_choices
from bot.storage.stores import catalogue, chip_ins, creators


class Pool(NamedTuple):
    """A chip-in with its chips, the members who chipped in, by holder, and what stands in its way."""

    chip_in: ChipIn
    chips: tuple[Chip, ...]
    members: dict[int, int]
    obstacle: CalledOff

    @property
    def people(self) -> tuple[int, ...]:
        """The members who chipped in, each once, in the order of their first chips."""
        return tuple(dict.fromkeys(self.members.get(part.holder, 0) for part in parts_of_pool(self.chips)))


class ChipIns:
    """The use-cases of chip-ins. `expect` is told who has something new to read."""

    def __init__(self, database: Database, clock: Callable[[], int], expect: Callable[[int, int], None]) -> None:
        self._database = database
        self._clock = clock
        self._expect = expect

    async def chip(self, command: ChipCoins) -> Receipt:
        """Reserve coins for a gift, and open the chip-in with them if the command has hours; raise what `chip` does."""
        return await self._database.writer.submit(command)

    async def find(self, guild_id: int, key: str, member_id: int) -> Receipt | None:
        """Return the receipt of what a member had recorded under `key`, None if there is none, or it is somebody
        else's."""
        return await self._database.read(journal.find_own, guild_id, key, member_id)

    async def chip_in(self, guild_id: int, chip_in_id: int) -> ChipIn:
        """Return a chip-in. Raise NotFound."""
        chip_in = await self._database.read(chip_ins.chip_in, guild_id, chip_in_id)
        if chip_in is None:
            raise NotFound("chip_in")
        return chip_in

    async def card(self, guild_id: int, chip_in_id: int) -> ChipInCard:
        """Return what the message of a chip-in shows now. Raise NotFound."""
        return await self._database.read(_card, guild_id, chip_in_id)

    async def posted(self, guild_id: int, chip_in_id: int, message_id: int) -> None:
        """Record the message that shows a chip-in."""
        await self._database.writer.perform(chip_ins.save_message, guild_id, chip_in_id, message_id)

    async def take_back(self, guild_id: int, chip_in_id: int, member_id: int) -> list[Receipt]:
        """Give a member back everything they chipped in, with a receipt for each part.

        Raise ChipInOver or NothingChippedIn.
        """
        pool = await self._database.read(_pool, guild_id, chip_in_id)
        if pool is None or pool.chip_in.is_over or pool.chip_in.state is ChipInState.FULL:
            raise ChipInOver
        own_chips = [chip for chip in pool.chips if pool.members.get(chip.holder) == member_id]
        if not own_chips:
            raise NothingChippedIn
        return [await self._give_back(pool, chip, asked=True) for chip in own_chips]

    async def people(self, guild_id: int, chip_in_id: int) -> frozenset[int]:
        """Return who has to be in the server for a chip-in: its creator, and the members who chipped in."""
        pool = await self._database.read(_pool, guild_id, chip_in_id)
        return frozenset((*pool.people, pool.chip_in.creator_id)) if pool else frozenset()

    async def settle(self, guild_id: int, chip_in_id: int, present: Collection[int]) -> int | None:
        """Do what is due for a chip-in: send its gift, or return the coins. Return when to look again, None for never.

        `present` are those of its people who are in the guild. Everything happens once, however often this is started.
        """
        pool = await self._database.read(_pool, guild_id, chip_in_id)
        if pool is not None and pool.chip_in.state is ChipInState.FULL and not pool.obstacle:
            await self._send(pool, present)
            pool = await self._database.read(_pool, guild_id, chip_in_id)
        if pool is None or pool.chip_in.is_over:
            return None
        if pool.chip_in.state in {ChipInState.OPEN, ChipInState.FULL}:
            is_late = self._clock() >= pool.chip_in.ends_ms
            why = pool.obstacle or (CalledOff.TIME if is_late else CalledOff.NOTHING)
            if not why:
                # Somebody has chipped in since.
                return self._clock() if pool.chip_in.state is ChipInState.FULL else pool.chip_in.ends_ms
            await self._database.writer.perform(chip_ins.call_off, guild_id, chip_in_id, why)
        await self._return_all(guild_id, chip_in_id)
        return None

    async def _send(self, pool: Pool, present: Collection[int]) -> None:
        """Send the gift. Members who may not take part get their chips back; any other obstacle calls it off."""
        chip_in = pool.chip_in
        if 0 in pool.people:
            # Their data was deleted again after older books were restored. Nobody else gets their coins.
            for chip in pool.chips:
                if not pool.members.get(chip.holder):
                    await self._give_back(pool, chip)
            return
        command = SendPool(
            guild_id=chip_in.guild_id,
            chip_in_id=chip_in.chip_in_id,
            creator_id=chip_in.creator_id,
            item_id=chip_in.item_id,
            channel_id=chip_in.channel_id,
            people=pool.people,
            absent=tuple(member_id for member_id in pool.people if member_id not in present),
            creator_is_here=chip_in.creator_id in present,
        )
        try:
            await self._database.writer.submit(command)
        except PoolShort as short:
            for chip in pool.chips:
                if chip.holder in short.holders:
                    await self._give_back(pool, chip)
        except (BooksClosed, Busy):
            raise
        except Refusal as refusal:
            why = CalledOff.ITEM if isinstance(refusal, (ItemUnavailable, NotFound)) else CalledOff.CREATOR
            await self._database.writer.perform(chip_ins.call_off, chip_in.guild_id, chip_in.chip_in_id, why)

    async def _return_all(self, guild_id: int, chip_in_id: int) -> None:
        pool = await self._database.read(_pool, guild_id, chip_in_id)
        if pool is not None and pool.chip_in.state is ChipInState.RETURNING:
            for chip in pool.chips:
                await self._give_back(pool, chip)

    async def _give_back(self, pool: Pool, chip: Chip, *, asked: bool = False) -> Receipt:
        chip_in, member_id = pool.chip_in, pool.members.get(chip.holder, 0)
        receipt = await self._database.writer.submit(
            ReturnChip(chip_in.guild_id, member_id, chip_in.chip_in_id, chip.seq, (chip.holder,), asked)
        )
        if member_id and not asked:
            self._expect(chip_in.guild_id, member_id)
        return receipt


def _pool(c: Connection, guild_id: int, chip_in_id: int) -> Pool | None:
    chip_in = chip_ins.chip_in(c, guild_id, chip_in_id)
    if chip_in is None:
        return None
    chips = chip_ins.chips_of(c, guild_id, chip_in_id)
    members = holders.member_ids(c, guild_id, {chip.holder for chip in chips})
    return Pool(chip_in, chips, members, _obstacle(c, chip_in))


def _obstacle(c: Connection, chip_in: ChipIn) -> CalledOff:
    """Return the refusal that keeps a gift from ever going out."""
    if not creators.is_creator(c, chip_in.guild_id, chip_in.creator_id):
        return CalledOff.CREATOR
    item = catalogue.item(c, chip_in.guild_id, chip_in.item_id)
    return CalledOff.ITEM if item is None or item.archived else CalledOff.NOTHING


def _card(c: Connection, guild_id: int, chip_in_id: int) -> ChipInCard:
    pool = _pool(c, guild_id, chip_in_id)
    if pool is None:
        raise NotFound("chip_in")
    sums: Counter[int] = Counter()
    if pool.chip_in.gift_seq:
        receipt = journal.receipt(c, guild_id, pool.chip_in.gift_seq)
        for member_id, coins in receipt.people if receipt else ():
            sums[member_id] += coins
    for chip in pool.chips:
        sums[pool.members.get(chip.holder, 0)] += chip.coins
    choices = member_choices.choices_of(c, guild_id, {*sums})
    discreet = frozenset(member_id for member_id, chosen in choices.items() if chosen.hides_amounts)
    # The order would show roughly how much each gave.
    people = sorted(sums.items(), key=lambda each: (1, each[0]) if each[0] in discreet else (0, -each[1]))
    return ChipInCard(pool.chip_in, tuple(people), discreet)
