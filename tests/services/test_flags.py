"""Flags over real books: what is read, flagged once, held while staff look, and taken back when they say so."""

import pytest

from bot.domain.deadlines import FLAG_LOOK_EVERY_MS, flag_look_of
from bot.domain.errors import InvalidText, NotFound
from bot.domain.flags import WINDOW_MS, Flag, FlagKind, FlagOutcome
from bot.domain.ids import DISCORD_EPOCH_MS
from bot.domain.ledger.grant_many import GrantMany
from bot.domain.ledger.reversal import Reverse
from bot.domain.orders import Cause
from bot.domain.staff_errors import FlagDecided, OwnFlag
from bot.services import Services
from bot.services.assembly import build
from bot.storage.database import Database
from bot.storage.ledger import holders
from tests.storage.town import (
    ALICE,
    DAY,
    GUILD,
    MIA,
    NOAH,
    NOON,
    ROB,
    ROSETTE,
    WARM_HEART,
    Clock,
    buy,
    gift,
    grant,
    order,
    settle_in,
)

LOOK = flag_look_of(GUILD, NOON)
TREASURER = 99


def newcomer(number: int) -> int:
    """Return the id of a member whose account Discord made a day ago."""
    return ((NOON - DAY - DISCORD_EPOCH_MS) << 22) + number


@pytest.fixture
async def desk(database: Database, clock: Clock) -> Services:
    """Services over books in which Mia and Noah are creators."""
    await database.writer.perform(settle_in)
    return build(database, [], clock)


async def spend(database: Database, number: int, sender: int, creator: int, pieces: int = 2) -> int:
    """Buy 1,000 coins a piece and give them to a creator at once; return the number of the gift's row."""
    coins = 1_000 * pieces
    await buy(database, order(order_id=600 + number, member_id=sender, coins=coins))
    command = gift(f"gift {number}", sender_id=sender, creator_id=creator, item_id=ROSETTE, quantity=pieces)
    return (await database.writer.submit(command)).seq


async def flagged(desk: Services) -> dict[FlagKind, Flag]:
    await desk.flags.look(LOOK)
    return {flag.kind: flag for flag in await desk.flags.undecided(GUILD)}


async def ring(database: Database) -> list[int]:
    return [await spend(database, 1, MIA, NOAH), await spend(database, 2, NOAH, MIA)]


async def test_a_ring_is_flagged_once_and_holds_what_it_earned_until_it_is_cleared(
    database: Database, desk: Services, clock: Clock
) -> None:
    seqs = await ring(database)
    clock.now_ms += 60 * DAY
    await spend(database, 3, ALICE, MIA)
    available = (await desk.earnings.earnings(GUILD, MIA)).available
    clock.now_ms = NOON + DAY
    assert await flagged(desk)
    flags = await flagged(desk)
    (flag,) = flags.values()
    clock.now_ms += 60 * DAY
    earnings = await desk.earnings.earnings(GUILD, MIA)
    cleared = await desk.flags.clear(GUILD, flag.flag_id, TREASURER)
    released = await desk.earnings.earnings(GUILD, MIA)

    assert (flag.kind, set(flag.members), flag.coins) == (FlagKind.RING, {MIA, NOAH}, 4_000)
    assert [*flag.seqs] == seqs
    assert flag.held == {MIA: 1_000, NOAH: 1_000}
    assert cleared.outcome is FlagOutcome.CLEARED
    assert earnings.available == available - 1_000
    assert earnings.flagged == 1_000
    assert (released.available, released.flagged) == (available, 0)
    assert await desk.flags.undecided(GUILD) == []


async def test_whoever_flagged_a_row_by_hand_may_decide_about_it_unless_it_names_them(
    database: Database, desk: Services
) -> None:
    """Nobody gains by a flag of their own: to clear it leaves things as they were."""
    seq = await spend(database, 1, ALICE, MIA)
    own = await desk.flags.open_manually(GUILD, seq, MIA, "look at me")
    flag = await desk.flags.open_manually(GUILD, seq, TREASURER, "a slip of mine")
    cleared = await desk.flags.clear(GUILD, flag.flag_id, TREASURER)

    assert (cleared.opened_by, cleared.decided_by, cleared.outcome) == (TREASURER, TREASURER, FlagOutcome.CLEARED)
    with pytest.raises(OwnFlag):
        await desk.flags.clear(GUILD, own.flag_id, MIA)


