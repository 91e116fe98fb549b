"""Freezes over the books: who may do it, what it closes at once, what still arrives, and that it ends with its case."""

import asyncio
import random
from itertools import product

import pytest

from bot.domain.errors import InvalidText, NotFound, Refusal
from bot.domain.freezes import CaseRef, CaseType, CreatorFrozen, MemberFrozen, NoFreeze, NotInCase, OwnFreeze
from bot.domain.notices import FreedNotice, FreezeNotice, Notice
from bot.domain.order_states import OrderState
from bot.domain.payment_cases import CaseKind, PaymentCase
from bot.domain.payouts import PayoutRules
from bot.domain.planned_gifts import Lapse
from bot.domain.receipts import Receipt
from bot.domain.staff_acts import ActKind, RecordedAct
from bot.domain.staff_errors import CaseDecided, FlagDecided, OwnCase, OwnFlag
from bot.services import Services
from bot.services.assembly import build
from bot.services.notices import RELOADED_MS
from bot.storage.database import Database
from bot.storage.stores import guilds, payment_cases, payouts, staff_acts
from tests.services import paying, planning
from tests.services.paying import Till
from tests.storage.town import (
    ALICE,
    BOB,
    GUILD,
    MIA,
    NOAH,
    NOON,
    ROB,
    Clock,
    buy,
    gift,
    grant,
    order,
    settle_in,
)

OLIVE = 99
"""A treasurer whom no case names."""
FLAG, CASE = CaseRef(CaseType.FLAG, 1), CaseRef(CaseType.PAYMENT, 1)


@pytest.fixture
async def desk(database: Database, clock: Clock) -> Services:
    """Services over books with a flag about Alice and Mia, and a case about a payment of Alice."""
    await database.writer.perform(settle_in)
    await database.writer.perform(payouts.save_rules, GUILD, PayoutRules(minimum=10))
    services = build(database, [], clock)
    await buy(database, order(order_id=500, coins=1_000, provider="manual"))
    receipt = await database.writer.submit(gift("first", quantity=10))
    await services.flags.open_manually(GUILD, receipt.seq, OLIVE, "look at this")
    await database.writer.perform(payment_cases.open_case, case_of(500))
    return services


def case_of(order_id: int, external_id: str = "pay_1") -> PaymentCase:
    return PaymentCase(GUILD, "manual", external_id, CaseKind.DISPUTED, order_id, 499, "USD", NOON)


async def freeze(desk: Services, case: CaseRef = FLAG, member: int = ALICE, by: int = OLIVE) -> None:
    await desk.freezes.freeze(GUILD, case, member, by=by, reason="We are checking a payment.")


async def close(desk: Services, case: CaseRef) -> None:
    if case == FLAG:
        await desk.flags.clear(GUILD, 1, OLIVE)
    else:
        await desk.payment_cases.close(GUILD, 1, OLIVE)


async def outcome(desk: Services, key: str) -> Receipt | Refusal:
    try:
        return await desk.gifts.send(gift(key))
    except Refusal as refusal:
        return refusal


async def is_frozen(desk: Services, member: int = ALICE) -> bool:
    return bool((await desk.wallets.overview(GUILD, member)).freezes)


async def acts(database: Database) -> list[RecordedAct]:
    return await database.read(staff_acts.latest, GUILD, 50, kinds=[ActKind.FREEZE])


async def refusal_of(desk: Services, command: str, case: CaseRef, member: int, by: int) -> type[Refusal] | None:
    act = desk.freezes.freeze if command == "freeze" else desk.freezes.unfreeze
    try:
        await act(GUILD, case, member, by=by, reason="We are checking a payment.")
    except Refusal as refusal:
        return type(refusal)
    return None


def expected(command: str, case: CaseRef, member: int, by: int, *, is_open: bool) -> type[Refusal] | None:
    """Return what the rules say, in their own words."""
    concerned = {ALICE, MIA} if case == FLAG else {ALICE}
    if member == by:
        return OwnFreeze
    if command == "freeze" and member not in concerned:
        return NotInCase
    if by in concerned:
        return OwnFlag if case == FLAG else OwnCase
    if command == "unfreeze":
        return NoFreeze
    if not is_open:
        return FlagDecided if case == FLAG else CaseDecided
    return None


@pytest.mark.parametrize("is_open", [True, False])
async def test_every_actor_tries_every_command_on_every_member_and_case(
    database: Database, desk: Services, *, is_open: bool
) -> None:
    if not is_open:
        await close(desk, FLAG)
        await close(desk, CASE)
    people = (ALICE, MIA, NOAH, OLIVE)
    refusals: dict[tuple[str, CaseRef, int, int], type[Refusal] | None] = {}
    ruled: dict[tuple[str, CaseRef, int, int], type[Refusal] | None] = {}
    for attempt in product(("unfreeze", "freeze"), (FLAG, CASE), people, people):
        refusals[attempt], ruled[attempt] = await refusal_of(desk, *attempt), expected(*attempt, is_open=is_open)
        command, case, member, _ = attempt
        if command == "freeze" and ruled[attempt] is None:
            await desk.freezes.unfreeze(GUILD, case, member, by=OLIVE, reason="It was a try.")

    assert refusals == ruled
    assert not await is_frozen(desk)
    assert len(await acts(database)) == (2 * (4 + 3) if is_open else 0)


