"""Prizes fall with the points that won them: roles and badges by themselves, coins where staff take them back."""

import pytest
from sqlalchemy import Connection

from bot.domain.challenges import Prize
from bot.domain.deadlines import SETTLED_MS, DeadlineKind
from bot.services import Services
from bot.services.assembly import build
from bot.storage.audit.auditor import audit_database
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.stores import challenge_awards, deadlines, grant_limits, role_sources
from tests.services.test_challenges_in_books import CUP, finish, hold, undo
from tests.storage.town import ALICE, GUILD, ROB, Clock, buy, gift, grant, order, settle_in


@pytest.fixture
async def desk(database: Database, clock: Clock) -> Services:
    """Services over books in which Alice has coins."""
    await database.writer.perform(settle_in)
    await buy(database, order(coins=1_000))
    return build(database, [], clock)


def roles(c: Connection, member_id: int) -> set[int]:
    return {*role_sources.target(c, GUILD, holders.ensure(c, GUILD, member_id))}


def badges(c: Connection, member_id: int) -> list[tuple[str, str]]:
    return challenge_awards.badges_of(c, GUILD, holders.holder_id(c, GUILD, member_id) or 0, 9)


def due(c: Connection, now_ms: int) -> list[int]:
    """Return the challenges that are looked at by then."""
    outlook = deadlines.outlook(c, now_ms)
    return [each.subject for each, _ in outlook.due if each.kind is DeadlineKind.CHALLENGE]


async def test_what_is_won_with_points_falls_with_them_and_coins_are_told(
    database: Database, desk: Services, clock: Clock
) -> None:
    prizes = Prize(places=1, coins=500, badge="Cup"), Prize(points=30, role_id=44)
    cup = await hold(desk, prizes=prizes)
    clock.now_ms += 1
    for number, quantity in enumerate((2, 2, 1)):
        await database.writer.submit(gift(f"gift {number}", quantity=quantity))
    clock.now_ms = (cup.ends_ms or 0) + SETTLED_MS
    (winner,) = await finish(desk)
    assert winner.prizes == (0, 1)
    assert (await desk.challenge_places.fallen(GUILD, CUP)).awards == ()

    await undo(desk, 2)
    await undo(desk, 3)
    await desk.challenge_places.count_up(GUILD)
    assert await database.read(due, clock.now_ms + 60_000) == [CUP]
    fallen = await desk.challenge_places.fallen(GUILD, CUP)
    await desk.challenge_places.drop(GUILD, CUP, fallen.awards)

    # 20 points are left: too few for the role, and enough for a place.
    assert [award.prize for award in fallen.awards] == [1]
    assert (await database.read(roles, ALICE), await database.read(badges, ALICE)) == (set(), [("Cup", "Autumn cup")])
    assert (await desk.challenge_places.fallen(GUILD, CUP)).awards == ()
    await undo(desk, 4)
    second = await desk.challenge_places.fallen(GUILD, CUP)
    assert [(award.prize, coins) for award, (_, coins) in zip(second.awards, second.receipts, strict=True)] == [
        (0, 500)
    ]
    await desk.challenge_places.drop(GUILD, CUP, second.awards)
    assert await database.read(badges, ALICE) == []


async def test_coins_of_prizes_count_for_nobody_as_granted_today(
    database: Database, desk: Services, clock: Clock, address: str
) -> None:
    await desk.wallets.grant(grant("first"))
    cup = await hold(desk, prizes=(Prize(places=1, coins=500),))
    clock.now_ms += 1
    await database.writer.submit(gift("won"))
    clock.now_ms = (cup.ends_ms or 0) + SETTLED_MS
    before = await database.read(grant_limits.granted, [(GUILD, await database.read(holder_of_staff))])
    await finish(desk)

    assert (await desk.wallets.overview(GUILD, ALICE)).wallet.promo == 590
    assert await database.read(grant_limits.granted, [(GUILD, await database.read(holder_of_staff))]) == before
    assert list(audit_database(address)) == []


def holder_of_staff(c: Connection) -> int:
    return holders.holder_id(c, GUILD, ROB) or 0
