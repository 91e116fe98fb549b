"""Any sequence of money commands through the real writer and a real file, compared with a model too simple to be wrong.

Hypothesis decides when the database is closed and reopened, and when commands are repeated.
"""

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import func, select

from bot.domain.catalogue import GiftItem
from bot.domain.errors import Refusal
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.grant import Grant
from bot.domain.ledger.kinds import Command
from bot.domain.ledger.order import CreditOrder
from bot.domain.wallets import Wallet
from bot.storage.audit.auditor import audit_database
from bot.storage.database import Database
from bot.storage.sql.tables import balances
from bot.storage.stores import catalogue, guilds, orders, wallets
from tests.storage.town import ALICE, BOB, GUILD, MIA, NOAH, PANEL, ROB, Clock, order, settle_in

T = TypeVar("T")

ITEM = 500
MOST = 10**9
"""Coins that one command may move."""
MEMBERS = (ALICE, BOB, MIA, NOAH)

members = st.sampled_from(MEMBERS)
counts = st.integers(-1, 101)
amounts = st.integers(1, 300) | st.sampled_from([-1, 0, MOST, MOST + 1])


class Economy(RuleBasedStateMachine):
    """A database, and a few counters that predict its content."""

    template: ClassVar[Path]
    """An empty database at the newest revision, to be set before a run."""
    steps: ClassVar[int] = 0
    """Total number of commands over all runs."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="economy-"))
        self.runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self.clock = Clock()

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` to its end in this machine's event loop."""
        return self.runner.run(work)

    @property
    def address(self) -> str:
        return f"sqlite:///{self.folder / 'books.db'}"

    @initialize(share=st.integers(0, 100), promo_share=st.integers(0, 100), stock=st.none() | st.integers(0, 60))
    def begin(self, share: int, promo_share: int, stock: int | None) -> None:
        shutil.copy(Economy.template, self.folder / "books.db")
        self.books = self.wait(Database.open(self.address, clock=self.clock))
        self.share, self.promo_share, self.stock, self.price = share, promo_share, stock, 10
        self.wallets: Counter[tuple[str, int]] = Counter()
        self.orders = 1_000
        self.commands: list[Command] = []
        self.rows = 0
        perform = self.books.writer.perform
        self.wait(perform(settle_in))
        rules = self.wait(self.books.read(guilds.rules, GUILD))
        assert rules is not None
        self.wait(perform(guilds.save, rules.changed(share_percent=share, promo_share_percent=promo_share)))
        self.save_item()

    def save_item(self) -> None:
        item = GiftItem(GUILD, ITEM, "Thing", "🎈", self.price, stock=self.stock)
        self.wait(self.books.writer.perform(catalogue.save, item))

    def submit(self, command: Command, is_allowed: bool) -> None:
        """Submit a command, and compare the answer with the model: accepted if it `is_allowed`, else refused."""
        Economy.steps += 1
        self.clock.now_ms += 1
        try:
            receipt = self.wait(self.books.writer.submit(command))
        except Refusal:
            assert not is_allowed, command
            return
        assert is_allowed, command
        self.rows += 1
        assert (receipt.seq, receipt.replayed) == (self.rows, False)
        self.commands.append(command)

    def key(self) -> str:
        return f"key:{self.clock.now_ms}:{len(self.commands)}"

    @rule(member=members, amount=amounts)
    def grant(self, member: int, amount: int) -> None:
        is_allowed = 1 <= amount <= MOST
        self.submit(Grant(GUILD, self.key(), ROB, member, amount, "because"), is_allowed)
        self.wallets["promo", member] += amount if is_allowed else 0

    @rule(member=members, amount=st.integers(1, 300))
    def buy(self, member: int, amount: int) -> None:
        self.orders += 1
        purchase = order(order_id=self.orders, member_id=member, coins=amount)
        self.wait(self.books.writer.perform(orders.insert, purchase, PANEL))
        self.submit(CreditOrder(GUILD, purchase.key, purchase.order_id, member, f"paid {self.orders}"), True)
        self.wallets["paid", member] += amount

    @rule(
        sender=members, creator=members, count=st.integers(-1, 101), anonymous=st.booleans(), note=st.text(max_size=5)
    )
    def give(self, sender: int, creator: int, count: int, anonymous: bool, note: str) -> None:
        cost = self.price * count
        promo_balance, paid_balance = self.wallets["promo", sender], self.wallets["paid", sender]
        is_allowed = (
            1 <= count <= 99 and creator in {MIA, NOAH} and creator != sender and promo_balance + paid_balance >= cost
        )
        is_allowed = is_allowed and (self.stock is None or self.stock >= count)
        gift = SendGift(GUILD, self.key(), sender, creator, ITEM, count, 0, note=note, anonymous=anonymous)

        self.submit(gift, is_allowed)

        if is_allowed:
            from_promo = min(promo_balance, cost)
            earned = from_promo * self.promo_share // 100 + (cost - from_promo) * self.share // 100
            self.wallets["promo", sender] -= from_promo
            self.wallets["paid", sender] -= cost - from_promo
            self.wallets["earnings", creator] += earned
            self.stock = None if self.stock is None else self.stock - count

    @precondition(lambda self: self.commands)
    @rule(data=st.data(), times=st.integers(1, 5))
    def send_again(self, data: st.DataObject, times: int) -> None:
        command = data.draw(st.sampled_from(self.commands))

        async def submit_copies() -> list[bool]:
            receipts = await asyncio.gather(*(self.books.writer.submit(command) for _ in range(times)))
            return [receipt.replayed for receipt in receipts]

        assert self.wait(submit_copies()) == [True] * times

    @rule(price=st.integers(1, 40), stock=st.none() | st.integers(0, 60))
    def edit_the_item(self, price: int, stock: int | None) -> None:
        self.price, self.stock = price, stock
        self.save_item()

    @rule()
    def close_and_open_again(self) -> None:
        self.wait(self.books.close())
        assert list(audit_database(self.address)) == []
        self.books = self.wait(Database.open(self.address, clock=self.clock))

    @invariant()
    def wallets_are_what_the_model_says(self) -> None:
        for member in MEMBERS:
            coins = (self.wallets[kind, member] for kind in ("paid", "promo", "earnings"))
            assert self.wait(self.books.read(wallets.wallet, GUILD, member)) == Wallet(*coins)

    @invariant()
    def nothing_is_made_or_lost(self) -> None:
        total = select(func.sum(balances.c.amount))
        assert self.wait(self.books.read(lambda c: c.execute(total).scalar_one())) in {0, None}

    def teardown(self) -> None:
        self.wait(self.books.close())
        self.runner.close()
        findings = list(audit_database(self.address))
        shutil.rmtree(self.folder)
        assert findings == []
