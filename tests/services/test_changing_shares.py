"""Changes of shares in the books: creators are told, gifts earn the share of their moment, and the history stays."""

from bot.domain.deadlines import DeadlineKind
from bot.domain.notices import ShareNotice
from bot.domain.shares import LATE_MS, WARNING_MS, PlannedShare, ShareKind, planned
from bot.services import Services
from bot.services.assembly import build
from bot.storage.database import Database
from bot.storage.stores import deadlines, staff_acts
from tests.storage.town import GUILD, MIA, NOAH, Clock, gift, grant, settle_in

SAM = 21
BOUGHT, PROMO = ShareKind.BOUGHT, ShareKind.PROMO


async def opened(database: Database, clock: Clock) -> Services:
    """Return the services over the books of a guild with the creators Mia and Noah."""
    await database.writer.perform(settle_in)
    return build(database, [], clock)


async def news_of(services: Services, member_id: int) -> list[tuple[ShareKind, int, int]]:
    async with services.notices.telling(GUILD, member_id) as notices:
        changes = [notice.change for notice in notices if isinstance(notice, ShareNotice)]
    return [(change.kind, change.to_percent, change.starts_ms) for change in changes]


async def test_a_gift_earns_the_share_of_its_moment(database: Database, clock: Clock):
    services = await opened(database, clock)
    await database.writer.submit(grant("coins"))
    await services.shares.change(GUILD, 30, 0, by=SAM)
    shares: list[int] = []
    for number, later_ms in enumerate((0, WARNING_MS - 1, 1)):
        clock.now_ms += later_ms
        receipt = await services.gifts.send(gift(f"g{number}"))
        shares.append(receipt.facts["share_percent"])

    assert shares == [50, 50, 30]
    assert (await services.guilds.rules(GUILD)).share_percent == 30
    assert (await services.wallets.overview(GUILD, MIA)).share_percent == 30
    # Another setting may be changed after that, and a plan that has come true stays true.
    await services.guilds.change(GUILD, confirm_above=7)
    assert (await services.guilds.rules(GUILD)).share_percent == 30


async def test_every_creator_is_told_and_sees_what_is_coming(database: Database, clock: Clock):
    services = await opened(database, clock)
    start_ms = clock.now_ms + WARNING_MS

    await services.shares.change(GUILD, 30, 10, by=SAM)
    due, _ = await database.read(deadlines.outlook, clock.now_ms)

    expected = [(BOUGHT, 30, start_ms), (PROMO, 10, clock.now_ms)]
    assert await news_of(services, MIA) == await news_of(services, NOAH) == expected
    assert (await services.earnings.earnings(GUILD, MIA)).planned_shares == [PlannedShare(BOUGHT, 30, start_ms)]
    assert DeadlineKind.SHARE_NEWS in {deadline.kind for deadline, _ in due}


async def test_what_was_replaced_is_neither_told_nor_listed(database: Database, clock: Clock):
    services = await opened(database, clock)
    await services.shares.change(GUILD, 30, 0, by=SAM)
    clock.now_ms += 5
    await services.shares.change(GUILD, 40, 0, by=MIA)

    (change,) = await services.shares.history(GUILD)

    assert (change.from_percent, change.to_percent, change.changed_by) == (50, 40, MIA)
    assert await news_of(services, NOAH) == [(BOUGHT, 40, clock.now_ms + WARNING_MS)]
    assert await news_of(services, MIA) == []


async def test_taking_a_plan_back_leaves_everything_as_it_was(database: Database, clock: Clock):
    services = await opened(database, clock)
    await services.shares.change(GUILD, 30, 0, by=SAM)

    rules = await services.shares.change(GUILD, 50, 0, by=SAM)

    assert (rules.share_percent, planned(rules)) == (50, [])
    assert await services.shares.history(GUILD) == []
    assert await news_of(services, MIA) == []


async def test_a_channel_that_hears_late_moves_the_start(database: Database, clock: Clock):
    services = await opened(database, clock)
    await services.guilds.change(GUILD, gift_channel_id=77)
    await services.shares.change(GUILD, 30, 0, by=SAM)
    clock.now_ms += LATE_MS + 1

    news = await services.shares.news(GUILD)
    await services.shares.mark_announced(GUILD, news.changes)

    start_ms = clock.now_ms + WARNING_MS
    assert news.channel_id == 77
    assert [change.starts_ms for change in news.changes] == [start_ms]
    assert planned(await services.guilds.rules(GUILD)) == [PlannedShare(BOUGHT, 30, start_ms)]
    assert (await services.shares.news(GUILD)).changes == []


async def test_who_changed_a_share_is_kept(database: Database, clock: Clock):
    services = await opened(database, clock)
    await services.shares.change(GUILD, 30, 0, by=SAM)

    (entry,) = await database.read(staff_acts.latest, GUILD, 1)

    assert (entry.act.actor_id, entry.act.before["next_share_percent"], entry.act.after["next_share_percent"]) == (
        SAM,
        None,
        30,
    )