async def test_a_random_life_of_cases_and_freezes_is_what_a_list_of_them_says(
    database: Database, desk: Services
) -> None:
    chance, standing, open_cases = random.Random(7), set[CaseRef](), {FLAG, CASE}
    for step in range(40):
        case = chance.choice((FLAG, CASE))
        if chance.random() < 0.5:
            if case in open_cases:
                await freeze(desk, case)
                standing.add(case)
        elif chance.random() < 0.6:
            if case in standing:
                await desk.freezes.unfreeze(GUILD, case, ALICE, by=OLIVE, reason="Fine.")
                standing.discard(case)
        elif step > 25 and case in open_cases:
            await close(desk, case)
            open_cases.discard(case)
            standing.discard(case)
        answer = await outcome(desk, f"step {step}")
        rules = await database.read(guilds.required, GUILD)
        assert isinstance(answer, MemberFrozen if standing else Receipt)
        assert (rules.frozen_since_ms is not None) == bool(standing)


async def test_it_ends_when_the_last_case_that_it_hangs_on_is_closed(database: Database, desk: Services) -> None:
    await freeze(desk, FLAG)
    await freeze(desk, CASE)
    await close(desk, CASE)
    still = await outcome(desk, "still")
    await desk.flags.uphold(GUILD, 1, OLIVE)
    after = await outcome(desk, "after")
    log = [(each.act.subject, each.act.after, each.act.member_id, each.act.actor_id) for each in await acts(database)]

    assert isinstance(still, MemberFrozen)
    assert isinstance(after, Receipt)
    assert log == [
        ("flag 1", {"frozen": 0}, ALICE, OLIVE),
        ("payment 1", {"frozen": 0}, ALICE, OLIVE),
        ("payment 1", {"frozen": 1}, ALICE, OLIVE),
        ("flag 1", {"frozen": 1}, ALICE, OLIVE),
    ]


async def told(desk: Services) -> list[Notice]:
    """Return what Alice is told with her next reply, once."""
    async with desk.notices.telling(GUILD, ALICE) as news:
        return news


async def test_the_end_of_the_last_freeze_is_told_once_however_it_came(desk: Services, clock: Clock) -> None:
    await freeze(desk, FLAG)
    await freeze(desk, CASE)
    first = await told(desk)
    await desk.freezes.unfreeze(GUILD, FLAG, ALICE, by=OLIVE, reason="A mistake.")
    still = await told(desk)
    await close(desk, CASE)
    clock.now_ms += RELOADED_MS
    await desk.notices.load()
    is_expected = await desk.notices.has_any(GUILD, ALICE)
    last = [await told(desk), await told(desk)]

    assert [type(notice) for notice in first] == [FreezeNotice]
    assert still == []
    assert is_expected
    assert last == [[FreedNotice()], []]


async def test_whoever_is_frozen_again_before_they_read_of_the_end_reads_of_the_freeze(desk: Services) -> None:
    await freeze(desk, FLAG)
    await desk.freezes.unfreeze(GUILD, FLAG, ALICE, by=OLIVE, reason="A mistake.")
    await freeze(desk, FLAG)

    assert [type(notice) for notice in await told(desk)] == [FreezeNotice]


async def test_a_case_that_ends_by_itself_ends_the_freeze_too(desk: Services) -> None:
    await freeze(desk, CASE)
    await desk.payment_cases.resolve(case_of(500))

    assert not await is_frozen(desk)


async def test_it_needs_a_reason_and_a_case_and_another_reason_replaces_the_first(
    database: Database, desk: Services
) -> None:
    with pytest.raises(InvalidText):
        await desk.freezes.freeze(GUILD, FLAG, ALICE, by=OLIVE, reason=" ")
    for case in (CaseRef(CaseType.FLAG, 2), CaseRef(CaseType.PAYMENT, 2)):
        with pytest.raises(NotFound):
            await freeze(desk, case)
    await freeze(desk)
    await freeze(desk)
    await desk.freezes.freeze(GUILD, FLAG, ALICE, by=ROB, reason="Another reason.")
    answer = await outcome(desk, "gift")

    assert isinstance(answer, MemberFrozen)
    assert answer.reason == "Another reason."
    assert len(await acts(database)) == 2


async def test_a_case_shows_whom_it_names_and_who_is_frozen(desk: Services) -> None:
    await freeze(desk)
    freezes = await desk.freezes.of_case(GUILD, FLAG)

    assert (freezes.is_open, freezes.named) == (True, (ALICE, MIA))
    assert {member: freeze.by for member, freeze in freezes.frozen.items()} == {ALICE: OLIVE}


