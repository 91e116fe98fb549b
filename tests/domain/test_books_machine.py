"""Any sequence of money commands against a model that is too simple to be wrong."""

from collections import Counter
from dataclasses import replace
from itertools import permutations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.accounts import GRANTED, HOUSE, PAID_OUT, SOLD, SOURCES, TEST_HOUSE, Account, AccountKind, promo_of
from bot.domain.errors import Refusal
from bot.domain.grant_limits import GrantLimits
from bot.domain.guilds import GuildRules
from bot.domain.holds import Hold, day_of
from bot.domain.ledger.journal import GENESIS, JournalRow, row_hash
from bot.domain.ledger.kinds import Command
from bot.domain.ledger.payout import RecordPayout, RejectPayout, RequestPayout
from bot.domain.money import MAX_BALANCE
from bot.domain.payouts import Payable, Payout, PayoutRules, PayoutState
from tests.domain.builders import (
    ALICE,
    GUILD,
    HOLDERS,
    MIA,
    NOON,
    ROB,
    credit,
    gift,
    grant,
    item,
    live_event,
    open_books,
    order,
    submit,
)
from tests.thoroughness import by_thoroughness

members = st.sampled_from([ALICE, MIA, ROB])
coins = st.integers(1, 300) | st.sampled_from([0, -1, 10**9, 10**9 + 1])


SPENDABLE = {AccountKind.PAID, AccountKind.PROMO, AccountKind.TEST}


def _hands_coins_on(row: JournalRow) -> bool:
    """Whether coins leave the wallet of one member and come into that of another."""
    moves = [(account.owner, amount) for account, amount in row.entries if account.kind in SPENDABLE]
    return any(loss < 0 < gain and giver != taker for giver, loss in moves for taker, gain in moves)


