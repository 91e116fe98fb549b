"""The rules that flag what looks like fraud. Each is a function of what happened in the last thirty days.

Only bought coins count, except in rules about granted ones. No rule flags small sums: they are not worth a person's
time. The patterns were described by platforms that lost money to them.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final, NamedTuple, TypeVar

from bot.domain.buying_limits import DAY_MS
from bot.domain.flags import Entries, Finding, FlagKind

_Key = TypeVar("_Key")

LEAST_COINS: Final = 2_000
"""The fewest coins that anything is flagged for."""
LEAST_ON_EACH_SIDE: Final = 500
"""The fewest coins that each member of a ring must have passed on."""
MOST_IN_RING: Final = 4
NEW_FOR_MS: Final = 30 * DAY_MS
"""How long a Discord account counts as new."""
CROWD: Final = 5
"""The fewest members who make a funnel or a burst, and the fewest others with whom a pair is compared."""
FEW: Final = 3
"""The fewest new accounts that are flagged together."""
PAIR_PERCENT: Final = 80
FUNNEL_PERCENT: Final = 90
HALF: Final = 50


class Flow(NamedTuple):
    """What one member has given one creator: bought `coins` and `promo` coins in `gifts`, between two times."""

    sender: int
    creator: int
    coins: int
    promo: int
    gifts: int
    first_ms: int
    last_ms: int


class Purchases(NamedTuple):
    """What one member has bought: `coins`, the first of them at `first_ms`. `is_new` says that they had never bought
    before."""

    coins: int
    first_ms: int
    is_new: bool


class Burst(NamedTuple):
    """Who sent one creator the same item within an hour. `coins` are bought ones, by sender."""

    creator: int
    item: int
    coins: Mapping[int, int]


class GrantedCoins(NamedTuple):
    """Coins that somebody on staff has granted a member."""

    giver: int
    member: int
    coins: int


class LatePayback(NamedTuple):
    """A payment that went back after a creator had been paid for gifts that it bought: the `coins` in rows `seqs`."""

    sender: int
    creator: int
    coins: int
    seqs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Activity:
    """What happened in a guild in the last thirty days, by holder ids.

    `account_ms` is when Discord created each sender's account. Those who were erased are missing.
    """

    now_ms: int
    flows: Sequence[Flow] = ()
    purchases: Mapping[int, Purchases] = field(default_factory=dict[int, Purchases])
    bursts: Sequence[Burst] = ()
    grants: Sequence[GrantedCoins] = ()
    paybacks: Sequence[LatePayback] = ()
    creators: frozenset[int] = frozenset()
    account_ms: Mapping[int, int] = field(default_factory=dict[int, int])

    def is_new(self, holder: int) -> bool:
        """Whether a member's Discord account is new."""
        created_ms = self.account_ms.get(holder)
        return created_ms is not None and self.now_ms - created_ms < NEW_FOR_MS

    def by_sender(self) -> Counter[int]:
        """Return the bought coins that each member has given."""
        return _sums((flow.sender, flow.coins) for flow in self.flows)

    def by_creator(self) -> Counter[int]:
        """Return the bought coins that each creator was given."""
        return _sums((flow.creator, flow.coins) for flow in self.flows)


def rings(activity: Activity) -> Iterator[Finding]:
    """Yield circles of creators who each give to the next about as much as they get."""
    steps: dict[int, dict[int, int]] = defaultdict(dict)
    for flow in activity.flows:
        is_between = {flow.sender, flow.creator} <= activity.creators and flow.sender != flow.creator
        if is_between and flow.coins >= LEAST_ON_EACH_SIDE:
            steps[flow.sender][flow.creator] = flow.coins
    for ring in _circles(steps):
        coins = [steps[giver][getter] for giver, getter in zip(ring, (*ring[1:], ring[0]), strict=True)]
        if sum(coins) >= LEAST_COINS and min(coins) * 100 >= max(coins) * HALF:
            members = frozenset(ring)
            yield Finding(FlagKind.RING, ring, sum(coins), len(ring), Entries(members, members))


def _circles(steps: Mapping[int, Mapping[int, int]]) -> Iterator[tuple[int, ...]]:
    """Yield each circle of at most MOST_IN_RING members once, beginning with the member of the lowest id."""

    def walk(start: int, path: tuple[int, ...], last: int) -> Iterator[tuple[int, ...]]:
        for following in steps.get(last, ()):
            if following == start:
                yield path
            elif following > start and following not in path and len(path) < MOST_IN_RING:
                yield from walk(start, (*path, following), following)

    for start in sorted(steps):
        yield from walk(start, (start,), start)


def pairs(activity: Activity) -> Iterator[Finding]:
    """Yield pairs that have almost nothing to do with anybody else, in guilds with enough other members."""
    by_sender, by_creator = activity.by_sender(), activity.by_creator()
    for flow in activity.flows:
        most_of_both = min(_percent(flow.coins, by_sender[flow.sender]), _percent(flow.coins, by_creator[flow.creator]))
        if flow.coins >= LEAST_COINS and most_of_both > PAIR_PERCENT and len(by_sender) > CROWD:
            entries = Entries(frozenset({flow.sender}), frozenset({flow.creator}))
            yield Finding(FlagKind.ONE_PAIR, (flow.sender, flow.creator), flow.coins, most_of_both, entries)


