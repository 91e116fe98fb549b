"""Monthly proof: what a community can check of its own books, as sums that must agree.

All that was ever bought or granted, without what went back, is in wallets or was given. The creators' share of what was
given is paid out, about to be, or on their accounts. Test coins are worth nothing and do not appear. No sum is about
one person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.accounts import TEST_KINDS, AccountKind
from bot.domain.ledger.journal import Head
from bot.domain.periods import PastPeriod


class Movements(NamedTuple):
    """What went out of all accounts of a kind, and what came into them, in coins."""

    went_out: int
    came_in: int

    @property
    def balance(self) -> int:
        """What the accounts hold."""
        return self.came_in - self.went_out


class Takings(NamedTuple):
    """What was credited of one provider's payments in one currency in the month: `amount_minor` in `payments`.

    Of those, `refunded_minor` had gone back when the month ended. Payments that had come and were not credited then
    waited for staff as cases: `waiting_minor`. `reported_minor` is what the provider, or staff, told of in the month,
    None if that is kept nowhere but with the provider.
    """

    provider: str
    currency: str
    payments: int
    amount_minor: int
    refunded_minor: int = 0
    waiting_minor: int = 0
    reported_minor: int | None = None

    @property
    def unexplained_minor(self) -> int:
        """What was reported, but was neither credited nor waits for staff; negative if too much was credited."""
        return 0 if self.reported_minor is None else self.reported_minor - self.amount_minor - self.waiting_minor


@dataclass(frozen=True, slots=True)
class MonthlyProof:
    """The sums of one guild at the end of a month, in coins, and the hash of the last row of its journal then.

    `bought` and `granted` are all coins that ever came in, `returned` those that went back. `in_wallets` can be spent,
    `owed` is what members owe, and `in_tests` are granted coins that went into gifts of test coins. `earned` is the
    creators' share of all gifts: `paid_out`, `requested` and about to be, or still `on_account`. `house` is the guild's
    share. `takings` are those of the month, and `open_cases` counts the payments that waited for staff
    when it ended.
    """

    guild_id: int
    month: PastPeriod
    seq: int
    hash: bytes
    bought: int
    granted: int
    returned: int
    in_wallets: int
    owed: int
    paid_out: int
    requested: int
    on_account: int
    house: int
    in_tests: int = 0
    takings: Sequence[Takings] = ()
    open_cases: int = 0

    @property
    def came_in(self) -> int:
        """Coins that came in and did not go back."""
        return self.bought + self.granted - self.returned

    @property
    def earned(self) -> int:
        """The creators' share of everything that was given."""
        return self.paid_out + self.requested + self.on_account

    @property
    def given(self) -> int:
        """Coins that were given and not taken back."""
        return self.earned + self.house

    @property
    def agrees(self) -> bool:
        """Whether what came in is exactly what is there: in wallets, or given, without what is owed."""
        return self.came_in == self.in_wallets + self.given + self.in_tests - self.owed


_MEMBERS_OWN = (
    *(AccountKind.PAID, AccountKind.PROMO, AccountKind.CHEST),
    *(AccountKind.CHIPS, AccountKind.PROMO_CHIPS),
)
"""Kinds of account with what members can spend, share out, or have chipped in and may get back."""


def proof_of(
    guild_id: int,
    month: PastPeriod,
    head: Head,
    movements: Mapping[str, Movements],
    takings: Sequence[Takings] = (),
    open_cases: int = 0,
) -> MonthlyProof:
    """Return the proof from all that the entries up to `head` have moved, by kinds of account."""
    none = Movements(0, 0)
    sold, granted = movements.get(AccountKind.SOLD, none), movements.get(AccountKind.GRANTED, none)
    balances = {kind: movements.get(kind, none).balance for kind in AccountKind}
    return MonthlyProof(
        guild_id=guild_id,
        month=month,
        seq=head.seq,
        hash=head.hash,
        # Coins come out of these accounts, and go back into them.
        bought=sold.went_out,
        granted=granted.went_out,
        returned=sold.came_in + granted.came_in,
        in_wallets=sum(balances[kind] for kind in _MEMBERS_OWN),
        owed=-balances[AccountKind.DEBT],
        paid_out=balances[AccountKind.PAID_OUT],
        requested=balances[AccountKind.RESERVED],
        on_account=balances[AccountKind.EARNINGS],
        house=balances[AccountKind.HOUSE],
        in_tests=sum(balances[kind] for kind in TEST_KINDS),
        takings=takings,
        open_cases=open_cases,
    )


def month_before(at_ms: int, zone: ZoneInfo) -> PastPeriod:
    """Return the month that was over when `at_ms` came in `zone`."""
    local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone)
    year, month = (local.year, local.month - 1) if local.month > 1 else (local.year - 1, 12)
    period = PastPeriod.numbered(year * 100 + month)
    assert period is not None
    return period


def span_of(month: PastPeriod, zone: ZoneInfo) -> tuple[int, int]:
    """Return when a month begins and ends in `zone`, in milliseconds UTC."""
    first = month.first_day
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return _midnight_ms(first, zone), _midnight_ms(following, zone)


def next_month_ms(at_ms: int, zone: ZoneInfo) -> int:
    """Return when the month that `at_ms` is in ends in `zone`, in milliseconds UTC."""
    local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone)
    month = PastPeriod.numbered(local.year * 100 + local.month)
    assert month is not None
    return span_of(month, zone)[1]


def _midnight_ms(day: date, zone: ZoneInfo) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() * 1000)
