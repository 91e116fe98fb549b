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

from bot.domain.accounts import AccountKind
from bot.domain.catalogue import GiftItem
from bot.domain.errors import Refusal
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.grant import Grant
from bot.domain.ledger.kinds import Command
from bot.domain.ledger.order import CreditOrder
from bot.domain.ledger.payout import RecordPayout, RejectPayout, RequestPayout
from bot.domain.ledger.reversal import Reverse
from bot.domain.payouts import PayoutRules
from bot.domain.wallets import Wallet
from bot.services.payouts import Payouts
from bot.storage.audit.auditor import audit_database
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.sql.tables import balances
from bot.storage.stores import catalogue, guilds, orders, payouts, wallets
from tests.faults.economy_rows import Asked, Original, kind_of
from tests.storage.town import ALICE, BOB, CAROL, GUILD, MIA, NOAH, PANEL, ROB, Clock, order, settle_in

T = TypeVar("T")

ITEM = 500
MOST = 10**9
"""Coins that one command may move."""
MEMBERS = (ALICE, BOB, MIA, NOAH)
KINDS = ("paid", "promo", "earnings", "debt", "test", "test_earnings", "test_debt", "reserved")
"""What a wallet consists of."""

members = st.sampled_from(MEMBERS)
senders = st.sampled_from((ALICE, ALICE, BOB, BOB, MIA))
creators = st.sampled_from((MIA, MIA, MIA, NOAH, NOAH, ALICE))
TREASURERS = (ROB, CAROL)
MINIMUM = 5
"""Diamonds of the smallest payout."""
deciders = st.sampled_from((*TREASURERS, *TREASURERS, MIA, NOAH))
"""Who decides about payouts: nobody about their own, and whoever approves does not also pay."""
counts = st.integers(1, 9) | st.integers(1, 9) | st.sampled_from([-1, 0, 99, 100])
"""Most gifts are sent: who cannot send or receive, and numbers that are refused, are rare."""
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

    @initialize(
        share=st.integers(0, 100) | st.just(100), promo_share=st.integers(0, 100), stock=st.none() | st.integers(20, 60)
    )
    def begin(self, share: int, promo_share: int, stock: int | None) -> None:
        shutil.copy(Economy.template, self.folder / "books.db")
        self.books = self.wait(Database.open(self.address, clock=self.clock))
        self.share, self.promo_share, self.stock, self.price = share, promo_share, stock, 10
        self.wallets: Counter[tuple[str, int]] = Counter()
        self.originals: list[Original] = []
        self.payouts: list[Asked] = []
        self.orders = 1_000
        self.commands: list[Command] = []
        self.rows = self.paid_out = 0
        perform = self.books.writer.perform
        self.wait(perform(settle_in))
        rules = self.wait(self.books.read(guilds.rules, GUILD))
        assert rules is not None
        self.wait(perform(guilds.save, rules.changed(share_percent=share, promo_share_percent=promo_share)))
        self.wait(perform(payouts.save_rules, GUILD, PayoutRules(MINIMUM)))
        self.save_item()
        for member in MEMBERS:
            self.grant(member, 30)
            self.buy(member, 50)
        # Hypothesis leaves rules out of many runs, but every run has something to take back.
        self.give(ALICE, MIA, 5, anonymous=False, note="")
        self.give(BOB, NOAH, 8, anonymous=True, note="hi")
        # Mia was paid, and Noah waits to be, whose gift is taken back meanwhile: he owes what is reserved for him.
        for creator in (MIA, NOAH):
            self.ask(creator, self.wallets["earnings", creator])
        if self.payouts and self.payouts[0].creator == MIA:
            self.approve_payout(self.payouts[0], ROB)
            self.record_payout(self.payouts[0], CAROL)
        self.reverse_part(self.originals[-1], 4)

    @property
    def desk(self) -> Payouts:
        """The use-cases of payouts, which tell nobody."""
        return Payouts(self.books, self.clock, lambda _guild_id, _member_id: None)

    def save_item(self) -> None:
        item = GiftItem(GUILD, ITEM, "Thing", "🎈", self.price, stock=self.stock)
        self.wait(self.books.writer.perform(catalogue.save, item))

    def receive(self, kind: str, member: int, coins: int) -> None:
        """Let coins come in: they settle a debt first."""
        debt = "test_debt" if kind.startswith("test") else "debt"
        payoff = min(self.wallets[debt, member], coins)
        self.wallets[debt, member] -= payoff
        self.wallets[kind, member] += coins - payoff

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
        if is_allowed:
            self.receive("promo", member, amount)
            self.originals.append(Original(self.rows, "grant", member, amount))

    @rule(member=members, amount=st.integers(1, 300), is_test=st.booleans())
    def buy(self, member: int, amount: int, *, is_test: bool = False) -> None:
        self.orders += 1
        # The provider of an order matters in two ways. How its payments come and go is the bazaar's, which has all of
        # them; how long earnings from it are held has histories of its own in tests/domain/test_held_earnings.py and
        # tests/storage/test_held_earnings_in_books.py. Those of a manual payment never are, so this model needs none.
        purchase = order(order_id=self.orders, member_id=member, coins=amount, provider="manual", test=is_test)
        self.wait(self.books.writer.perform(orders.insert, purchase, PANEL))
        self.submit(CreditOrder(GUILD, purchase.key, purchase.order_id, member, f"paid {self.orders}"), True)
        self.receive(kind_of("paid", is_test=is_test), member, amount)
        self.originals.append(Original(self.rows, "order", member, amount, is_test=is_test))

    @rule(sender=senders, creator=creators, count=counts, anonymous=st.booleans(), note=st.text(max_size=5))
    def give(self, sender: int, creator: int, count: int, anonymous: bool, note: str) -> None:
        cost = self.price * count
        is_indebted = self.wallets["debt", sender] > 0
        from_promo = 0 if is_indebted else min(self.wallets["promo", sender], cost)
        paid = cost - from_promo
        is_test = 0 < paid <= self.wallets["test", sender]
        is_allowed = 1 <= count <= 99 and creator in {MIA, NOAH} and creator != sender
        is_allowed = is_allowed and (is_test or (self.wallets["paid", sender] >= paid and not is_indebted))
        is_allowed = is_allowed and (self.stock is None or self.stock >= count)
        gift = SendGift(GUILD, self.key(), sender, creator, ITEM, count, 0, note=note, anonymous=anonymous)

        self.submit(gift, is_allowed)

        if is_allowed:
            share = from_promo * self.promo_share // 100 + paid * self.share // 100
            original = Original(self.rows, "gift", sender, count, paid, share, self.price, creator, is_test)
            self.wallets["promo", sender] -= from_promo
            self.wallets[original.account("paid"), sender] -= paid
            self.wallets[original.account("house"), 0] += cost - share
            self.receive(original.account("earnings"), creator, share)
            self.stock = None if self.stock is None else self.stock - count
            self.originals.append(original)

    @precondition(lambda self: self.originals)
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        # Gifts are rarer than coins that come in, and there is more to get wrong.
        kind = data.draw(st.sampled_from(sorted({original.kind for original in self.originals})))
        original = data.draw(st.sampled_from([original for original in self.originals if original.kind == kind]))
        remaining = original.whole - original.reversed
        self.reverse_part(
            original, data.draw(st.none() | st.integers(1, max(1, remaining)) | st.sampled_from([-1, 0, remaining + 1]))
        )

    def reverse_part(self, original: Original, part: int | None) -> None:
        remaining = original.whole - original.reversed
        share = original.falls_to(original.share, part or remaining)
        coins = original.price * (part or remaining)
        is_allowed = remaining > 0 and (part is None or 1 <= part <= remaining)
        in_house = self.wallets[original.account("house"), 0]
        is_allowed = is_allowed and (original.kind != "gift" or in_house >= coins - share)
        people = [(GUILD, member) for member in (ROB, original.member, original.creator)]
        owners = self.wait(self.books.read(holders.holder_ids, people))

        self.submit(
            Reverse(GUILD, self.key(), ROB, original.member, original.seq, "oh", part, tuple(owners.values()), ITEM),
            is_allowed,
        )

        if is_allowed:
            if original.kind == "gift":
                self.give_back(original, part or remaining, coins, share)
            else:
                self.take_back(original, coins)
            original.reversed += part or remaining

    def give_back(self, original: Original, pieces: int, coins: int, share: int) -> None:
        """Return a gift to its sender. What the creator no longer has is owed."""
        account, creator = original.account, original.creator
        paid, earnings = original.falls_to(original.paid, pieces), self.wallets[account("earnings"), creator]
        self.wallets[account("house"), 0] -= coins - share
        self.wallets[account("earnings"), creator] -= min(share, earnings)
        self.wallets[account("debt"), creator] += share - min(share, earnings)
        self.receive(account("paid"), original.member, paid)
        if original.is_test:
            self.wallets["promo", original.member] += coins - paid
        else:
            self.receive("promo", original.member, coins - paid)
        self.stock = None if self.stock is None else self.stock + pieces

    def take_back(self, original: Original, coins: int) -> None:
        """Take coins like those that were granted or bought first, then others, then the house's, and owe the rest."""
        kinds = ("paid", "promo") if original.kind == "order" else ("promo", "paid")
        if original.is_test:
            kinds = ("test",)
        for place in (*((kind, original.member) for kind in kinds), (original.account("house"), 0)):
            portion = min(self.wallets[place], coins)
            self.wallets[place] -= portion
            coins -= portion
        self.wallets[original.account("debt"), original.member] += coins

    @rule(creator=creators, data=st.data())
    def ask_for_a_payout(self, creator: int, data: st.DataObject) -> None:
        earned = self.wallets["earnings", creator]
        self.ask(
            creator, data.draw(st.just(earned) | st.integers(1, max(earned, 1)) | st.sampled_from([0, earned + 1]))
        )

    def ask(self, creator: int, diamonds: int) -> None:
        # All that this model's earnings come from is never held, so all of them are available.
        is_allowed = not any(payout.is_open and payout.creator == creator for payout in self.payouts)
        is_allowed = is_allowed and not self.wallets["debt", creator]
        is_allowed = is_allowed and MINIMUM <= diamonds <= self.wallets["earnings", creator]
        self.submit(RequestPayout(GUILD, self.key(), creator, diamonds), is_allowed)
        if is_allowed:
            self.wallets["earnings", creator] -= diamonds
            self.wallets["reserved", creator] += diamonds
            self.payouts.append(Asked(self.rows, creator, diamonds))

    @precondition(lambda self: self.payouts)
    @rule(data=st.data(), by=deciders)
    def approve(self, data: st.DataObject, by: int) -> None:
        self.approve_payout(data.draw(st.sampled_from(self.payouts)), by)

    def approve_payout(self, payout: Asked, by: int) -> None:
        is_allowed = payout.is_open and not payout.approved_by and by != payout.creator
        is_allowed = is_allowed and not self.wallets["debt", payout.creator]
        try:
            self.wait(self.desk.approve(GUILD, payout.seq, by))
        except Refusal:
            assert not is_allowed
            return
        assert is_allowed
        payout.approved_by = by

    @precondition(lambda self: self.payouts)
    @rule(data=st.data(), by=deciders)
    def record(self, data: st.DataObject, by: int) -> None:
        self.record_payout(data.draw(st.sampled_from(self.payouts)), by)

    def record_payout(self, payout: Asked, by: int) -> None:
        is_allowed = payout.is_open and bool(payout.approved_by) and by not in {payout.creator, payout.approved_by}
        is_allowed = is_allowed and not self.wallets["debt", payout.creator]
        member, holder = payout.creator, self.holder(payout.creator)
        self.submit(RecordPayout(GUILD, self.key(), by, member, payout.seq, "bank 7", (holder,)), is_allowed)
        if is_allowed:
            self.close(payout)
            self.paid_out += payout.diamonds

    @precondition(lambda self: self.payouts)
    @rule(data=st.data(), by=deciders)
    def reject(self, data: st.DataObject, by: int) -> None:
        payout = data.draw(st.sampled_from(self.payouts))
        is_allowed, member, holder = payout.is_open, payout.creator, self.holder(payout.creator)
        self.submit(RejectPayout(GUILD, self.key(), by, member, payout.seq, "no", (holder,)), is_allowed)
        if is_allowed:
            self.close(payout)
            self.receive("earnings", payout.creator, payout.diamonds)

    def close(self, payout: Asked) -> None:
        payout.is_open = False
        self.wallets["reserved", payout.creator] -= payout.diamonds

    def holder(self, member: int) -> int:
        """Return the holder id of a member."""
        holder = self.wait(self.books.read(holders.holder_id, GUILD, member))
        assert holder is not None
        return holder

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
            coins = (self.wallets[kind, member] for kind in KINDS)
            assert self.wait(self.books.read(wallets.wallet, GUILD, member)) == Wallet(*coins)

    @invariant()
    def nothing_is_made_or_lost(self) -> None:
        total = select(func.sum(balances.c.amount))
        assert self.wait(self.books.read(lambda c: c.execute(total).scalar_one())) in {0, None}
        payments = select(func.sum(balances.c.amount)).where(balances.c.kind == AccountKind.PAID_OUT.value)
        assert (self.wait(self.books.read(lambda c: c.execute(payments).scalar_one())) or 0) == self.paid_out

    @invariant()
    def the_audit_finds_nothing(self) -> None:
        assert list(audit_database(self.address)) == []

    def teardown(self) -> None:
        self.wait(self.books.close())
        self.runner.close()
        findings = list(audit_database(self.address))
        shutil.rmtree(self.folder)
        assert findings == []
