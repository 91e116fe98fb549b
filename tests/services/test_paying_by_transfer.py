"""Payouts by transfer at the pretend Stripe: sent once, whatever is lost on the way, and told if they are not."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.deadlines import DeadlineKind, transfer_of
from bot.domain.errors import NotFound
from bot.domain.payout_errors import (
    OwnPayout,
    PayeeNotReady,
    PayoutDecided,
    PayoutNeedsAnother,
    PayoutSending,
    TransferChanged,
    TransfersOff,
    TransferTooSmall,
)
from bot.domain.payouts import PayoutRules, PayoutState
from bot.domain.transfers import TransferState, TransferTerms
from bot.payments.stripe.provider import StripeProvider
from bot.payments.stripe.selling import Mode, Shop
from bot.services import Services
from bot.services.assembly import build
from bot.storage.database import Database
from bot.storage.stores import deadlines
from bot.storage.stores import payouts as store
from sandbox.discord.faults import Moment
from sandbox.stripe import accounts, money, transfers
from tests.sandbox.stripe_desk import SECRET_KEY, WEBHOOK_SECRET, Desk, open_desk
from tests.storage.town import ALICE, BOB, DAY, GUILD, MIA, ROB, ROSETTE, Clock, buy, gift, order, settle_in

TERMS = TransferTerms("USD", 1_400)
"""14 dollars for a thousand diamonds."""


class Office:
    """A guild that pays by transfer, with Mia's payout of 500 diamonds (7 dollars), which Rob has approved."""

    def __init__(self, books: Database, services: Services, desk: Desk, payout_id: int) -> None:
        self.books, self.services, self.desk, self.payout_id = books, services, desk, payout_id

    def top_up(self, minor: int) -> None:
        money.book(self.desk.server.platform.own, "topup", minor, "usd", source="tu_1")

    @property
    def sent(self) -> list[tuple[int, bool]]:
        """What has left the account of the operator, and whether it came back."""
        return [(each["amount"], each["reversed"]) for each in self.desk.server.platform.own.all("transfer")]

    async def set_up(self) -> str:
        page = await self.services.transfers.onboard(GUILD, MIA)
        for account in self.desk.server.platform.connected.values():
            accounts.complete(account)
        return page

    async def send(self, by: int = BOB) -> PayoutState:
        return (await self.services.transfers.send(GUILD, self.payout_id, by, 700)).payout.state

    async def attempt(self) -> tuple[int, TransferState, str]:
        attempt = await self.services.transfers.last_attempt(GUILD, self.payout_id)
        assert attempt is not None
        return attempt.attempt, attempt.state, attempt.why

    async def go_on(self) -> int | None:
        return await self.services.transfers.go_on(transfer_of(GUILD, self.payout_id, 0))

    def lose(self, moment: Moment, method: str = "POST") -> None:
        """Have requests about transfers get no answer, before they are carried out or after that."""
        faults = self.desk.server.faults
        if moment is Moment.AFTER:
            faults.drop(method, "/v1/transfers$", after=True)
        # Stripe's client asks once more by itself.
        faults.drop(method, "/v1/transfers$", times=None)

    def answer(self) -> None:
        """Have all requests be answered again."""
        self.desk.server.faults.clear()


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with open_desk() as desk:
        yield desk


def provider_at(desk: Desk, clock: Clock, *, sends: bool = True) -> StripeProvider:
    shop = Shop(Mode.PLAIN, "{coins} coins", "COINS", "")
    return StripeProvider(SECRET_KEY, WEBHOOK_SECRET, shop, frozenset({GUILD}), clock, desk.root, sends_transfers=sends)


@pytest.fixture
async def office(database: Database, clock: Clock, desk: Desk) -> AsyncIterator[Office]:
    await database.writer.perform(settle_in)
    await database.writer.perform(store.save_rules, GUILD, PayoutRules(minimum=10))
    await buy(database, order(coins=1_000, provider="manual"))
    await database.writer.submit(gift("gift", item_id=ROSETTE))
    provider = provider_at(desk, clock)
    services = build(database, [provider], clock)
    await services.transfers.change_terms(GUILD, TERMS, ROB)
    payout_id = (await services.payouts.request(GUILD, "ask", MIA, 500)).payout.payout_id
    await services.payouts.approve(GUILD, payout_id, ROB)
    yield Office(database, services, desk, payout_id)
    await provider.close()