class Economy(RuleBasedStateMachine):
    """Books beside a few counters that say what they have to hold."""

    @initialize(
        share=st.integers(0, 100),
        promo_share=st.integers(0, 100),
        stock=st.none() | st.integers(0, 60),
        nearly_full=st.booleans(),
        limits=st.builds(GrantLimits, st.none() | st.integers(1, 300), st.none() | st.integers(1, 900)),
    )
    def open(self, share: int, promo_share: int, stock: int | None, nearly_full: bool, limits: GrantLimits) -> None:
        rules = GuildRules(GUILD, share_percent=share, promo_share_percent=promo_share)
        self.books = open_books(
            rules=rules, items=(item(stock=stock, joins_club=True), item(item_id=2, price=7, fans_only=True))
        )
        # Loaded for every pair, as if each command of one long batch were about fans.
        self.books.hearts = dict.fromkeys(((GUILD, *pair) for pair in permutations(HOLDERS.values(), 2)), 0)
        self.fans: set[tuple[int, int]] = set()
        self.books.creators.add((GUILD, ROB))
        self.limits = self.books.grant_limits[GUILD] = limits
        self.granted_today = 0
        self.books.payout_rules[GUILD] = PayoutRules(minimum=5)
        self.wallets: Counter[tuple[str, int]] = Counter()
        self.opening: Counter[Account] = Counter()
        self.granted = 0
        if nearly_full:
            full = MAX_BALANCE - 200
            self.opening.update({promo_of(HOLDERS[MIA]): full, GRANTED: -full})
            self.granted = full
            self.wallets["promo", MIA] = full
            self.books.balances.update({(GUILD, book_account): amount for book_account, amount in self.opening.items()})
        self.price = 10
        self.stock = stock
        self.rows: list[JournalRow] = []
        self.commands: dict[str, Command] = {}
        self.now_ms = NOON

    def ask(self, command: Command) -> bool:
        """Submit, and return whether it was recorded."""
        before = (
            *(dict(self.books.balances), self.books.heads.get(GUILD)),
            *(dict(self.books.items), dict(self.books.payouts)),
        )
        self.now_ms += 1
        try:
            row = submit(self.books, command, self.now_ms)
        except Refusal:
            assert before == (self.books.balances, self.books.heads.get(GUILD), self.books.items, self.books.payouts)
            return False
        assert not _hands_coins_on(row)
        self.rows.append(row)
        self.commands[command.key] = command
        return True

    def next_key(self) -> str:
        return f"key:{self.now_ms}"

    @rule(member=members, amount=coins, approver=st.sampled_from([0, MIA, ROB]))
    def grant(self, member: int, amount: int, approver: int) -> None:
        total = self.granted + amount
        is_allowed = (
            1 <= amount <= 10**9 and total <= MAX_BALANCE and self.wallets["promo", member] + amount <= MAX_BALANCE
        )
        is_allowed = is_allowed and (member != ROB or approver == MIA)
        is_allowed = is_allowed and amount <= (self.limits.per_grant or amount)
        is_allowed = is_allowed and self.granted_today + amount <= (self.limits.per_day or MAX_BALANCE)

        command = grant(key=self.next_key(), member_id=member, amount=amount, approver_id=approver)
        assert self.ask(command) == is_allowed
        if is_allowed:
            self.granted = total
            self.granted_today += amount
            self.wallets["promo", member] += amount

    @rule(member=members, amount=coins, is_test=st.booleans())
    def buy(self, member: int, amount: int, is_test: bool) -> None:
        purchase = order(order_id=self.now_ms, member_id=member, coins=amount, test=is_test)
        self.books.orders[GUILD, purchase.order_id] = purchase

        assert self.ask(credit(purchase)) == (1 <= amount <= 10**9)
        if 1 <= amount <= 10**9:
            self.wallets["test" if is_test else "paid", member] += amount

    @rule(sender=members, creator=members, count=st.integers(-1, 101), anonymous=st.booleans(), fans_only=st.booleans())
    def give(self, sender: int, creator: int, count: int, anonymous: bool, fans_only: bool) -> None:
        cost = (7 if fans_only else self.price) * count
        from_promo = min(self.wallets["promo", sender], cost)
        paid = cost - from_promo
        is_test = 0 < paid <= self.wallets["test", sender]
        is_allowed = 1 <= count <= 99 and creator in {MIA, ROB} and creator != sender
        is_allowed = is_allowed and (is_test or self.wallets["paid", sender] >= paid)
        is_allowed = is_allowed and (fans_only or self.stock is None or self.stock >= count)
        is_allowed = is_allowed and (not fans_only or (sender, creator) in self.fans)
        command = gift(key=self.next_key(), sender_id=sender, creator_id=creator, quantity=count, anonymous=anonymous)
        command = command._replace(item_id=2 if fans_only else 1)

        assert self.ask(command) == is_allowed
        if is_allowed:
            rules = self.books.rules[GUILD]
            earnings = from_promo * rules.promo_share_percent // 100 + paid * rules.share_percent // 100
            prefix = "test_" if is_test else ""
            self.wallets["promo", sender] -= from_promo
            self.wallets["test" if is_test else "paid", sender] -= paid
            self.wallets[f"{prefix}earnings", creator] += earnings
            self.wallets[f"{prefix}house", 0] += cost - earnings
            self.stock = self.stock if fans_only or self.stock is None else self.stock - count
            self.fans |= set() if anonymous else {(sender, creator)}

    @rule(creator=st.sampled_from([MIA, ROB]), diamonds=st.integers(-1, 400), waiting=st.integers(0, 200))
    def ask_to_be_paid(self, creator: int, diamonds: int, waiting: int) -> None:
        holder, open_payout = HOLDERS[creator], self.open_payout(creator)
        holds = (Hold("stripe", day_of(self.now_ms) + 1, waiting), Hold("kofi", day_of(self.now_ms), 999))
        seq = self.books.next_seq(GUILD) - 1
        self.books.payables[GUILD, holder] = Payable(seq, holds, open_payout.payout_id if open_payout else 0)
        is_allowed = open_payout is None and 5 <= diamonds <= self.wallets["earnings", creator] - waiting

        assert self.ask(RequestPayout(GUILD, self.next_key(), creator, diamonds)) == is_allowed
        if is_allowed:
            self.wallets["earnings", creator] -= diamonds
            self.wallets["reserved", creator] += diamonds

    @precondition(lambda self: self.books.payouts)
    @rule(data=st.data(), by=members, deed=st.sampled_from(["approve", "pay", "reject"]))
    def decide_about_a_payout(self, data: st.DataObject, by: int, deed: str) -> None:
        payout = data.draw(st.sampled_from([*self.books.payouts.values()]))
        creator = next(member for member, holder in HOLDERS.items() if holder == payout.creator)
        fields = (GUILD, self.next_key(), by, creator, payout.payout_id, "x", (payout.creator,))
        if deed == "approve":
            if by != creator and payout.state is PayoutState.REQUESTED:
                approved = replace(payout, state=PayoutState.APPROVED, approved_by=HOLDERS[by])
                self.books.payouts[GUILD, payout.payout_id] = approved
        elif deed == "pay":
            is_allowed = payout.state is PayoutState.APPROVED
            is_allowed = is_allowed and HOLDERS[by] not in {payout.creator, payout.approved_by}
            assert self.ask(RecordPayout(*fields)) == is_allowed
            self.wallets["reserved", creator] -= payout.diamonds * is_allowed
            self.wallets["paid_out", 0] += payout.diamonds * is_allowed
        else:
            assert self.ask(RejectPayout(*fields)) == payout.is_open
            self.wallets["reserved", creator] -= payout.diamonds * payout.is_open
            self.wallets["earnings", creator] += payout.diamonds * payout.is_open

    def open_payout(self, creator: int) -> Payout | None:
        payouts = (payout for payout in self.books.payouts.values() if payout.creator == HOLDERS[creator])
        return next((payout for payout in payouts if payout.is_open), None)

    @precondition(lambda self: self.rows)
    @rule(data=st.data())
    def send_again(self, data: st.DataObject) -> None:
        row = data.draw(st.sampled_from(self.rows))
        head = self.books.heads[GUILD]

        assert submit(self.books, self.commands[row.key], self.now_ms) is row
        assert self.books.heads[GUILD] == head

    @rule(price=st.integers(1, 40))
    def change_the_price(self, price: int) -> None:
        stock = self.books.items[GUILD, 1].stock
        self.books.items[GUILD, 1] = item(price=price, stock=stock, joins_club=True)
        self.price = price

    @rule(is_live=st.booleans())
    def go_live_or_not(self, is_live: bool) -> None:
        self.books.live = {(GUILD, MIA): live_event()} if is_live else {}

    @invariant()
    def balances_are_what_the_model_says(self) -> None:
        kinds = ("paid", "promo", "earnings", "reserved", "test", "test_earnings")
        balances = {
            (kind, member): self.books.balance(GUILD, Account(AccountKind(kind), HOLDERS[member]))
            for kind in kinds
            for member in (ALICE, MIA, ROB)
        }
        assert balances == {key: self.wallets[key] for key in balances}
        assert self.books.balance(GUILD, HOUSE) == self.wallets["house", 0]
        assert self.books.balance(GUILD, PAID_OUT) == self.wallets["paid_out", 0]
        assert self.books.balance(GUILD, TEST_HOUSE) == self.wallets["test_house", 0]
        assert self.books.items[GUILD, 1].stock == self.stock

    @invariant()
    def nothing_is_made_or_lost_and_only_sources_go_below_zero(self) -> None:
        balances = {book_account: amount for (_, book_account), amount in self.books.balances.items()}
        assert sum(balances.values()) == 0
        assert all(amount >= 0 or book_account.kind in SOURCES for book_account, amount in balances.items())
        assert all(abs(amount) <= MAX_BALANCE for amount in balances.values())
        assert balances.get(SOLD, 0) <= 0

    @invariant()
    def the_journal_alone_tells_every_balance(self) -> None:
        sums = Counter(self.opening)
        previous = GENESIS
        for seq, row in enumerate(self.rows, start=1):
            assert (row.seq, row.previous) == (seq, previous)
            fields = (row.guild_id, row.seq, row.kind, row.key, row.actor, row.at_ms, row.body, row.entries)
            previous = row_hash(previous, *fields)
            assert row.hash == previous
            for entry in row.entries:
                sums[entry.account] += entry.amount
        balances = {book_account: amount for (_, book_account), amount in self.books.balances.items() if amount}
        assert balances == {book_account: amount for book_account, amount in sums.items() if amount}


TestEconomy = Economy.TestCase
TestEconomy.settings = settings(
    max_examples=by_thoroughness(quick=20, full=60, long=60), stateful_step_count=30, deadline=None
)
