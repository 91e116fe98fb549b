"""What happens in large books besides gifts, through the bot's services: what is taken back, paid out, shared out,
pooled, given to a team, bought, and withdrawn from."""

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.books import (
    CREATORS,
    DAY_MS,
    FIRST_GUILD,
    FIRST_MEMBER,
    MEMBERS,
    PACKAGE,
    STAFF,
    START_MS,
    creator_ids,
    giver_ids,
)
from benchmarks.figures import say
from bot.domain.ledger.chest import OpenChest
from bot.domain.ledger.chips import ChipCoins
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.order import CreditOrder
from bot.domain.ledger.team_gift import SendTeamGift
from bot.domain.orders import Contact, Order
from bot.domain.payouts import PayoutRules
from bot.services import Services
from bot.services.assembly import build
from bot.storage.database import Database
from bot.storage.stores import buying_limits, orders, payouts

TREASURER = 2
"""Pays what STAFF has approved."""
HEART, MUSIC_BOX = 3, 7
"""Items of 10 and of 149 coins."""
CHANNEL = 1
COINS, PRICE_MINOR = 500, 499
"""What is bought, and withdrawn from …"""
FIRST_BUYER = FIRST_MEMBER + 10**9
"""… by members who have no other coins. Their ids count up from this one."""
AT_ONCE = 100
"""Rounds that go on at the same time, so that their commands share commits."""


class Clock:
    """A clock that goes on by a second with each look, from the end of the books."""

    def __init__(self, days: int) -> None:
        self._now_ms = START_MS + (days + 1) * DAY_MS

    def __call__(self) -> int:
        self._now_ms += 1_000
        return self._now_ms


class Cast(NamedTuple):
    """Who acts in a round: a giver and their friend, and two creators."""

    giver: int
    friend: int
    creator_id: int
    other_id: int

    @classmethod
    def of(cls, number: int, givers: Sequence[int], creators: Sequence[int]) -> "Cast":
        """Return who acts in round `number`: others than in the rounds that go on at the same time, save creators."""
        pairs = ((people[number % len(people)], people[(number + 1) % len(people)]) for people in (givers, creators))
        (giver, friend), (creator_id, other_id) = pairs
        return cls(giver, friend, creator_id, other_id)


async def happen(
    address: str, rounds: int, *, members: int = MEMBERS, creators: int = CREATORS, days: int = 30
) -> None:
    """Add `rounds` times one of everything to the books of the first guild, as `benchmarks.books.fill` leaves them."""
    database = await Database.open(address, clock=Clock(days))
    services = build(database, [], Clock(days))
    await services.guilds.change(FIRST_GUILD, promo_share_percent=50)
    await database.writer.perform(payouts.save_rules, FIRST_GUILD, PayoutRules(minimum=1))
    await database.writer.perform(buying_limits.change, FIRST_GUILD, {"can_withdraw": 1})
    givers, receivers = giver_ids(members, creators), creator_ids(creators)
    at_once = min(AT_ONCE, len(givers))
    for start in range(0, rounds, at_once):
        numbers = range(start, min(start + at_once, rounds))
        await asyncio.gather(*(_live(database, services, n, Cast.of(n, givers, receivers)) for n in numbers))
        await database.writer.catch_up(FIRST_GUILD)
        # One payout after the other of a creator, as only one can be open.
        shares = [numbers[place :: len(receivers)] for place in range(len(receivers))]
        await asyncio.gather(*(_pay(services, *each) for each in zip(receivers, shares, strict=True)))
    await database.writer.catch_up(FIRST_GUILD)
    await database.close()


async def _live(database: Database, services: Services, number: int, cast: Cast) -> None:
    """Have all of it happen once, save payouts: those wait for the earnings to be counted."""
    await _take_back(services, number, cast)
    await _give_together(services, number, cast)
    await _share_out(services, number, cast)
    await _pool(services, number, cast)
    await _withdraw(database, services, number, cast)


async def _take_back(services: Services, number: int, cast: Cast) -> None:
    """Send two gifts, and take one back whole, and a piece of the other."""
    for part in (None, 1):
        key = f"aftermath:{number}:{part}"
        gift = SendGift(FIRST_GUILD, key, cast.giver, cast.creator_id, HEART, 3, CHANNEL)
        seq = (await services.gifts.send(gift)).seq
        await _reverse(services, key, seq, part)