async def test_a_payout_is_sent_once_and_recorded_with_the_number_of_the_transfer(office: Office) -> None:
    page = await office.set_up()
    office.top_up(10_000)
    question = await office.services.transfers.question(GUILD, office.payout_id, BOB)

    state = await office.send()
    with pytest.raises(PayoutDecided):
        await office.send()

    assert page.startswith(f"{office.desk.root}/stripe/connect/acct_")
    assert await office.services.transfers.onboard(GUILD, MIA) == ""
    assert (question.amount_minor, question.currency) == (700, "USD")
    assert (state, office.sent) == (PayoutState.PAID, [(700, False)])
    report = await office.services.payouts.find(GUILD, office.payout_id)
    assert report.note == office.desk.server.platform.own.all("transfer")[0]["id"]
    assert report.closed_by == BOB
    assert await office.attempt() == (1, TransferState.SENT, "")


@pytest.mark.parametrize("moment", Moment)
async def test_an_answer_that_is_lost_is_asked_for_again_and_nothing_is_sent_twice(
    office: Office, clock: Clock, moment: Moment
) -> None:
    await office.set_up()
    office.top_up(10_000)
    office.lose(moment)
    state = await office.send()
    attempt = await office.attempt()
    with pytest.raises(PayoutSending):
        await office.services.payouts.reject(GUILD, office.payout_id, ALICE, "no")
    with pytest.raises(PayoutSending):
        await office.services.payouts.record(GUILD, office.payout_id, BOB, "TX-1")
    with pytest.raises(PayoutSending):
        await office.services.payouts.take_back(GUILD, office.payout_id, MIA)
    office.answer()
    # Stripe has forgotten the key by then.
    clock.now_ms += 2 * 86_400_000
    office.desk.clock.ms += 2 * 86_400_000
    again = await office.go_on()

    assert (state, attempt) == (PayoutState.APPROVED, (1, TransferState.OPEN, ""))
    assert again == clock.now_ms + DAY
    assert office.sent == [(700, False)]
    assert (await office.services.payouts.find(GUILD, office.payout_id)).payout.state is PayoutState.PAID


async def test_as_long_as_nobody_knows_it_is_asked_again(office: Office, clock: Clock) -> None:
    await office.set_up()
    office.top_up(10_000)
    office.lose(Moment.BEFORE, "GET")
    await office.send()
    due = [deadline async for deadline in _due(office, clock)]
    later = await office.go_on()
    office.answer()

    assert due == [DeadlineKind.PAYOUT_TRANSFER]
    assert later == clock.now_ms + 300_000
    assert office.sent == []
    # Another treasurer's press asks as well.
    assert await office.send(ALICE) is PayoutState.PAID
    assert office.sent == [(700, False)]


async def _due(office: Office, clock: Clock) -> AsyncIterator[DeadlineKind]:
    outlook = await office.books.read(deadlines.outlook, clock.now_ms + 61_000)
    for deadline, _ in outlook.due:
        if deadline.kind is DeadlineKind.PAYOUT_TRANSFER:
            yield deadline.kind


async def test_a_refused_transfer_leaves_the_payout_approved_and_can_be_tried_again(office: Office) -> None:
    await office.set_up()
    states = [await office.send()]
    first = await office.attempt()
    office.top_up(700)
    states.append(await office.send())

    assert states == [PayoutState.APPROVED, PayoutState.PAID]
    assert first == (1, TransferState.REFUSED, "balance_insufficient")
    assert await office.attempt() == (2, TransferState.SENT, "")
    assert office.sent == [(700, False)]


