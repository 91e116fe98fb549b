"""Offers of promo coins over the books: once each, never beyond the uses, and counted in the day of who made them."""

import asyncio
from collections import Counter

import pytest

from bot.domain.errors import InvalidText, Refusal
from bot.domain.grant_errors import GrantTooLarge
from bot.domain.grant_limits import GrantLimits
from bot.domain.ids import DISCORD_EPOCH_MS
from bot.domain.offer_errors import (
    CodeTaken,
    NeedsRole,
    OfferOver,
    OfferPaused,
    OfferUsedUp,
    OwnOffer,
    TooManyGuesses,
    TooYoungForOffer,
    UnknownCode,
)
from bot.domain.offers import GUESSING_MS, WRONG_GUESSES, Offer
from bot.services import Services
from bot.services.assembly import build
from bot.storage.database import Database
from bot.storage.stores import offers as offer_store
from tests.services.paying import GUILD
from tests.storage.town import ALICE, BOB, DAY, HOUR, ROB, Clock

MEMBERS = range(10**17, 10**17 + 60)


async def make(services: Services, clock: Clock, offer_id: int = 70, **changes: object) -> Offer:
    terms: dict[str, object] = {"coins": 5, "code": "Welcome-26", "uses": None, "account_days": 0}
    return await services.granting.offers.make_code(
        GUILD,
        offer_id,
        by=ROB,
        until_ms=clock.now_ms + DAY,
        **(terms | changes),  # pyright: ignore[reportArgumentType]
    )


async def test_a_code_is_redeemed_once_by_each_however_it_is_typed(services: Services, clock: Clock) -> None:
    await make(services, clock)
    receipts = [
        await services.granting.offers.redeem(GUILD, ALICE, code)
        for code in ("WELCOME-26", " welcome 26 ", "Welcome26")
    ]
    await services.granting.offers.redeem(GUILD, BOB, "welcome26")

    assert [receipt.replayed for receipt in receipts] == [False, True, True]
    assert len({receipt.seq for receipt in receipts}) == 1
    assert (await services.wallets.overview(GUILD, ALICE)).wallet.promo == 5
    assert [claims for _, claims in await services.granting.offers.standing(GUILD)] == [2]


async def test_members_at_once_never_pass_the_uses(services: Services, clock: Clock) -> None:
    await make(services, clock, uses=7)
    outcomes = await asyncio.gather(
        *(services.granting.offers.redeem(GUILD, member, "welcome26") for member in (*MEMBERS, *MEMBERS)),
        return_exceptions=True,
    )
    refusals = [outcome for outcome in outcomes if isinstance(outcome, Refusal)]

    assert {type(refusal) for refusal in refusals} == {OfferUsedUp}
    assert len({outcome.seq for outcome in outcomes if not isinstance(outcome, BaseException)}) == 7
    assert [claims for _, claims in await services.granting.offers.standing(GUILD)] == [7]


async def test_what_ended_was_revoked_or_is_ones_own_cannot_be_claimed(services: Services, clock: Clock) -> None:
    offers = services.granting.offers
    first, second = await make(services, clock), await make(services, clock, 71, code=None)
    with pytest.raises(OwnOffer):
        await offers.redeem(GUILD, ROB, first.code)
    await offers.revoke(GUILD, second.offer_id, by=ROB)
    with pytest.raises(OfferOver):
        await offers.redeem(GUILD, ALICE, second.code)
    clock.now_ms += DAY
    with pytest.raises(OfferOver):
        await offers.redeem(GUILD, ALICE, first.code)
    with pytest.raises(OfferOver):
        await offers.make_button(GUILD, 72, by=ROB, coins=1, role_id=0, until_ms=clock.now_ms)


