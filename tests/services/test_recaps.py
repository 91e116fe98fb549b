"""The recap of a live event where nothing can be written."""

from bot.domain.policy import Actor
from bot.services.assembly import build
from bot.storage.database import Database
from tests.storage.town import CHANNEL, GUILD, HOUR, MIA, Clock, gift, grant, settle_in


async def test_a_recap_is_told_where_it_cannot_be_kept(address: str) -> None:
    clock = Clock()
    books = await Database.open(address, clock=clock)
    await books.writer.perform(settle_in)
    await books.writer.submit(grant("coins", amount=1_000))
    services = build(books, [], clock)
    host = Actor(MIA, frozenset(), manages_guild=False, is_creator=True)
    await services.live.start(
        GUILD, event_id=900, channel_id=CHANNEL, caller=host, creator_id=MIA, title="", goal=None, minutes=None
    )
    await books.writer.submit(gift("first"))
    clock.now_ms += HOUR
    await services.live.end(GUILD, 900, host)
    await books.writer.close()

    recaps = [await services.live_displays.recap(GUILD, 900) for _ in range(2)]

    assert recaps[0] == recaps[1]
    assert recaps[0].recap is not None
    assert recaps[0].totals.coins == 10
    await books.close()
