"""A kill at every step of an approval, which is no transaction of the journal: it is recorded as a whole, or not."""

from typing import Any

import pytest

from bot.domain.ledger.kinds import Command
from bot.domain.payout_errors import PayoutDecided
from bot.domain.payouts import PayoutState
from bot.services.notices import Notices
from bot.services.payouts import Payouts
from bot.storage.audit.auditor import audit_database
from bot.storage.database import Database
from bot.storage.stores import payouts as store
from tests.faults.child import STRUCK
from tests.faults.children import KILLED, Children
from tests.faults.kill_matrix import CopyBooks
from tests.faults.kill_points import Fuse, kill
from tests.storage.town import ALICE, GUILD, NOAH, Clock
from tests.thoroughness import by_thoroughness

MOST_STEPS = 2_000
"""Points of an approval, the steps of the event loop among them."""


async def approve(job: dict[str, Any]) -> None:
    """Approve a payout in a process that may be struck."""
    books = await Database.open(job["address"], clock=Clock())
    payouts = Payouts(books, Clock(), lambda _guild_id, _member_id: None)
    Fuse.strike, Fuse.at = kill, job["strike_at"]
    await payouts.approve(GUILD, job["payout"], ALICE)
    Fuse.at = None
    await books.close()


@pytest.mark.databases("sqlite", "postgresql")
async def test_an_approval_is_recorded_with_its_notice_or_not_at_all(
    mortals: Children, copy_books: CopyBooks, commands: dict[str, Command]
):
    payout_id: int = commands["payout_rejection"].payout_id  # type: ignore[attr-defined]
    states: list[PayoutState] = []
    for point in range(1, MOST_STEPS, by_thoroughness(quick=9, full=7, long=1)):
        with copy_books() as address:
            work = {"work": "tests.faults.test_payout_kills:approve", "payout": payout_id}
            code, _ = await mortals.run(address, [], strike_at=point, **work)
            states.append(await state_after(address, payout_id))
        if not code:
            break
        assert code in {KILLED, STRUCK}

    assert states[0] is PayoutState.REQUESTED
    assert states[-1] is PayoutState.APPROVED
    # A server answers at its own pace, so a later step may come before what an earlier one has waited for.
    assert {*states} == {PayoutState.REQUESTED, PayoutState.APPROVED}
    assert len(states) > 2


async def state_after(address: str, payout_id: int) -> PayoutState:
    """Return what became of the payout. Then it is approved again, and there is one notice of it."""
    books = await Database.open(address, clock=Clock())
    payout = await books.read(store.payout, GUILD, payout_id)
    assert payout is not None
    notices = Notices(books, Clock())
    payouts = Payouts(books, Clock(), notices.expect)
    if payout.state is PayoutState.REQUESTED:
        await payouts.approve(GUILD, payout_id, ALICE)
    else:
        with pytest.raises(PayoutDecided):
            await payouts.approve(GUILD, payout_id, ALICE)
    async with notices.telling(GUILD, NOAH) as news:
        assert len(news) == 1
    await books.close()
    assert [*audit_database(address)] == []
    return payout.state