async def test_it_is_flagged_again_only_a_month_after_it_was_cleared(
    database: Database, desk: Services, clock: Clock
) -> None:
    await ring(database)
    (flag,) = (await flagged(desk)).values()
    await desk.flags.clear(GUILD, flag.flag_id, TREASURER)
    clock.now_ms += DAY
    at_once = await flagged(desk)
    clock.now_ms += WINDOW_MS
    await spend(database, 3, MIA, NOAH)
    await spend(database, 4, NOAH, MIA)

    assert at_once == {}
    assert FlagKind.RING in await flagged(desk)


async def test_old_gifts_test_gifts_and_those_taken_back_count_for_nothing(
    database: Database, desk: Services, clock: Clock
) -> None:
    seqs = await ring(database)
    for number, (sender, creator) in enumerate([(MIA, NOAH), (NOAH, MIA)]):
        await buy(database, order(order_id=700 + number, member_id=sender, coins=2_000, test=True))
        await database.writer.submit(
            gift(f"test {number}", sender_id=sender, creator_id=creator, item_id=ROSETTE, quantity=2)
        )
    await desk.reversals.reverse(GUILD, key="undo", actor_id=ROB, seq=seqs[0], part=None, reason="by mistake")
    undone = await flagged(desk)
    clock.now_ms += WINDOW_MS + DAY
    old = await flagged(desk)

    assert undone == {}
    assert old == {}


async def test_new_accounts_that_buy_and_give_it_all_to_one_creator_are_named_with_their_gifts(
    database: Database, desk: Services
) -> None:
    seqs = [await spend(database, number, newcomer(number), MIA, 1) for number in range(6)]
    flags = await flagged(desk)

    assert flags.keys() == {FlagKind.FUNNEL, FlagKind.NEW_ACCOUNTS, FlagKind.BURST}
    for flag in flags.values():
        assert (flag.members, flag.times, [*flag.seqs]) == ((MIA,), 6, seqs)
    # Three flags name the same gifts, whose earnings wait once.
    assert (await desk.earnings.earnings(GUILD, MIA)).flagged == 3_000


async def test_grants_that_come_back_are_flagged(database: Database, desk: Services) -> None:
    await database.writer.submit(grant("grant", actor_id=MIA, amount=3_000))
    await database.writer.submit(gift("back", item_id=ROSETTE, quantity=3))
    (flag,) = (await flagged(desk)).values()

    assert (flag.kind, flag.members, flag.coins) == (FlagKind.SELF_FUNDING, (MIA,), 3_000)


async def test_batches_and_claims_count_like_grants_and_what_was_undone_does_not(
    database: Database, desk: Services, clock: Clock
) -> None:
    await database.writer.submit(GrantMany(GUILD, "batch", MIA, 70, ((ALICE, 1_200), (ROB, 5)), "for you"))
    undone = await database.writer.submit(grant("undone", actor_id=MIA, amount=5_000))
    await desk.reversals.reverse(GUILD, key="undo", actor_id=ROB, seq=undone.seq, part=None, reason="by mistake")
    await desk.granting.offers.make_code(
        GUILD, 71, by=MIA, coins=900, code="Petals", until_ms=clock.now_ms + DAY, uses=None, account_days=0
    )
    await desk.granting.offers.redeem(GUILD, ALICE, "petals")
    await database.writer.submit(gift("back", item_id=ROSETTE, quantity=2))
    (flag,) = (await flagged(desk)).values()

    assert (flag.kind, flag.members, flag.coins) == (FlagKind.SELF_FUNDING, (MIA,), 2_000)


async def test_what_is_flagged_while_it_is_held_takes_nothing_from_what_is_available(
    database: Database, desk: Services, clock: Clock
) -> None:
    await buy(database, order(coins=100, provider="manual"))
    await database.writer.submit(gift("free", item_id=WARM_HEART, quantity=10))
    await ring(database)
    before = await desk.earnings.earnings(GUILD, MIA)
    await flagged(desk)
    during = await desk.earnings.earnings(GUILD, MIA)
    clock.now_ms += 60 * DAY
    after = await desk.earnings.earnings(GUILD, MIA)

    assert (before.available, during.available, after.available) == (50, 50, 50)
    assert (during.flagged, during.releases(), after.held) == (1_000, [], 1_000)


