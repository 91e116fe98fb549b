"""Payments while nobody knows the time: none is credited, none is given up, and all of them are once it is clear."""

from dataclasses import dataclass
from typing import Any

from bot.domain.errors import ClockDoubtful
from bot.domain.orders import Observation
from bot.services.assembly import build
from bot.services.payment_events import LEASE_MS
from bot.storage.database import Database
from tests.rig import until
from tests.services.paying import GUILD, Till, order, paid_coins, worked_off
from tests.storage.town import Clock


class DoubtfulClock(Clock):
    """A clock that can be in doubt."""

    is_doubtful = False

    def __call__(self) -> int:
        if self.is_doubtful:
            raise ClockDoubtful
        return super().__call__()


@dataclass
class Interrupted(Till):
    """A till that is asked at the very moment in which the time comes into doubt."""

    clock: Any = None

    async def read(self, external_id: str) -> Observation:
        self.clock.is_doubtful = True
        return await super().read(external_id)


async def test_a_payment_whose_settling_falls_into_doubt_is_credited_once_it_is_over(address: str) -> None:
    clock = DoubtfulClock()
    till = Interrupted(clock=clock)
    database = await Database.open(address, clock=clock)
    services = build(database, [till], clock, estimate=lambda: clock.now_ms)
    await services.guilds.welcome(GUILD)
    await order(services)
    till.becomes("till-500", "paid")
    await services.payment_events.receive("till", {}, b"till-500")
    await services.payment_events.begin()

    async def was_asked() -> bool:
        return clock.is_doubtful

    await until(was_asked)
    in_doubt = await paid_coins(services)
    clock.is_doubtful = False
    clock.now_ms += LEASE_MS
    till.clock = Clock()

    async def credited() -> bool:
        return await paid_coins(services) == 70

    await worked_off(services, credited)
    await services.payment_events.stop()
    await database.close()

    assert in_doubt == 0
