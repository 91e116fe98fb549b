"""Any sequence of what members, banks, providers and staff do with money, at all providers at once, over their wires.

News is late, repeated or in disorder, and the bot restarts. After every step no coin was made or lost, of either kind,
the lots add up, and the audit is clean. Once everything is told, the books have each provider's money, by currency.
"""

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.accounts import TEST_KINDS, AccountKind
from bot.domain.deadlines import refund_of
from bot.domain.errors import Refusal
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.grant import Grant
from bot.domain.orders import Contact, Observation, Order, coins_for, price_of
from bot.domain.packages import Terms
from bot.domain.planned_gifts import PlannedGift
from bot.services.assembly import build
from bot.storage.audit.auditor import audit_database
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.stores import lots
from tests.faults import bazaar_rows
from tests.faults.purchases import credited, disputed_minor
from tests.payments.contract import CONTENDERS
from tests.payments.market import Market
from tests.payments.wires import GUILD, DisputedWire, Wire, able
from tests.storage.town import MINUTE, NOON, Clock

T = TypeVar("T")
MEMBERS: Final = (11, 12)
CREATOR, STAFF = 13, 14
USD, EUR = 1, 99
"""Packages: one of each currency. Discord sells only the first."""
TERMS: Final = {USD: Terms(70, 99, "USD"), EUR: Terms(50, 101, "EUR")}
DAILY_MINOR: Final = 600
STRIPES: Final = [name for name in CONTENDERS if name.startswith("stripe")]
OTHERS: Final = [name for name in CONTENDERS if name not in STRIPES]

members = st.sampled_from(MEMBERS)
minor_units = st.integers(1, 101) | st.sampled_from([33, 66, 99])


@dataclass
class Sale:
    """An order at a provider, and its payment there once it is paid."""

    name: str
    order: Order
    external_id: str = ""
    dispute: str = ""

    @property
    def has_bank(self) -> bool:
        """Whether its provider reports disputes."""
        return self.name == "sandbox" or self.name in STRIPES