async def test_whoever_is_named_does_not_decide_and_nobody_decides_twice(database: Database, desk: Services) -> None:
    await ring(database)
    (flag,) = (await flagged(desk)).values()
    for act in (desk.flags.clear, desk.flags.uphold):
        with pytest.raises(OwnFlag):
            await act(GUILD, flag.flag_id, MIA)
    with pytest.raises(OwnFlag):
        await desk.flags.reverse(GUILD, flag.flag_id, NOAH, "Flag #1")
    upheld = await desk.flags.uphold(GUILD, flag.flag_id, TREASURER)
    assert upheld.is_holding
    assert (await desk.flags.clear(GUILD, flag.flag_id, TREASURER)).outcome is FlagOutcome.CLEARED
    with pytest.raises(FlagDecided):
        await desk.flags.uphold(GUILD, flag.flag_id, TREASURER)
    with pytest.raises(NotFound):
        await desk.flags.clear(GUILD, 99, TREASURER)


async def test_taking_the_gifts_back_returns_every_coin(database: Database, desk: Services) -> None:
    await ring(database)
    (flag,) = (await flagged(desk)).values()
    decided, failures = await desk.flags.reverse(GUILD, flag.flag_id, TREASURER, "Flag #1")
    wallets = [(await desk.wallets.overview(GUILD, member)).wallet for member in (MIA, NOAH)]

    assert (decided.outcome, failures) == (FlagOutcome.REVERSED, 0)
    assert [(wallet.paid, wallet.earnings) for wallet in wallets] == [(2_000, 0), (2_000, 0)]


async def test_gifts_that_cannot_be_taken_back_stay_held(database: Database, desk: Services) -> None:
    seqs = await ring(database)
    (flag,) = (await flagged(desk)).values()
    await desk.reversals.reverse(GUILD, key="undo", actor_id=ROB, seq=seqs[0], part=None, reason="by mistake")
    decided, failures = await desk.flags.reverse(GUILD, flag.flag_id, TREASURER, "Flag #1")

    assert (decided.outcome, failures) == (FlagOutcome.UPHELD, 1)


async def test_staff_flag_a_row_by_hand(database: Database, desk: Services) -> None:
    seq = await spend(database, 1, ALICE, MIA)
    flag = await desk.flags.open_manually(GUILD, seq, ROB, "  looks odd ")
    grant_flag = await desk.flags.open_manually(GUILD, 1, ROB, "and this")

    assert (flag.kind, flag.members, flag.times, flag.note) == (FlagKind.MANUAL, (ALICE, MIA), seq, "looks odd")
    assert (flag.seqs, flag.held, flag.opened_by) == ((seq,), {MIA: 1_000}, ROB)
    assert (grant_flag.seqs, grant_flag.held) == ((), {})
    assert await desk.flags.unannounced(GUILD) == []
    with pytest.raises(NotFound):
        await desk.flags.open_manually(GUILD, 99, ROB, "nothing")
    with pytest.raises(InvalidText):
        await desk.flags.open_manually(GUILD, seq, ROB, " ")


async def test_staff_are_told_of_each_flag_once(database: Database, desk: Services, clock: Clock) -> None:
    await ring(database)
    next_look_ms = await desk.flags.look(LOOK)
    flag_ids = await desk.flags.unannounced(GUILD)
    await desk.flags.mark_announced(GUILD, flag_ids)

    assert next_look_ms == clock.now_ms + FLAG_LOOK_EVERY_MS
    assert flag_ids == [1]
    assert await desk.flags.unannounced(GUILD) == []


async def test_a_payment_that_goes_back_after_its_creator_was_paid_is_flagged(
    database: Database, desk: Services, clock: Clock
) -> None:
    purchase = order(order_id=601, coins=60_000)
    receipt = await buy(database, purchase)
    seq = (await database.writer.submit(gift("large", item_id=ROSETTE, quantity=60))).seq
    clock.now_ms += 60 * DAY
    payout = await desk.payouts.request(GUILD, "ask", MIA, 25_000)
    await desk.payouts.approve(GUILD, payout.payout.payout_id, TREASURER)
    await desk.payouts.record(GUILD, payout.payout.payout_id, ROB, "bank 7")
    before = await flagged(desk)
    clock.now_ms += DAY
    holder = await database.read(holders.holder_id, GUILD, ALICE)
    assert holder is not None
    await database.writer.submit(
        Reverse(
            GUILD, "dispute", ALICE, ALICE, receipt.seq, "", holder_ids=(holder,), total=60_000, cause=Cause.DISPUTE
        )
    )
    flags = await flagged(desk)

    assert FlagKind.REFUND_AFTER_PAYOUT not in before
    flag = flags[FlagKind.REFUND_AFTER_PAYOUT]
    assert (flag.members, flag.coins, flag.times, flag.seqs) == ((MIA,), 60_000, 1, (seq,))
