"""The links of overlays: a secret that nobody keeps, which opens one creator's overlay until it is withdrawn."""

import pytest
from sqlalchemy import Connection, text

from bot.domain.errors import NotACreator, NotYourLive
from bot.domain.overlays import MOST_SLOTS, OverlayAction, OverlayPass, OverlayQueue, OverlayScope, digest_of
from bot.domain.policy import Actor, Staff
from bot.services import Services
from bot.services.assembly import build
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.sql import tables
from bot.storage.stores import overlays
from tests.storage.town import ALICE, BOB, GUILD, MIA, NOAH, Clock, settle_in

VIEW, CONTROL = OverlayScope.VIEW, OverlayScope.CONTROL


@pytest.fixture
async def town(database: Database, clock: Clock) -> Services:
    """The services over the books of a guild with the creators Mia and Noah."""
    await database.writer.perform(settle_in)
    return build(database, [], clock, public_url="https://gifts.example.org")


async def opened(database: Database, secret: str) -> OverlayPass | None:
    return await database.read(overlays.pass_of, digest_of(secret))


def actor_of(member_id: int) -> Actor:
    return Actor(member_id, frozenset(Staff), manages_guild=True, is_creator=True)


async def linked(services: Services, member_id: int, scope: OverlayScope = VIEW) -> str:
    return await services.overlays.new_link(actor_of(member_id), GUILD, member_id, scope)


async def holder_of(database: Database, member_id: int) -> int:
    return await database.read(holders.holder_id, GUILD, member_id) or 0


def everything_in(c: Connection) -> str:
    return "\n".join(
        str(row) for table in tables.metadata.sorted_tables for row in c.execute(text(f"SELECT * FROM {table.name}"))
    )


async def test_a_link_opens_the_overlay_of_its_creator_with_its_scope_alone(
    town: Services, database: Database, clock: Clock
):
    secret, controls, noahs = await linked(town, MIA), await linked(town, MIA, CONTROL), await linked(town, NOAH)
    mia = await holder_of(database, MIA)

    assert await opened(database, secret) == OverlayPass(GUILD, mia, MIA, VIEW)
    assert await opened(database, controls) == OverlayPass(GUILD, mia, MIA, CONTROL)
    assert (await opened(database, noahs) or OverlayPass(0, 0, 0, VIEW)).creator_id == NOAH
    assert await opened(database, secret[:-1]) is None
    assert len({secret, controls, noahs}) == 3
    assert all(len(each) == 43 for each in (secret, controls, noahs))
    assert town.overlays.address(secret, VIEW) == f"https://gifts.example.org/overlay#{secret}"
    assert town.overlays.address(secret, CONTROL) == f"https://gifts.example.org/overlay/control#{secret}"
    link = await town.overlays.link(GUILD, MIA, VIEW)
    assert link is not None
    assert (link.made_ms, link.seen_ms, link.sources) == (clock.now_ms, None, 0)


async def test_the_books_do_not_have_the_secret(town: Services, database: Database):
    secret = await linked(town, MIA)

    books = await database.read(everything_in)

    assert digest_of(secret) in books
    assert secret not in books


async def test_a_new_link_takes_the_place_of_the_one_before(town: Services, database: Database):
    first, controls = await linked(town, MIA), await linked(town, MIA, CONTROL)
    second = await linked(town, MIA)

    assert await opened(database, first) is None
    assert await opened(database, second) is not None
    assert await opened(database, controls) is not None


async def test_nobody_makes_a_link_for_somebody_else_or_without_being_a_creator(town: Services):
    with pytest.raises(NotYourLive):
        await town.overlays.new_link(actor_of(BOB), GUILD, MIA, VIEW)
    with pytest.raises(NotACreator):
        await linked(town, ALICE)
    with pytest.raises(NotACreator):
        await town.overlays.test(GUILD, ALICE)