async def test_staff_are_told_of_a_refusal_that_nobody_has_read(office: Office) -> None:
    await office.set_up()
    office.lose(Moment.BEFORE, "GET")
    await office.send()
    office.answer()
    await office.services.payouts.mark_announced(GUILD, [office.payout_id])

    await office.go_on()

    assert await office.attempt() == (1, TransferState.REFUSED, "balance_insufficient")
    assert await office.go_on() is None
    assert await office.services.payouts.unannounced(GUILD) == [office.payout_id]
    # People can pay it another way now.
    assert (await office.services.payouts.record(GUILD, office.payout_id, BOB, "TX-1")).note == "TX-1"


async def test_what_went_back_before_it_was_recorded_is_not_paid(office: Office) -> None:
    await office.set_up()
    office.top_up(10_000)
    office.lose(Moment.AFTER)
    await office.send()
    office.answer()
    own = office.desk.server.platform.own
    transfers.reverse(own, own.all("transfer")[0], {})
    await office.go_on()
    attempt = await office.attempt()

    assert attempt == (1, TransferState.REFUSED, "reversed")
    assert await office.send() is PayoutState.PAID
    assert office.sent == [(700, True), (700, False)]


async def test_what_goes_back_after_it_was_recorded_is_told_once_and_stays_paid(office: Office, clock: Clock) -> None:
    await office.set_up()
    office.top_up(10_000)
    await office.send()
    looks = [await office.go_on()]
    own = office.desk.server.platform.own
    transfers.reverse(own, own.all("transfer")[0], {})
    office.lose(Moment.BEFORE, "GET")
    looks.append(await office.go_on())
    office.answer()
    looks += [await office.go_on(), await office.go_on()]

    assert looks == [clock.now_ms + DAY, clock.now_ms + 300_000, None, None]
    assert await office.attempt() == (1, TransferState.SENT, "reversed")
    assert (await office.services.payouts.find(GUILD, office.payout_id)).payout.state is PayoutState.PAID
    page = await office.services.desk.logs.page(GUILD, 0)
    assert dict(page.acts[0].recorded.act.after) == {"transfer": "reversed"}


async def test_nobody_looks_for_ever(office: Office, clock: Clock) -> None:
    await office.set_up()
    office.top_up(10_000)
    await office.send()
    clock.now_ms += 30 * DAY

    assert await office.go_on() is None


async def test_both_people_and_an_account_are_needed(office: Office, clock: Clock) -> None:
    with pytest.raises(PayeeNotReady):
        await office.services.transfers.question(GUILD, office.payout_id, BOB)
    with pytest.raises(PayeeNotReady):
        await office.send()
    await office.services.transfers.onboard(GUILD, MIA)
    with pytest.raises(PayeeNotReady):
        await office.services.transfers.question(GUILD, office.payout_id, BOB)
    with pytest.raises(PayoutNeedsAnother):
        await office.send(ROB)
    with pytest.raises(OwnPayout):
        await office.send(MIA)
    with pytest.raises(TransferChanged):
        await office.services.transfers.send(GUILD, office.payout_id, BOB, 600)
    with pytest.raises(NotFound):
        await office.services.transfers.onboard(GUILD, BOB)
    # Restricted at Stripe, whatever it said before.
    assert await office.send() is PayoutState.APPROVED
    assert (await office.attempt())[2] == "insufficient_capabilities_for_transfer"
    await office.services.transfers.change_terms(GUILD, None, ROB)
    with pytest.raises(TransfersOff):
        await office.send()
    assert office.sent == []


async def test_where_the_operator_has_not_switched_it_on_nobody_pays_by_transfer(
    database: Database, clock: Clock, desk: Desk
) -> None:
    await database.writer.perform(settle_in)
    provider = provider_at(desk, clock, sends=False)
    services = build(database, [provider], clock)

    assert not services.transfers.can_offer(GUILD)
    assert await services.transfers.terms(GUILD) is None
    with pytest.raises(TransfersOff):
        await services.transfers.change_terms(GUILD, TERMS, ROB)
    await provider.close()


def test_a_rate_is_rounded_down_and_never_to_nothing() -> None:
    assert TERMS.worth(999) == 1_398
    with pytest.raises(TransferTooSmall):
        TransferTerms("JPY", 1).worth(999)
