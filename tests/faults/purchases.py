"""Any sequence of payments, refunds, disputes, gifts and decisions of staff, compared with the money that stayed.

Reports are lost and repeated, and the services are restarted. Whatever came before, the coins follow the money.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select

from bot.domain.errors import Refusal
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.order import CreditOrder
from bot.domain.ledger.order import facts_of as credit_facts
from bot.domain.orders import Dispute, DisputeStatus, Observation, Order, coins_for, price_of
from bot.domain.payment_cases import Outcome
from bot.services.assembly import build
from bot.storage.audit.auditor import audit_database
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.sql.tables import balances
from bot.storage.sql.tables import journal as rows
from bot.storage.stores import orders as order_store
from bot.storage.stores import reversals
from tests.services.paying import GUILD, MIA, Till, order
from tests.storage.town import Clock

T = TypeVar("T")
CREATOR, STAFF = 12, 13

minor_units = st.integers(1, 99) | st.sampled_from([33, 66, 99])


def credited(c: Connection) -> dict[str, tuple[Order, int]]:
    """Return the orders with coins, and how many of these are taken back, by checkout. Each has one row only."""
    sales: dict[str, tuple[Order, int]] = {}
    for key in c.execute(select(rows.c.key).where(rows.c.kind == CreditOrder.kind)).scalars():
        receipt = journal.find(c, GUILD, key)
        assert receipt is not None
        facts = credit_facts(receipt)
        assert facts["external"] not in sales
        found_order = order_store.order(c, GUILD, int(key.removeprefix("order:")))
        assert found_order is not None
        taken = reversals.parts_of(c, [(GUILD, receipt.seq)]).get((GUILD, receipt.seq), 0)
        sales[facts["external"]] = found_order, taken
    return sales


def disputed_minor(payment: Observation) -> int:
    """Return the money that disputes have taken and not given back, in minor units."""
    return sum(dispute.amount_minor for dispute in payment.disputes if dispute.status is not DisputeStatus.WON)


class Purchases(RuleBasedStateMachine):
    """The services over a database, a provider, and what staff and failed refunds may have added to the difference."""

    template: ClassVar[Path]
    """An empty database at the newest revision, to be set before a run."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="purchases-"))
        self.runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self.clock, self.till = Clock(), Till()
        self.number = 500
        self.most_refunded: dict[str, int] = {}
        self.reversed_by_staff: dict[str, int] = {}
        self.unheard: set[str] = set()

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` to its end in this machine's event loop."""
        return self.runner.run(work)

    @property
    def address(self) -> str:
        return f"sqlite:///{self.folder / 'books.db'}"

    def start(self) -> None:
        self.books = self.wait(Database.open(self.address, clock=self.clock))
        self.services = build(self.books, [self.till], self.clock)

    @initialize()
    def begin(self) -> None:
        shutil.copy(Purchases.template, self.folder / "books.db")
        self.start()
        self.wait(self.services.guilds.welcome(GUILD))
        self.wait(self.services.creators.approve(GUILD, CREATOR, STAFF, is_bot=False))
        # Hypothesis leaves rules out of many runs, but every run has something to take back.
        for _ in range(2):
            self.open_order()
            self.report(f"till-{self.number}", status="paid")

    def key(self) -> str:
        self.clock.now_ms += 1
        return f"key:{self.clock.now_ms}"

    def report(self, checkout: str, *, is_heard: bool = True, **changes: Any) -> None:
        """Let a purchase change, and let it be settled unless the report is lost."""
        self.till.becomes(checkout, changes.pop("status", self.till.purchases[checkout].status), **changes)
        self.unheard.add(checkout)
        if is_heard:
            self.settle()

    def settle(self) -> None:
        """Let everything that was lost be heard."""
        self.wait(self.services.payment_events.reconcile(0))
        for external_id, purchase in self.till.purchases.items():
            self.most_refunded[external_id] = max(self.most_refunded.get(external_id, 0), purchase.refunded_minor)
        self.unheard.clear()

    def drawn(self, data: st.DataObject, *, is_paid: bool) -> Observation | None:
        """Return one of the purchases that are paid, or are not."""
        purchases = [purchase for purchase in self.till.purchases.values() if purchase.is_paid is is_paid]
        return data.draw(st.sampled_from(purchases)) if purchases else None

    @rule()
    def open_order(self) -> None:
        self.number += 1
        self.wait(order(self.services, self.number))

    @rule(data=st.data(), amount_minor=st.sampled_from([99, 99, 99, 50, 198]), currency=st.sampled_from(["USD", "EUR"]))
    def pay(self, data: st.DataObject, amount_minor: int, currency: str) -> None:
        purchase = self.drawn(data, is_paid=False)
        if purchase is not None:
            is_heard = data.draw(st.booleans())
            terms = {"amount_minor": amount_minor, "currency": currency}
            self.report(purchase.external_id, is_heard=is_heard, status="paid", **terms)

    @rule(data=st.data(), status=st.sampled_from(["pending", "failed", "expired"]))
    def end_unpaid(self, data: st.DataObject, status: str) -> None:
        purchase = self.drawn(data, is_paid=False)
        if purchase is not None:
            self.report(purchase.external_id, status=status)

    @rule(data=st.data())
    def pay_again(self, data: st.DataObject) -> None:
        purchase = self.drawn(data, is_paid=True)
        if purchase is not None:
            self.number += 1
            checkout = f"again-{self.number}"
            other = replace(purchase, external_id=checkout, refunded_minor=0, disputes=())
            self.till.purchases[checkout] = other
            self.report(checkout)

    @rule(data=st.data(), refunded_minor=minor_units, is_heard=st.booleans())
    def refund(self, data: st.DataObject, refunded_minor: int, is_heard: bool) -> None:
        """Refund up to so much in all. If that is less than before, a refund has failed."""
        purchase = self.drawn(data, is_paid=True)
        if purchase is not None:
            refunded_minor = min(refunded_minor, purchase.amount_minor)
            self.report(purchase.external_id, is_heard=is_heard, refunded_minor=refunded_minor)

    @rule(data=st.data(), amount_minor=minor_units, is_heard=st.booleans())
    def dispute(self, data: st.DataObject, amount_minor: int, is_heard: bool) -> None:
        purchase = self.drawn(data, is_paid=True)
        if purchase is not None and len(purchase.disputes) < 3:
            opened = Dispute(f"dp_{len(purchase.disputes)}", DisputeStatus.OPEN, min(amount_minor, 99))
            self.report(purchase.external_id, is_heard=is_heard, disputes=(*purchase.disputes, opened))

    @rule(data=st.data(), status=st.sampled_from(DisputeStatus), amount_minor=minor_units, is_heard=st.booleans())
    def change_dispute(self, data: st.DataObject, status: DisputeStatus, amount_minor: int, is_heard: bool) -> None:
        purchases = [purchase for purchase in self.till.purchases.values() if purchase.disputes]
        if purchases:
            purchase = data.draw(st.sampled_from(purchases))
            disputes = [*purchase.disputes]
            number = data.draw(st.integers(0, len(disputes) - 1))
            if disputes[number].status is not DisputeStatus.WON:
                most = max(amount_minor, disputes[number].amount_minor)
                disputes[number] = disputes[number]._replace(status=status, amount_minor=most)
            self.report(purchase.external_id, is_heard=is_heard, disputes=tuple(disputes))

    @rule(quantity=st.integers(1, 3))
    def spend(self, quantity: int) -> None:
        with suppress(Refusal):
            self.wait(self.services.gifts.send(SendGift(GUILD, self.key(), MIA, CREATOR, 4, quantity, channel_id=1)))

    @rule(data=st.data(), part=st.integers(1, 70))
    def reverse(self, data: st.DataObject, part: int) -> None:
        sales = self.wait(self.books.read(credited))
        checkout = data.draw(st.sampled_from(sorted(sales)))
        credit = self.wait(self.books.read(journal.find, GUILD, sales[checkout][0].key))
        assert credit is not None
        part = min(part, sales[checkout][0].coins - sales[checkout][1])
        with suppress(Refusal):
            reverse = self.services.reversals.reverse
            self.wait(reverse(GUILD, key=self.key(), actor_id=STAFF, seq=credit.seq, part=part, reason="asked"))
            self.reversed_by_staff[checkout] = self.reversed_by_staff.get(checkout, 0) + part

    @rule(data=st.data(), deed=st.sampled_from(["credit", "credit", "send_back", "close"]))
    def decide(self, data: st.DataObject, deed: str) -> None:
        reports = self.wait(self.services.payment_cases.undecided(GUILD))
        if not reports:
            return
        case = data.draw(st.sampled_from(reports)).case
        purchase = self.till.purchases[case.external_id]
        if deed == "send_back" and purchase.disputes:
            return
        with suppress(Refusal):
            self.wait(getattr(self.services.payment_cases, deed)(GUILD, case.case_id, STAFF))
            decided_case = self.wait(self.services.payment_cases.find(GUILD, case.case_id)).case
            assert (decided_case.outcome is Outcome.NONE, decided_case.decided_by) == (False, STAFF)
        self.settle()

    @rule()
    def report_again(self) -> None:
        """A report that was lost arrives, and another time it changes nothing."""
        self.settle()
        before = self.wait(self.books.read(journal.head, GUILD))
        self.settle()
        assert self.wait(self.books.read(journal.head, GUILD)) == before

    @rule()
    def restart(self) -> None:
        self.wait(self.services.payment_events.stop())
        self.wait(self.books.close())
        self.start()

    @invariant()
    def coins_follow_the_money(self) -> None:
        for checkout, (bought, taken) in self.wait(self.books.read(credited)).items():
            if checkout in self.unheard:
                continue
            purchase = self.till.purchases[checkout]
            terms = replace(bought, price_minor=purchase.amount_minor)
            gone_minor = min(purchase.refunded_minor + disputed_minor(purchase), purchase.amount_minor)
            # A failed refund gives nothing back, and staff may take more than is due.
            most_minor = max(purchase.refunded_minor, self.most_refunded[checkout]) + disputed_minor(purchase)
            # Each dispute that was won may have left a coin, because what it took was rounded.
            most = coins_for(terms, most_minor) + len(purchase.disputes) + self.reversed_by_staff.get(checkout, 0)
            details = (checkout, taken, purchase)
            assert taken >= coins_for(terms, gone_minor) or price_of(terms, taken) >= gone_minor, details
            assert taken <= most, details

    @invariant()
    def what_was_paid_right_is_credited(self) -> None:
        sales = self.wait(self.books.read(credited))
        for checkout, purchase in self.till.purchases.items():
            is_right = purchase.is_paid and (purchase.amount_minor, purchase.currency) == (99, "USD")
            if is_right and checkout not in self.unheard and not purchase.refunded_minor and not purchase.disputes:
                assert checkout in sales, purchase

    @invariant()
    def nothing_is_made_or_lost(self) -> None:
        total = select(func.sum(balances.c.amount))
        assert self.wait(self.books.read(lambda c: c.execute(total).scalar_one())) in {0, None}
        assert list(audit_database(self.address)) == []

    def teardown(self) -> None:
        self.wait(self.services.payment_events.stop())
        self.wait(self.books.close())
        self.runner.close()
        findings = list(audit_database(self.address))
        shutil.rmtree(self.folder)
        assert findings == []