async def test_a_code_can_ask_for_the_age_of_an_account(services: Services, clock: Clock) -> None:
    await make(services, clock, account_days=7)
    new_account, old_account = ((clock.now_ms - days * DAY - DISCORD_EPOCH_MS) << 22 for days in (6, 7))

    receipt = await services.granting.offers.redeem(GUILD, old_account, "welcome26")
    assert receipt.facts["coins"] == 5
    with pytest.raises(TooYoungForOffer):
        await services.granting.offers.redeem(GUILD, new_account, "welcome26")
    clock.now_ms += 23 * HOUR
    clock.now_ms += HOUR - 1
    with pytest.raises(TooYoungForOffer):
        await services.granting.offers.redeem(GUILD, new_account, "welcome26")


async def test_guessing_is_slow_for_each_member(services: Services, clock: Clock) -> None:
    await make(services, clock)
    offers = services.granting.offers
    for _ in range(WRONG_GUESSES):
        with pytest.raises(UnknownCode):
            await offers.redeem(GUILD, ALICE, "welcome27")
    with pytest.raises(TooManyGuesses):
        await offers.redeem(GUILD, ALICE, "welcome26")
    await offers.redeem(GUILD, BOB, "welcome26")
    clock.now_ms += GUESSING_MS
    await offers.redeem(GUILD, ALICE, "welcome26")


async def test_wrong_guesses_count_in_every_process_however_many_come_at_once(
    services: Services, database: Database, clock: Clock
) -> None:
    await make(services, clock)
    processes = [services.granting.offers, build(database, [], clock).granting.offers]
    guesses = [process.redeem(GUILD, ALICE, f"welcome-{number}") for number in range(20) for process in processes]
    refusals = [type(refusal) for refusal in await asyncio.gather(*guesses, return_exceptions=True)]
    restarted = build(database, [], clock).granting.offers
    with pytest.raises(TooManyGuesses):
        await restarted.redeem(GUILD, ALICE, "welcome26")
    clock.now_ms += GUESSING_MS + WRONG_GUESSES
    with pytest.raises(UnknownCode):
        await restarted.redeem(GUILD, ALICE, "welcome27")

    assert Counter(refusals) == {UnknownCode: WRONG_GUESSES, TooManyGuesses: 40 - WRONG_GUESSES}
    assert len(await database.read(offer_store.wrong_ms, GUILD, ALICE)) == 1


async def test_claims_count_in_the_day_of_who_made_the_offer(services: Services, clock: Clock) -> None:
    await make(services, clock)
    await services.granting.limits.change(GUILD, GrantLimits(per_grant=5, per_day=9), by=ROB)
    await services.granting.offers.redeem(GUILD, ALICE, "welcome26")
    with pytest.raises(OfferPaused):
        await services.granting.offers.redeem(GUILD, BOB, "welcome26")
    with pytest.raises(GrantTooLarge):
        await make(services, clock, 71, coins=6, code=None)
    await services.granting.limits.change(GUILD, GrantLimits(per_grant=4), by=ROB)
    with pytest.raises(OfferOver):
        await services.granting.offers.redeem(GUILD, BOB, "welcome26")


async def test_a_button_is_for_a_role_and_a_claim_can_be_reversed(services: Services, clock: Clock) -> None:
    offers = services.granting.offers
    await offers.make_button(GUILD, 80, by=ROB, coins=9, role_id=5, until_ms=clock.now_ms + HOUR)
    with pytest.raises(NeedsRole):
        await offers.claim(GUILD, 80, ALICE, [4])
    receipt = await offers.claim(GUILD, 80, ALICE, [4, 5])
    again = await offers.claim(GUILD, 80, ALICE, [5])
    await services.reversals.reverse(GUILD, key="r", actor_id=ROB, seq=receipt.seq, part=None, reason="a mistake")

    assert again.replayed
    assert (await services.wallets.overview(GUILD, ALICE)).wallet.promo == 0


async def test_a_code_is_long_enough_and_of_one_offer(services: Services, clock: Clock) -> None:
    await make(services, clock)
    with pytest.raises(CodeTaken):
        await make(services, clock, 71, code="WELCOME 26")
    with pytest.raises(InvalidText):
        await make(services, clock, 72, code="a-b-c")
    codes = {(await make(services, clock, 73 + number, code=None)).code for number in range(20)}

    assert len(codes) == 20
    assert {len(code) for code in codes} == {14}
