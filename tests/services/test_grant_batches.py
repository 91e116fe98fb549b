"""Grants to many members over the books: all or none, once, and undone as a whole."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.domain.deadlines import Deadline, DeadlineKind
from bot.domain.errors import NotFound
from bot.domain.grant_errors import BatchOver, DailyGrantLimit, NeedsSecondPerson
from bot.domain.grant_limits import GrantLimits
from bot.domain.ledger.grant_many import facts_of
from bot.domain.ledger.grants_undo import facts_of as undo_facts
from bot.domain.notices import GrantNotice
from bot.domain.reversal_errors import AlreadyReversed, NotReversible
from bot.domain.wallets import Wallet
from bot.services import Services
from tests.services.paying import GUILD
from tests.storage.town import ALICE, BOB, DAY, NOAH, PETAL, ROB, Clock, gift, grant

BATCH = 900
LEO = 31
SHARES = ((ALICE, 100), (BOB, 50), (LEO, 7))


async def prepare(services: Services, batch_id: int = BATCH, shares: Sequence[tuple[int, int]] = SHARES) -> None:
    await services.granting.batches.prepare(
        GUILD, batch_id, actor_id=ROB, shares=tuple(shares), reason="from another bot"
    )


async def book(services: Services) -> int:
    await prepare(services)
    return (await services.granting.batches.book(GUILD, BATCH, ROB)).seq


async def wallet(services: Services, member_id: int) -> Wallet:
    return (await services.wallets.overview(GUILD, member_id)).wallet


async def test_all_get_their_coins_in_one_row_once_however_often_it_is_confirmed(services: Services) -> None:
    await prepare(services)
    receipts = await asyncio.gather(*(services.granting.batches.book(GUILD, BATCH, ROB) for _ in range(20)))
    overview = await services.wallets.overview(GUILD, BOB)

    assert {receipt.seq for receipt in receipts} == {1}
    assert facts_of(receipts[0]) == {"batch": BATCH, "members": 3, "coins": 157}
    assert [(await wallet(services, member_id)).promo for member_id, _ in SHARES] == [100, 50, 7]
    assert [(line.seq, line.amount, line.receipt.note) for line in overview.lines] == [(1, 50, "from another bot")]


async def test_each_is_told_what_they_got(services: Services) -> None:
    await book(services)
    async with services.notices.telling(GUILD, BOB) as notices:
        (notice,) = notices

    assert isinstance(notice, GrantNotice)
    assert (notice.receipt.facts["coins"], notice.receipt.actor_id) == (50, ROB)


async def test_nobody_gets_anything_from_what_is_beyond_a_limit(services: Services) -> None:
    await prepare(services)
    await services.granting.limits.change(GUILD, GrantLimits(per_day=156), by=ROB)
    with pytest.raises(DailyGrantLimit):
        await services.granting.batches.book(GUILD, BATCH, ROB)
    with pytest.raises(DailyGrantLimit):
        await prepare(services, 901)
    with pytest.raises(NeedsSecondPerson):
        await prepare(services, 902, [(ROB, 1)])

    assert [await wallet(services, member_id) for member_id, _ in SHARES] == [Wallet()] * 3


async def test_an_undo_takes_what_is_there_and_what_was_spent_from_the_house_and_then_as_debt(
    services: Services,
) -> None:
    await services.creators.approve(GUILD, NOAH, ROB, is_bot=False)
    await services.guilds.change(GUILD, promo_share_percent=50)
    seq = await book(services)
    await services.gifts.send(gift("g", creator_id=NOAH, item_id=PETAL, quantity=40))
    preview = await services.granting.batches.preview_undo(GUILD, actor_id=ROB, seq=seq, reason="wrong file")
    receipts = [
        await services.granting.batches.undo(GUILD, actor_id=ROB, seq=seq, reason="wrong file") for _ in range(2)
    ]

    assert undo_facts(receipts[0]) == undo_facts(preview)
    assert undo_facts(receipts[0]) == {
        "of": seq, "members": 3, "coins": 157, "promo": 117, "house": 20, "debt": 20
    }  # fmt: skip
    assert [receipt.replayed for receipt in receipts] == [False, True]
    assert await wallet(services, ALICE) == Wallet(debt=20)
    assert await services.granting.batches.undoable(GUILD) == []
    async with services.notices.telling(GUILD, BOB) as notices:
        assert notices == []


async def test_a_debt_is_paid_off_by_a_batch_and_owed_again_after_the_undo(services: Services) -> None:
    await services.creators.approve(GUILD, NOAH, ROB, is_bot=False)
    first = await services.wallets.grant(grant("first", amount=60))
    await services.guilds.change(GUILD, promo_share_percent=100)
    await services.gifts.send(gift("g", creator_id=NOAH, item_id=PETAL, quantity=60))
    await services.reversals.reverse(GUILD, key="r", actor_id=ROB, seq=first.seq, part=None, reason="wrong")
    seq = await book(services)
    between = await wallet(services, ALICE)
    receipt = await services.granting.batches.undo(GUILD, actor_id=ROB, seq=seq, reason="wrong file")

    assert (between.promo, between.debt) == (40, 0)
    assert undo_facts(receipt)["debt"] == 60
    assert (await wallet(services, ALICE)).debt == 60


async def test_only_a_batch_can_be_undone_once_and_not_reversed_otherwise(services: Services) -> None:
    single = await services.wallets.grant(grant("single"))
    seq = await book(services)
    batches = services.granting.batches
    for wrong in (single.seq, 99, 2**63):
        with pytest.raises(NotFound):
            await batches.undo(GUILD, actor_id=ROB, seq=wrong, reason="x")
    with pytest.raises(NotReversible):
        await services.reversals.preview(GUILD, actor_id=ROB, seq=seq, part=None, reason="x")
    assert [batch.seq for batch in await batches.undoable(GUILD)] == [seq]
    await batches.undo(GUILD, actor_id=ROB, seq=seq, reason="x")
    with pytest.raises(AlreadyReversed):
        await batches.preview_undo(GUILD, actor_id=ROB, seq=seq, reason="x")


async def test_a_batch_that_nobody_confirms_is_forgotten(services: Services, clock: Clock) -> None:
    await prepare(services)
    clock.now_ms += DAY
    await services.granting.batches.lapse(Deadline(GUILD, DeadlineKind.GRANT_BATCH, BATCH, clock.now_ms))

    with pytest.raises(BatchOver):
        await services.granting.batches.book(GUILD, BATCH, ROB)


async def test_ten_thousand_members_get_their_coins_and_give_them_back(services: Services) -> None:
    shares = [(10**17 + number, 1 + number % 9) for number in range(10_000)]
    await prepare(services, shares=shares)
    receipt = await services.granting.batches.book(GUILD, BATCH, ROB)
    last = await wallet(services, shares[-1][0])
    undo = await services.granting.batches.undo(GUILD, actor_id=ROB, seq=receipt.seq, reason="wrong file")

    assert last.promo == shares[-1][1]
    assert undo_facts(undo)["promo"] == facts_of(receipt)["coins"] == sum(coins for _, coins in shares)
    assert await wallet(services, shares[-1][0]) == Wallet()