@pytest.mark.parametrize("end", ["revoked", "removed", "erased", "guild left"])
async def test_links_are_withdrawn_with_whatever_they_rest_on(town: Services, database: Database, end: str):
    secret, controls = await linked(town, MIA), await linked(town, MIA, CONTROL)
    mia, noahs = await holder_of(database, MIA), await linked(town, NOAH)
    before = await database.read(overlays.queue, GUILD, mia)

    match end:
        case "revoked":
            assert await town.overlays.revoke(GUILD, MIA)
            assert not await town.overlays.revoke(GUILD, MIA)
        case "removed":
            await town.creators.remove(GUILD, MIA)
        case "erased":
            await town.personal_data.erase(GUILD, MIA)
        case _:
            await town.guilds.left(GUILD)

    assert [await opened(database, each) for each in (secret, controls)] == [None, None]
    assert (await opened(database, noahs) is None) == (end == "guild left")
    assert await town.overlays.link(GUILD, MIA, VIEW) is None
    # Whoever watches the number hears of it: it grows, or the row is gone.
    assert (await database.read(overlays.queue, GUILD, mia)).nr != before.nr


async def test_controls_are_numbered_and_what_holds_is_remembered(town: Services, database: Database, clock: Clock):
    await linked(town, MIA)
    mia, control = await holder_of(database, MIA), town.overlays.control
    first = await town.overlays.test(GUILD, MIA)
    await control(GUILD, MIA, OverlayAction.PAUSE)
    await control(GUILD, MIA, OverlayAction.MUTE)
    await control(GUILD, MIA, OverlayAction.RESUME)
    last = await control(GUILD, MIA, OverlayAction.REPLAY, 812)

    after = await database.read(overlays.controls_after, GUILD, mia, first.nr)

    assert await database.read(overlays.queue, GUILD, mia) == OverlayQueue(last.nr, paused=False, muted=True)
    assert [(each.action.value, each.seq) for each in after] == [
        ("pause", None),
        ("mute", None),
        ("resume", None),
        ("replay", 812),
    ]
    assert [each.nr for each in after] == [*range(first.nr + 1, last.nr + 1)]
    # Pages have heard of them by now, and nobody needs them any more.
    clock.now_ms += 61_000
    newest = await control(GUILD, MIA, OverlayAction.SKIP)
    assert await database.read(overlays.controls_after, GUILD, mia, 0) == [newest]


async def test_what_was_let_through_is_known_a_day_and_the_last_word_holds(
    town: Services, database: Database, clock: Clock
):
    await linked(town, MIA)
    mia, control = await holder_of(database, MIA), town.overlays.control
    await control(GUILD, MIA, OverlayAction.APPROVE, 7)
    await control(GUILD, MIA, OverlayAction.APPROVE, 8)
    clock.now_ms += 3_600_000
    await control(GUILD, MIA, OverlayAction.REJECT, 7)

    assert await database.read(overlays.verdicts, GUILD, mia) == {7: False, 8: True}
    clock.now_ms += 23 * 3_600_000 + 1
    await control(GUILD, MIA, OverlayAction.SKIP)
    assert await database.read(overlays.verdicts, GUILD, mia) == {7: False}


async def test_each_source_has_a_cursor_and_old_sources_are_forgotten(town: Services, database: Database, clock: Clock):
    await linked(town, MIA)
    mia, save = await holder_of(database, MIA), overlays.save_cursor
    for number in range(MOST_SLOTS + 3):
        clock.now_ms += 1
        await database.writer.perform(save, GUILD, mia, f"scene-{number}", 100 + number, clock.now_ms)
    await database.writer.perform(save, GUILD, mia, "scene-3", 900, clock.now_ms + 1)

    cursors = [await database.read(overlays.cursor, GUILD, mia, f"scene-{number}") for number in (2, 3, MOST_SLOTS + 2)]

    assert cursors == [None, 900, 102 + MOST_SLOTS]
