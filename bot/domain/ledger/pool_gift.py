"""Pool gifts: what members chipped in becomes one gift from all of them.

The part of each member is a row of the journal like that of any gift, so each of them counts with what they gave. All
rows are booked together or not at all.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from bot.domain.accounts import promo_chips_of, promo_of
from bot.domain.catalogue import GiftItem, tier_of
from bot.domain.chip_ins import ChipIn, ChipInOver, ChipInState, PoolPart, PoolShort, parts_of_pool
from bot.domain.freezes import MemberFrozen
from bot.domain.guilds import GuildRules
from bot.domain.ledger.books import Books, Decision
from bot.domain.ledger.charge import Funds, charge_from
from bot.domain.ledger.gift import SendGift, booked, check_receiver, event_of
from bot.domain.ledger.kinds import Kind, check_none
from bot.domain.ledger.order import coinage_of
from bot.domain.ledger.restrictions import BlockedByYou, GiftBlocked, check_sender
from bot.domain.live import LiveEvent


class SendPool(NamedTuple):
    """Send the gift of a chip-in that is full, in the name of all `people` who chipped in, members in order.

    `absent` are those of them who have left the guild. None of this can change while the chip-in is full.
    """

    guild_id: int
    chip_in_id: int
    creator_id: int
    item_id: int
    channel_id: int
    people: tuple[int, ...]
    absent: tuple[int, ...] = ()
    creator_is_here: bool = True

    kind = "pool_gift"
    holder_ids = ()

    @property
    def key(self) -> str:
        """A chip-in brings one gift."""
        return f"chip-in:{self.chip_in_id}"

    @property
    def actor_id(self) -> int:
        """Who chipped in first."""
        return self.people[0]

    @property
    def other_id(self) -> int:
        """The other member on the receipt."""
        return self.creator_id

    @property
    def member_ids(self) -> tuple[int, ...]:
        """The members whose accounts the command may touch."""
        return (*self.people, self.creator_id)


class PoolSent(NamedTuple):
    """The gift of a chip-in, which now is `chip_in`, went out."""

    chip_in: ChipIn

    def apply(self, books: Books, guild_id: int) -> None:
        """Change the chip-in in `books`."""
        books.chip_ins[guild_id, self.chip_in.chip_in_id] = self.chip_in
        books.chips[guild_id, self.chip_in.chip_in_id] = ()


def gifts_of(command: SendPool) -> tuple[SendGift, ...]:
    """Return the gift as each member who chipped in would send it."""
    return tuple(
        SendGift(
            guild_id=command.guild_id,
            key=command.key,
            sender_id=member_id,
            creator_id=command.creator_id,
            item_id=command.item_id,
            quantity=1,
            channel_id=command.channel_id,
            creator_is_here=command.creator_is_here,
        )
        for member_id in command.people
    )


def steps(command: SendPool, books: Books, now_ms: int) -> Iterator[Decision]:
    """Yield the rows of the gift.

    Raise ChipInOver, PoolShort if some can't send a gift now, or what a gift raises about its creator or its item.
    """
    guild = command.guild_id
    rules = books.rules_of(guild).at(now_ms)
    chip_in = books.chip_ins.get((guild, command.chip_in_id))
    if chip_in is None or chip_in.state is not ChipInState.FULL:
        raise ChipInOver
    gifts = {books.holders[guild, gift.sender_id]: gift for gift in gifts_of(command)}
    pooled = books.chips[guild, command.chip_in_id]
    parts = parts_of_pool(pooled)
    assert {part.holder for part in parts} == gifts.keys(), command.key
    assert sum(part.coins for part in parts) == chip_in.price, command.key
    if unfit := [holder for holder, gift in gifts.items() if _is_unfit(command, gift, books, now_ms)]:
        raise PoolShort(tuple(unfit))
    event = event_of(next(iter(gifts.values())), books, now_ms)
    item = books.item(guild, command.item_id)
    item.check_sendable(1, now_ms, live=event is not None)
    item = replace(item, name=chip_in.name, emoji=chip_in.emoji, own_tier=tier_of(chip_in.price, item.own_tier))
    for place, part in enumerate(parts):
        part_item = replace(item, price=part.coins, stock=None if place else item.stock)
        row = _row(gifts[part.holder], books, part, rules, part_item, event)
        chips = [[chip.at_ms, chip.coins] for chip in pooled if (chip.holder, chip.is_test) == part[:2]]
        facts = {**row.facts, "joint": [place, len(parts), chip_in.price], "chip_in": chip_in.chip_in_id}
        # By then the budgets of those who chipped in had counted them.
        facts["chips"] = chips
        effects = row.effects
        if not place:
            facts["pool"] = [[part.holder, part.coins] for part in parts]
            after = replace(chip_in, state=ChipInState.SENT, collected=0, gift_seq=books.next_seq(guild))
            effects = (*effects, PoolSent(after))
        yield row._replace(facts=facts, effects=effects)


def _row(
    gift: SendGift, books: Books, part: PoolPart, rules: GuildRules, item: GiftItem, event: LiveEvent | None
) -> Decision:
    """Return the row of one part. What is left in the wallet is what was left before: the coins were reserved."""
    guild, coinage = gift.guild_id, coinage_of(is_test=part.is_test)
    chips, promo_chips = coinage.chips_of(part.holder), promo_chips_of(part.holder)
    creator = books.holders[guild, gift.creator_id]
    funds = Funds(coinage, part.paid, part.promo)
    charge = charge_from(books, rules, (promo_chips, chips), creator, funds)
    row = booked(gift, books, rules, item, event, charge)
    wallet_facts = {
        "paid_after": books.balance(guild, coinage.wallet_of(part.holder)),
        "promo_after": books.balance(guild, promo_of(part.holder)),
    }
    return row._replace(facts={**row.facts, **wallet_facts})


def _is_unfit(command: SendPool, gift: SendGift, books: Books, now_ms: int) -> bool:
    """Whether the member can't send this creator a gift. Raise what is wrong with the creator."""
    if gift.sender_id in command.absent or books.debt(gift.guild_id, books.holders[gift.guild_id, gift.sender_id]):
        return True
    try:
        check_sender(books, gift.guild_id, gift.sender_id)
        check_receiver(gift, books, now_ms)
    except (MemberFrozen, GiftBlocked, BlockedByYou):
        return True
    return False


KIND = Kind(
    SendPool.kind,
    SendPool,
    None,
    check_none,
    reads=("chip_ins",),
    steps=steps,
    parts=gifts_of,
    row_kind=SendGift.kind,
)