async def _give_together(services: Services, number: int, cast: Cast) -> None:
    """Send two gifts to a team, and take one back from all of it."""
    for is_undone in (True, False):
        key = f"team:{number}:{is_undone}"
        team = cast.creator_id, cast.other_id
        gift = SendTeamGift(FIRST_GUILD, key, cast.giver, team, MUSIC_BOX, CHANNEL)
        seq = (await services.gifts.send_team(gift)).seq
        if is_undone:
            await _reverse(services, key, seq, None)


async def _reverse(services: Services, key: str, seq: int, part: int | None) -> None:
    await services.reversals.reverse(
        FIRST_GUILD, key=f"{key}:back", actor_id=STAFF, seq=seq, part=part, reason="by mistake"
    )


async def _share_out(services: Services, number: int, cast: Cast) -> None:
    """Open a chest, of which one share is taken and the rest goes back."""
    command = OpenChest(FIRST_GUILD, f"chest:open:{number}", cast.giver, CHANNEL, 60, 3, 10)
    chest_id = (await services.chests.open(command)).seq
    await services.chests.take(FIRST_GUILD, chest_id, cast.friend, 0)
    await services.chests.end(FIRST_GUILD, chest_id, cast.giver)


async def _pool(services: Services, number: int, cast: Cast) -> None:
    """Fill a chip-in, whose gift goes out, begin one that is taken back, and leave one open."""
    pools, present = services.gifts.pools, frozenset(cast)
    for place, coins in enumerate((119, 30, 30)):
        pool = 3 * number + place + 1
        first = ChipCoins(
            FIRST_GUILD, f"chip:{pool}", cast.giver, pool, coins, cast.creator_id, MUSIC_BOX, pool, hours=1
        )
        await pools.chip(first)
        await pools.chip(first._replace(key=f"chip:{pool}:too", member_id=cast.friend, coins=30, hours=0))
        if place == 1:
            for member_id in (cast.giver, cast.friend):
                await pools.take_back(FIRST_GUILD, pool, member_id)
        await pools.settle(FIRST_GUILD, pool, present)


async def _withdraw(database: Database, services: Services, number: int, cast: Cast) -> None:
    """Have a new member buy coins twice, send a gift with the first, and withdraw from the second purchase."""
    buyer = FIRST_BUYER + number
    for order_id in (2 * number + 1, 2 * number + 2):
        terms = PACKAGE, COINS, PRICE_MINOR, "USD", "till"
        order = Order(FIRST_GUILD, order_id, buyer, *terms, test=False, consented_ms=START_MS)
        await database.writer.perform(orders.insert, order, Contact("en-US", None))
        await database.writer.submit(CreditOrder(FIRST_GUILD, order.key, order_id, buyer, f"cs_{order_id}"))
    await services.gifts.send(SendGift(FIRST_GUILD, f"bought:{number}", buyer, cast.creator_id, HEART, 3, CHANNEL))
    offer = await services.withdrawals.offer(FIRST_GUILD, buyer, order_id)
    await services.withdrawals.withdraw(FIRST_GUILD, buyer, order_id, offer.withdrawal.coins)


async def _pay(services: Services, creator_id: int, numbers: range) -> None:
    """Have a creator ask for two payouts in each of some rounds, of which one is paid."""
    for number in numbers:
        for is_paid in (True, False):
            request = await services.payouts.request(FIRST_GUILD, f"payout:{number}:{is_paid}", creator_id, 5)
            payout_id = request.payout.payout_id
            await services.payouts.approve(FIRST_GUILD, payout_id, STAFF)
            if is_paid:
                await services.payouts.record(FIRST_GUILD, payout_id, TREASURER, "TX")
            else:
                await services.payouts.reject(FIRST_GUILD, payout_id, TREASURER, "not yet")


async def prepare_aftermath(books: Path, rounds: int, *, members: int = MEMBERS) -> Path:
    """Return a copy of `books` in which all of that has happened; create it on first use."""
    file = books.with_suffix(f".aftermath-{rounds}.db")
    if not file.exists():
        say(f"adding {rounds:,} of everything that can happen besides gifts")
        partial = file.with_suffix(".part")
        shutil.copy(books, partial)
        await happen(f"sqlite:///{partial}", rounds, members=members)
        partial.replace(file)
    return file