def funnels(activity: Activity) -> Iterator[Finding]:
    """Yield creators to whom many took the first coins that they ever bought, within a day and nearly all of them."""
    income = activity.by_creator()
    targets = Counter(flow.sender for flow in activity.flows if flow.coins)
    by_creator: dict[int, list[Flow]] = defaultdict(list)
    for flow in activity.flows:
        purchases = activity.purchases.get(flow.sender)
        if (
            purchases is not None
            and purchases.is_new
            and targets[flow.sender] == 1
            and _percent(flow.coins, purchases.coins) >= FUNNEL_PERCENT
            and flow.last_ms - purchases.first_ms <= DAY_MS
        ):
            by_creator[flow.creator].append(flow)
    for creator, flows in by_creator.items():
        yield from _crowd(FlagKind.FUNNEL, creator, flows, income[creator], fewest=CROWD)


def new_accounts(activity: Activity) -> Iterator[Finding]:
    """Yield creators who got most of their coins from new accounts."""
    income = activity.by_creator()
    by_creator: dict[int, list[Flow]] = defaultdict(list)
    for flow in activity.flows:
        if flow.coins and activity.is_new(flow.sender):
            by_creator[flow.creator].append(flow)
    for creator, flows in by_creator.items():
        yield from _crowd(FlagKind.NEW_ACCOUNTS, creator, flows, income[creator], fewest=FEW)


def _crowd(kind: FlagKind, creator: int, flows: Sequence[Flow], income: int, *, fewest: int) -> Iterator[Finding]:
    """Yield what members together gave a creator, if they are numerous enough, and it is more than half of
    everything."""
    coins = sum(flow.coins for flow in flows)
    if len(flows) >= fewest and coins >= LEAST_COINS and _percent(coins, income) > HALF:
        entries = Entries(frozenset(flow.sender for flow in flows), frozenset({creator}))
        yield Finding(kind, (creator,), coins, len(flows), entries)


def bursts(activity: Activity) -> Iterator[Finding]:
    """Yield gifts that several new accounts sent within an hour."""
    for burst in activity.bursts:
        coins = {
            sender: sent_coins for sender, sent_coins in burst.coins.items() if sent_coins and activity.is_new(sender)
        }
        if len(coins) >= CROWD and sum(coins.values()) >= LEAST_COINS:
            entries = Entries(frozenset(coins), frozenset({burst.creator}), burst.item)
            yield Finding(FlagKind.BURST, (burst.creator,), sum(coins.values()), len(coins), entries)


def self_funding(activity: Activity) -> Iterator[Finding]:
    """Yield members of staff whose own grants came back to them as gifts."""
    grants = _sums(((grant.giver, grant.member), grant.coins) for grant in activity.grants)
    returns: dict[int, Counter[int]] = defaultdict(Counter)
    for flow in activity.flows:
        coins = min(grants[flow.creator, flow.sender], flow.promo)
        if coins:
            returns[flow.creator][flow.sender] = coins
    for creator, senders in returns.items():
        if senders.total() >= LEAST_COINS:
            entries = Entries(frozenset(senders), frozenset({creator}))
            yield Finding(FlagKind.SELF_FUNDING, (creator,), senders.total(), len(senders), entries)


def refunds_after_payouts(activity: Activity) -> Iterator[Finding]:
    """Yield creators who had been paid for gifts before their payments went back: that money is gone."""
    by_creator: dict[int, list[LatePayback]] = defaultdict(list)
    for payback in activity.paybacks:
        by_creator[payback.creator].append(payback)
    for creator, paybacks in by_creator.items():
        coins = sum(payback.coins for payback in paybacks)
        if coins >= LEAST_ON_EACH_SIDE:
            seqs = tuple(sorted(seq for payback in paybacks for seq in payback.seqs))
            senders = frozenset(payback.sender for payback in paybacks)
            entries = Entries(senders, frozenset({creator}), seqs=seqs)
            yield Finding(FlagKind.REFUND_AFTER_PAYOUT, (creator,), coins, len(paybacks), entries)


RULES: Final[Sequence[Callable[[Activity], Iterator[Finding]]]] = (
    refunds_after_payouts,
    rings,
    funnels,
    self_funding,
    new_accounts,
    bursts,
    pairs,
)
"""Every rule, the most telling first."""


def findings(activity: Activity) -> list[Finding]:
    """Return all findings of the rules, each subject of a kind once."""
    by_subject: dict[tuple[FlagKind, str], Finding] = {}
    for finding in chain.from_iterable(rule(activity) for rule in RULES):
        by_subject.setdefault((finding.kind, finding.subject), finding)
    return [*by_subject.values()]


def _percent(part: int, whole: int) -> int:
    return part * 100 // whole if whole else 0


def _sums(pairs: Iterator[tuple[_Key, int]]) -> Counter[_Key]:
    sums: Counter[_Key] = Counter()
    for key, amount in pairs:
        sums[key] += amount
    return sums