async def test_nobody_decides_about_a_case_of_their_own_payment(desk: Services) -> None:
    await freeze(desk, CASE)
    for attempt in (desk.payment_cases.close, desk.payment_cases.send_back, desk.payment_cases.credit):
        with pytest.raises(OwnCase):
            await attempt(GUILD, 1, ALICE)

    assert await is_frozen(desk)


async def test_a_hundred_gifts_at_once_are_booked_before_the_freeze_or_refused_after_it(
    database: Database, desk: Services
) -> None:
    await database.writer.submit(grant("much", amount=10_000))
    before = (await desk.wallets.overview(GUILD, ALICE)).wallet.total
    tasks = [asyncio.create_task(outcome(desk, f"gift {number}")) for number in range(50)]
    freezing = asyncio.create_task(freeze(desk))
    tasks += [asyncio.create_task(outcome(desk, f"gift {number}")) for number in range(50, 100)]
    await freezing
    late = await outcome(desk, "late")
    answers = await asyncio.gather(*tasks)
    receipts = [answer for answer in answers if isinstance(answer, Receipt)]
    refusals = [answer for answer in answers if isinstance(answer, MemberFrozen)]

    assert len(receipts) + len(refusals) == 100
    assert isinstance(late, MemberFrozen)
    assert (await desk.wallets.overview(GUILD, ALICE)).wallet.total == before - 10 * len(receipts)
    # Whoever asked first was served first.
    assert [isinstance(answer, Receipt) for answer in answers] == [True] * len(receipts) + [False] * len(refusals)


async def test_the_picker_and_the_top_up_close_before_anything_is_asked(desk: Services) -> None:
    await freeze(desk)
    with pytest.raises(MemberFrozen):
        await desk.gifts.offer(GUILD, ALICE, MIA)
    with pytest.raises(MemberFrozen):
        await desk.gifts.preview(gift("preview"))
    with pytest.raises(MemberFrozen):
        await desk.top_ups.find(gift("top up", ceiling=10))

    assert (await desk.gifts.offer(GUILD, BOB, MIA)).items


async def test_a_frozen_creator_is_paid_nothing_until_it_is_over(desk: Services) -> None:
    await desk.gifts.send(gift("not flagged", quantity=10))
    request = await desk.payouts.request(GUILD, "one", MIA, 20)
    await freeze(desk, FLAG, MIA)
    number = request.payout.payout_id
    with pytest.raises(CreatorFrozen):
        await desk.payouts.approve(GUILD, number, ROB)
    await desk.freezes.unfreeze(GUILD, FLAG, MIA, by=OLIVE, reason="Fine.")
    await desk.payouts.approve(GUILD, number, ROB)
    await freeze(desk, FLAG, MIA)
    with pytest.raises(CreatorFrozen):
        await desk.payouts.record(GUILD, number, BOB, "TX-1")
    await desk.payouts.take_back(GUILD, number, MIA)
    for attempt in (desk.payouts.preview(GUILD, MIA, None), desk.payouts.request(GUILD, "two", MIA, 20)):
        with pytest.raises(MemberFrozen):
            await attempt
    receipt = await desk.gifts.send(gift("to a frozen creator"))

    assert receipt.other_id == MIA


@pytest.fixture
async def ears(services: Services) -> planning.Ears:
    """What buyers hear, in a guild with one creator."""
    await services.creators.approve(GUILD, planning.KAI, planning.STAFF, is_bot=False)
    return planning.Ears(services)


async def freeze_buyer(services: Services, database: Database) -> CaseRef:
    """Open a case about the payment of Mia's order, and freeze her."""
    await database.writer.perform(payment_cases.open_case, case_of(paying.ORDER))
    await services.freezes.freeze(GUILD, CASE, paying.MIA, by=OLIVE, reason="A payment is disputed.")
    return CASE


async def test_nothing_is_bought_but_what_is_paid_for_an_older_order_is_credited_and_its_gift_stays(
    services: Services, database: Database, till: Till, ears: planning.Ears
) -> None:
    await planning.plan(services)
    await freeze_buyer(services, database)
    offers = await services.orders.offer(GUILD, BOB)
    attempts = [
        services.orders.offer(GUILD, paying.MIA),
        services.orders.check_offer(GUILD, paying.MIA, offers[0]),
        paying.order(services, 501),
        paying.order(services, paying.ORDER + 2, package_id=2, accepted=offers[1].package.terms),
    ]
    for attempt in attempts:
        with pytest.raises(MemberFrozen):
            await attempt
    till.becomes(f"till-{paying.ORDER}", "paid")
    await services.payment_events.reconcile(0)

    assert ears.news[-1].order.state is OrderState.CREDITED
    assert await paying.paid_coins(services) == 70
    assert (ears.gift.receipt, ears.gift.gift.lapse) == (None, Lapse.FROZEN)
