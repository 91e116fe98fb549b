"""A kill at every step of a payout by transfer: the money is sent once, and recorded once."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.domain.deadlines import transfer_of
from bot.domain.ledger.kinds import Command
from bot.domain.payouts import PayoutState
from bot.domain.transfers import TransferState, TransferTerms
from bot.payments.stripe.provider import StripeProvider
from bot.payments.stripe.selling import Mode, Shop
from bot.services import Services
from bot.services.assembly import build
from bot.storage.audit.auditor import audit_database
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.stores import transfers
from sandbox.stripe import accounts, money
from sandbox.stripe.idempotency import Keys
from tests.faults.child import STRUCK
from tests.faults.children import KILLED, Children
from tests.faults.kill_matrix import CopyBooks
from tests.faults.kill_points import Fuse, kill
from tests.sandbox.stripe_desk import SECRET_KEY, WEBHOOK_SECRET, Desk, open_desk
from tests.storage.town import ALICE, GUILD, MIA, Clock
from tests.thoroughness import by_thoroughness

MOST_STEPS = 4_000
"""Points of a transfer, the steps of the event loop among them."""

TERMS = TransferTerms("USD", 10_000)
MINOR = 100


def services_at(books: Database, root: str) -> tuple[StripeProvider, Services]:
    shop = Shop(Mode.PLAIN, "{coins} coins", "COINS", "")
    guilds = frozenset({GUILD})
    provider = StripeProvider(SECRET_KEY, WEBHOOK_SECRET, shop, guilds, Clock(), root, sends_transfers=True)
    return provider, build(books, [provider], Clock())


async def send(job: dict[str, Any]) -> None:
    """Send the money of a payout in a process that may be struck."""
    books = await Database.open(job["address"], clock=Clock())
    provider, services = services_at(books, job["root"])
    Fuse.strike, Fuse.at = kill, job["strike_at"]
    await services.transfers.send(GUILD, job["payout"], ALICE, MINOR)
    Fuse.at = None
    await provider.close()
    await books.close()


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with open_desk() as desk:
        yield desk


async def payee(desk: Desk) -> str:
    """Return an account that takes transfers, and put money on the operator's."""
    account = await desk.client.v1.accounts.create_async({"capabilities": {"transfers": {"requested": True}}})
    accounts.enable(desk.server.platform.account(account.id).record)
    money.book(desk.server.platform.own, "topup", 1_000_000, "usd", source="tu_1")
    return account.id


def forget(desk: Desk) -> None:
    """Forget all transfers: the next copy of the books has the same payout."""
    platform = desk.server.platform
    platform.own.tables["transfer"].clear()
    platform.keys = Keys(platform.now_s)


@pytest.mark.databases("sqlite", "postgresql")
async def test_the_money_is_sent_once_wherever_the_bot_is_killed(
    mortals: Children, copy_books: CopyBooks, commands: dict[str, Command], desk: Desk
):
    payout_id: int = commands["payout"].payout_id  # type: ignore[attr-defined]
    account = await payee(desk)
    steps: list[str] = []
    for point in range(1, MOST_STEPS, by_thoroughness(quick=23, full=17, long=1)):
        forget(desk)
        with copy_books() as address:
            await prepare(address, account)
            work = {"work": "tests.faults.test_transfer_kills:send", "payout": payout_id, "root": desk.root}
            code, _ = await mortals.run(address, [], strike_at=point, **work)
            steps.append(await aftermath(address, desk, payout_id))
        if not code:
            break
        assert code in {KILLED, STRUCK}

    assert steps[0] == "nothing"
    assert steps[-1] == "noted"
    # Among few strikes, none may fall between the first step and the last.
    assert len({*steps}) >= by_thoroughness(quick=2, full=3, long=3)


async def prepare(address: str, account: str) -> None:
    books = await Database.open(address, clock=Clock())
    await books.writer.perform(transfers.save_terms, GUILD, TERMS)
    creator = await books.read(holders.holder_id, GUILD, MIA)
    assert creator is not None
    await books.writer.perform(transfers.save_account, GUILD, creator, account)
    await books.close()


async def aftermath(address: str, desk: Desk, payout_id: int) -> str:
    """Return how far it came. Then the bot goes on, or staff press again, and the money was sent once."""
    books = await Database.open(address, clock=Clock())
    provider, services = services_at(books, desk.root)
    attempt = await services.transfers.last_attempt(GUILD, payout_id)
    state = (await services.payouts.find(GUILD, payout_id)).payout.state
    money_out = desk.server.platform.own.all("transfer")
    if attempt is None:
        step = "nothing"
    elif attempt.state is TransferState.SENT:
        step = "noted"
    else:
        step = "recorded" if state is PayoutState.PAID else "sent" if money_out else "open"
    if attempt is None:
        await services.transfers.send(GUILD, payout_id, ALICE, MINOR)
    else:
        await services.transfers.go_on(transfer_of(GUILD, payout_id, 0))
    report = await services.payouts.find(GUILD, payout_id)
    (transfer,) = desk.server.platform.own.all("transfer")
    assert (report.payout.state, report.note, report.closed_by) == (PayoutState.PAID, transfer["id"], ALICE)
    attempt = await services.transfers.last_attempt(GUILD, payout_id)
    assert attempt is not None
    assert (attempt.attempt, attempt.state) == (1, TransferState.SENT)
    await provider.close()
    await books.close()
    assert [*audit_database(address)] == []
    return step
