"""What happens in large books besides gifts: reversals, payouts, chests and chip-ins, through the bot's services."""

import shutil
from pathlib import Path

from benchmarks.books import CREATORS, DAY_MS, FIRST_GUILD, MEMBERS, STAFF, START_MS, creator_ids, giver_ids
from benchmarks.figures import say
from bot.domain.ledger.chest import OpenChest
from bot.domain.ledger.chips import ChipCoins
from bot.domain.ledger.gift import SendGift
from bot.domain.payouts import PayoutRules
from bot.services import Services
from bot.services.assembly import build
from bot.storage.database import Database
from bot.storage.stores import payouts

TREASURER = 2
"""Pays what STAFF has approved."""
HEART, MUSIC_BOX = 3, 7
"""Items of 10 and of 149 coins."""
CHANNEL = 1


class Clock:
    """A clock that goes on by a second with each look, from the end of the books."""

    def __init__(self, days: int) -> None:
        self._now_ms = START_MS + (days + 1) * DAY_MS

    def __call__(self) -> int:
        self._now_ms += 1_000
        return self._now_ms


async def happen(
    address: str, rounds: int, *, members: int = MEMBERS, creators: int = CREATORS, days: int = 30
) -> None:
    """Add `rounds` times one of everything to the books of the first guild, as `benchmarks.books.fill` leaves them."""
    database = await Database.open(address, clock=Clock(days))
    services = build(database, [], Clock(days))
    await services.guilds.change(FIRST_GUILD, promo_share_percent=50)
    await database.writer.perform(payouts.save_rules, FIRST_GUILD, PayoutRules(minimum=1))
    givers, receivers = giver_ids(members, creators), creator_ids(creators)
    for number in range(rounds):
        giver, friend = givers[number % len(givers)], givers[(number + 1) % len(givers)]
        creator_id = receivers[number % len(receivers)]
        await _take_back(services, number, giver, creator_id)
        await _share_out(services, number, giver, friend)
        await _pool(services, number, giver, friend, creator_id)
        await database.writer.catch_up(FIRST_GUILD)
        await _pay(services, number, creator_id)
    await database.writer.catch_up(FIRST_GUILD)
    await database.close()


async def _take_back(services: Services, number: int, giver: int, creator_id: int) -> None:
    """Send two gifts, and take one back whole, and a piece of the other."""
    for part in (None, 1):
        key = f"aftermath:{number}:{part}"
        gift = SendGift(FIRST_GUILD, key, giver, creator_id, HEART, 3, CHANNEL)
        seq = (await services.gifts.send(gift)).seq
        await services.reversals.reverse(
            FIRST_GUILD, key=f"{key}:back", actor_id=STAFF, seq=seq, part=part, reason="by mistake"
        )


async def _share_out(services: Services, number: int, sponsor: int, member_id: int) -> None:
    """Open a chest, of which one share is taken and the rest goes back."""
    command = OpenChest(FIRST_GUILD, f"chest:open:{number}", sponsor, CHANNEL, 60, 3, 10)
    chest_id = (await services.chests.open(command)).seq
    await services.chests.take(FIRST_GUILD, chest_id, member_id, 0)
    await services.chests.end(FIRST_GUILD, chest_id, sponsor)


async def _pool(services: Services, number: int, giver: int, friend: int, creator_id: int) -> None:
    """Fill a chip-in, whose gift goes out, begin one that is taken back, and leave one open."""
    pools, present = services.gifts.pools, frozenset({giver, friend, creator_id})
    for place, coins in enumerate((119, 30, 30)):
        pool = 3 * number + place + 1
        first = ChipCoins(FIRST_GUILD, f"chip:{pool}", giver, pool, coins, creator_id, MUSIC_BOX, pool, hours=1)
        await pools.chip(first)
        await pools.chip(first._replace(key=f"chip:{pool}:too", member_id=friend, coins=30, hours=0))
        if place == 1:
            for member_id in (giver, friend):
                await pools.take_back(FIRST_GUILD, pool, member_id)
        await pools.settle(FIRST_GUILD, pool, present)


async def _pay(services: Services, number: int, creator_id: int) -> None:
    """Have a creator ask for two payouts, of which one is paid."""
    for is_paid in (True, False):
        request = await services.payouts.request(FIRST_GUILD, f"payout:{number}:{is_paid}", creator_id, 5)
        payout_id = request.payout.payout_id
        await services.payouts.approve(FIRST_GUILD, payout_id, STAFF)
        if is_paid:
            await services.payouts.record(FIRST_GUILD, payout_id, TREASURER, "TX")
        else:
            await services.payouts.reject(FIRST_GUILD, payout_id, TREASURER, "not yet")


async def prepare_aftermath(books: Path, rounds: int) -> Path:
    """Return a copy of `books` in which all of that has happened; create it on first use."""
    file = books.with_suffix(f".aftermath-{rounds}.db")
    if not file.exists():
        say(f"adding {rounds:,} reversals, payouts, chests and chip-ins")
        partial = file.with_suffix(".part")
        shutil.copy(books, partial)
        await happen(f"sqlite:///{partial}", rounds)
        partial.replace(file)
    return file