class Bazaar(RuleBasedStateMachine):
    """A guild that sells at every provider. `sales` are its orders."""

    template: ClassVar[Path]
    """An empty database at the newest revision, to be set before a run."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="bazaar-"))
        self.runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self.stack = AsyncExitStack()
        self.clock = Clock()
        self.sales: list[Sale] = []
        self.taken_by_staff: Counter[str] = Counter()
        self.withdrawn: dict[int, int] = {}
        self.is_settled = True
        self.number = 500

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` to its end in this machine's event loop."""
        return self.runner.run(work)

    @property
    def address(self) -> str:
        return f"sqlite:///{self.folder / 'books.db'}"

    @initialize(stripe=st.sampled_from(STRIPES))
    def begin(self, stripe: str) -> None:
        shutil.copy(Bazaar.template, self.folder / "books.db")
        self.wires: dict[str, Wire] = {
            name: self.wait(self.stack.enter_async_context(CONTENDERS[name].open_wire(self.clock)))
            for name in [stripe, *OTHERS]
        }
        self.start()
        self.wait(self.services.guilds.welcome(GUILD))
        for wire in self.wires.values():
            self.wait(wire.set_up(self.services))
        euros: dict[str, Any] = dict(zip(("coins", "price_minor", "currency"), TERMS[EUR], strict=True))
        self.wait(self.services.packages.add(GUILD, package_id=EUR, **euros))
        self.wait(self.services.limits.let_withdraw(GUILD, allowed=True))
        limits = {"daily_minor": DAILY_MINOR, "held_minor": 2 * DAILY_MINOR, "account_days": 0}
        self.wait(self.services.limits.change(GUILD, currency="USD", **limits))
        self.wait(self.services.limits.set_rates(GUILD, {"EUR": 1_000_000}))
        self.wait(self.services.creators.approve(GUILD, CREATOR, STAFF, is_bot=False))
        # Hypothesis leaves rules out of many runs, but every run has something to take back.
        for name in self.wires:
            self.buy(name, MEMBERS[0], USD)
        self.settle()

    def start(self) -> None:
        self.books = self.wait(Database.open(self.address, clock=self.clock))
        for wire in self.wires.values():
            wire.attach(self.books)
        self.services = build(self.books, [wire.provider for wire in self.wires.values()], self.clock)
        for wire in self.wires.values():
            wire.connect(self.services)

    def key(self) -> str:
        self.clock.now_ms += 1
        return f"key:{self.clock.now_ms}"

    def market(self, name: str) -> Market[Wire]:
        return Market(self.services, self.wires[name], self.books, self.clock)

    def happened(self, data: st.DataObject) -> None:
        """Note that something has happened, of which the bot may hear at once."""
        self.is_settled = False
        if data.draw(st.booleans()):
            self.settle()

    def settle(self) -> None:
        """Let everything be heard, some of it once more, and send back what is to go back."""
        for order_id in self.withdrawn:
            self.wait(self.services.withdrawals.send_back(refund_of(GUILD, order_id)))
        for name, wire in self.wires.items():
            self.wait(self.market(name).hear(*wire.news()))
        for _ in range(2):
            self.wait(self.services.payment_events.reconcile(NOON - 1))
        self.is_settled = True

    def buy(self, name: str, member: int, package: int) -> Sale:
        sale = self.open_order(name, member, package)
        sale.external_id = self.wait(self.wires[name].pay(sale.order))
        self.is_settled = False
        return sale

    def open_order(self, name: str, member: int, package: int, gift: PlannedGift | None = None) -> Sale:
        self.number += 1
        page = self.wait(
            self.services.orders.open(
                GUILD,
                order_id=self.number,
                member_id=member,
                package_id=package,
                accepted=TERMS[package],
                provider=self.wires[name].provider.name,
                consent_version=1,
                contact=Contact("en-US", None),
                gift=gift,
            )
        )
        sales = [sale for sale in self.sales if sale.order.order_id == page.order.order_id]
        if not sales:
            sales.append(Sale(name, page.order))
            self.sales.append(sales[0])
        return sales[0]

    def drawn(self, data: st.DataObject, *, is_paid: bool) -> Sale | None:
        """Return one of the orders that are paid, or are not."""
        sales = [sale for sale in self.sales if bool(sale.external_id) is is_paid]
        return data.draw(st.sampled_from(sales)) if sales else None

    def read(self, sale: Sale) -> Observation:
        """Return what a provider says of a payment."""
        return self.truth(self.wires[sale.name], sale.external_id, sale.order)

    def truth(self, wire: Wire, external_id: str, order: Order) -> Observation:
        report = self.wait(wire.provider.read(external_id))
        return report if isinstance(report, Observation) else report.as_ordered(order)

    @rule(data=st.data(), member=members, package=st.sampled_from([USD, USD, EUR]))
    def order(self, data: st.DataObject, member: int, package: int) -> None:
        names = [name for name in self.wires if package == USD or name != "discord_sku"]
        with suppress(Refusal):
            self.open_order(data.draw(st.sampled_from(names)), member, package)

    @rule(data=st.data())
    def pay(self, data: st.DataObject) -> None:
        sale = self.drawn(data, is_paid=False)
        if sale is not None and not self.owns_sku(sale):
            sale.external_id = self.wait(self.wires[sale.name].pay(sale.order))
            self.happened(data)

    def owns_sku(self, sale: Sale) -> bool:
        """Whether Discord would sell the SKU to this member only once what they have of it is used up."""
        if sale.name != "discord_sku":
            return False
        self.settle()
        wire: Any = self.wires[sale.name]
        return wire.owns(sale.order.member_id)

    @rule(data=st.data())
    def pay_again(self, data: st.DataObject) -> None:
        sale = self.drawn(data, is_paid=True)
        if sale is not None:
            self.clock.now_ms += 60 * MINUTE
            self.wait(self.wires[sale.name].pay_again(sale.order))
            self.happened(data)

    @rule(data=st.data(), minor=minor_units)
    def refund(self, data: st.DataObject, minor: int) -> None:
        sale = self.drawn(data, is_paid=True)
        if sale is None or sale.dispute in {"open", "lost"}:
            return
        self.settle()
        payment = self.read(sale)
        rest_minor = payment.amount_minor - payment.refunded_minor
        if rest_minor:
            minor = rest_minor if sale.name == "discord_sku" else min(minor, rest_minor)
            self.wait(self.wires[sale.name].refund(sale.external_id, minor))
            self.happened(data)

    @rule(data=st.data())
    def dispute(self, data: st.DataObject) -> None:
        sale = self.drawn(data, is_paid=True)
        if sale is not None and sale.has_bank and not sale.dispute:
            self.wait(able(self.wires[sale.name], DisputedWire).dispute(sale.external_id))
            sale.dispute = "open"
            self.happened(data)

    @precondition(lambda self: any(sale.dispute == "open" for sale in self.sales))
    @rule(data=st.data(), outcome=st.sampled_from(["won", "lost"]))
    def decide_dispute(self, data: st.DataObject, outcome: Any) -> None:
        sale = data.draw(st.sampled_from([sale for sale in self.sales if sale.dispute == "open"]))
        self.wait(able(self.wires[sale.name], DisputedWire).decide(sale.external_id, outcome))
        sale.dispute = outcome
        self.happened(data)

    @rule(member=members, quantity=st.integers(1, 3), item=st.sampled_from([1, 4, 6]))
    def spend(self, member: int, quantity: int, item: int) -> None:
        with suppress(Refusal):
            self.wait(self.services.gifts.send(SendGift(GUILD, self.key(), member, CREATOR, item, quantity, 1)))

    @rule(member=members, coins=st.integers(1, 30))
    def grant(self, member: int, coins: int) -> None:
        self.wait(self.services.wallets.grant(Grant(GUILD, self.key(), STAFF, member, coins, "because")))

    @rule(data=st.data())
    def undo_a_gift(self, data: st.DataObject) -> None:
        seqs = self.wait(self.books.read(bazaar_rows.gifts))
        if seqs:
            self.reverse(data.draw(st.sampled_from(seqs)), data.draw(st.none() | st.integers(1, 3)))

    @rule(data=st.data(), part=st.integers(1, 70))
    def take_coins_back(self, data: st.DataObject, part: int) -> None:
        sales = self.wait(self.books.read(credited))
        if not sales:
            return
        external_id = data.draw(st.sampled_from(sorted(sales)))
        order, coins_gone = sales[external_id]
        credit = self.wait(self.books.read(journal.find, GUILD, order.key))
        assert credit is not None
        part = min(part, order.coins - coins_gone)
        if self.reverse(credit.seq, part):
            self.taken_by_staff[external_id] += part

    def reverse(self, seq: int, part: int | None) -> bool:
        """Have staff take back a row, or a part of it. Return whether they could."""
        try:
            work = self.services.reversals.reverse(
                GUILD, key=self.key(), actor_id=STAFF, seq=seq, part=part, reason="asked"
            )
            self.wait(work)
        except Refusal:
            return False
        return True

    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        sale = self.drawn(data, is_paid=True)
        if sale is None:
            return
        order_id, member = sale.order.order_id, sale.order.member_id
        with suppress(Refusal):
            offer = self.wait(self.services.withdrawals.offer(GUILD, member, order_id))
            coins = offer.withdrawal.coins
            self.wait(self.services.withdrawals.withdraw(GUILD, member, order_id, coins))
            self.withdrawn[order_id] = coins
            self.happened(data)

    @rule(data=st.data(), deed=st.sampled_from(["credit", "credit", "send_back", "close"]))
    def decide_case(self, data: st.DataObject, deed: str) -> None:
        self.settle()
        reports = self.wait(self.services.payment_cases.undecided(GUILD))
        if reports:
            case_id = data.draw(st.sampled_from(reports)).case.case_id
            with suppress(Refusal):
                self.wait(getattr(self.services.payment_cases, deed)(GUILD, case_id, STAFF))
            self.settle()

    @rule()
    def hear_again(self) -> None:
        """What is told another time changes nothing."""
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
    def no_coin_of_either_kind_is_made_or_lost(self) -> None:
        assert sum(self.wait(self.books.read(bazaar_rows.balances)).values()) == 0
        for kinds in self.wait(self.books.read(bazaar_rows.kinds_by_row)):
            # Promo coins may be spent together with either.
            assert not kinds & TEST_KINDS or kinds <= TEST_KINDS | {AccountKind.PROMO}, kinds
        assert [finding.what for finding in audit_database(self.address)] == []

    @invariant()
    def lots_add_up(self) -> None:
        amounts = self.wait(self.books.read(bazaar_rows.balances))
        wallets = [place for place in amounts if place[1].kind in {AccountKind.PAID, AccountKind.TEST}]
        lots_by_wallet = self.wait(self.books.read(lots.lots_of, wallets))
        assert all(amounts[place] == sum(lot.coins for lot in lots_by_wallet.get(place, ())) for place in wallets)

    @invariant()
    def the_books_have_the_money_of_the_providers(self) -> None:
        """By currency, and the coins of each purchase are what its money stands for."""
        if not self.is_settled:
            return
        in_books, at_providers = Counter[str](), Counter[str]()
        wires = {wire.provider.name: wire for wire in self.wires.values()}
        for external_id, (order, coins_gone) in self.wait(self.books.read(credited)).items():
            payment = self.truth(wires[order.provider], external_id, order)
            in_books[order.currency] += order.price_minor - order.refunded_minor
            at_providers[payment.currency] += payment.amount_minor - payment.refunded_minor
            gone_minor = min(payment.refunded_minor + disputed_minor(payment), payment.amount_minor)
            is_withdrawn = order.order_id in self.withdrawn
            # Each dispute that was won may have left a coin, because what it took was rounded.
            most = coins_for(order, gone_minor) + len(payment.disputes) + self.taken_by_staff[external_id]
            most += self.withdrawn.get(order.order_id, 0)
            details = external_id, coins_gone, payment
            is_worth_it = price_of(order, coins_gone) + is_withdrawn >= gone_minor
            assert coins_gone >= coins_for(order, gone_minor) or is_worth_it, details
            assert coins_gone <= most, details
        assert in_books == at_providers

    @invariant()
    def what_was_paid_is_credited_once_it_is_told(self) -> None:
        if self.is_settled:
            sales = self.wait(self.books.read(credited))
            missing = [sale for sale in self.sales if sale.external_id and sale.external_id not in sales]
            assert all(self.has_gone(sale) or self.is_waiting(sale) for sale in missing), missing

    def has_gone(self, sale: Sale) -> bool:
        """Whether money of a payment went back, or its bank has it, maybe before the bot heard of the payment."""
        payment = self.read(sale)
        return payment.refunded_minor > 0 or disputed_minor(payment) > 0

    def is_waiting(self, sale: Sale) -> bool:
        """Whether Discord sold something for which there was not exactly one order."""
        waiting = self.wait(self.services.product_purchases.waiting(sale.order.member_id))
        return any(record.external_id == sale.external_id for record in waiting)

    def teardown(self) -> None:
        if hasattr(self, "books"):
            self.wait(self.services.payment_events.stop())
            self.wait(self.books.close())
        self.wait(self.stack.aclose())
        self.runner.close()
        shutil.rmtree(self.folder)
