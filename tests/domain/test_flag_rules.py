"""The rules of flags from both sides: what they catch, and what ordinary giving looks like to them."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.buying_limits import DAY_MS
from bot.domain.flag_rules import (
    CROWD,
    LEAST_COINS,
    Activity,
    Burst,
    Flow,
    GrantedCoins,
    LatePayback,
    Purchases,
    findings,
)
from bot.domain.flags import WINDOW_MS, Finding, FlagKind, fresh

NOW_MS = 1_000 * DAY_MS
NOOR, KAI, ROBIN, LIN = 1, 2, 3, 4
CREATORS = frozenset({NOOR, KAI, ROBIN, LIN})
FANS = tuple(range(11, 31))
HOUR_MS = DAY_MS // 24


def gave(sender: int, creator: int, coins: int, promo: int = 0, *, at_ms: int = NOW_MS - DAY_MS) -> Flow:
    return Flow(sender, creator, coins, promo, 1, at_ms, at_ms)


def activity(*flows: Flow, fresh_accounts: Iterable[int] = ()) -> Activity:
    """Return what happened: accounts are old, except `fresh_accounts`."""
    old = dict.fromkeys({flow.sender for flow in flows}, 0)
    return Activity(NOW_MS, flows, creators=CREATORS, account_ms=old | dict.fromkeys(fresh_accounts, NOW_MS - DAY_MS))


def kinds(all_findings: Iterable[Finding]) -> set[FlagKind]:
    return {finding.kind for finding in all_findings}


def crowd(coins: int = 300, *, senders: Iterable[int] = FANS, creator: int = NOOR) -> tuple[Flow, ...]:
    return tuple(gave(sender, creator, coins) for sender in senders)


def test_a_crowd_of_fans_with_old_accounts_is_nothing_odd():
    assert findings(activity(*crowd(), *crowd(creator=KAI))) == []


def test_creators_who_give_one_another_the_same_are_a_ring():
    (ring,) = findings(activity(gave(NOOR, KAI, 900), gave(KAI, ROBIN, 800), gave(ROBIN, NOOR, 700)))
    assert (ring.kind, ring.members, ring.coins) == (FlagKind.RING, (NOOR, KAI, ROBIN), 2_400)
    assert ring.entries.senders == ring.entries.creators == {NOOR, KAI, ROBIN}


def test_a_circle_of_small_or_uneven_gifts_is_no_ring():
    small = activity(gave(NOOR, KAI, 499), gave(KAI, NOOR, 5_000))
    uneven = activity(gave(NOOR, KAI, 600), gave(KAI, NOOR, 5_000))
    one_way = activity(gave(NOOR, KAI, 5_000), gave(KAI, ROBIN, 5_000))
    with_a_member = activity(gave(NOOR, 11, 5_000), gave(11, NOOR, 5_000))
    assert all(FlagKind.RING not in kinds(findings(each)) for each in (small, uneven, one_way, with_a_member))


@pytest.mark.parametrize(("size", "rings"), [(2, 1), (3, 1), (4, 1), (5, 0), (6, 0)])
def test_a_ring_has_at_most_four_members(size: int, rings: int):
    # Longer circles form on their own if many creators give to one another.
    members = range(1, size + 1)
    steps = [gave(giver, giver % size + 1, 5_000) for giver in members]
    happened = replace(activity(*steps), creators=frozenset(members))

    assert [finding.kind for finding in findings(happened)].count(FlagKind.RING) == rings


@given(st.permutations([NOOR, KAI, ROBIN, LIN]))
def test_a_ring_is_found_once_whoever_begins(ring: list[int]):
    steps = [gave(giver, getter, 1_000) for giver, getter in zip(ring, [*ring[1:], ring[0]], strict=True)]
    (finding,) = findings(activity(*steps))
    assert finding.members[0] == NOOR
    assert finding.subject == "1,2,3,4"


def test_a_pair_without_anybody_else_is_flagged_only_where_there_is_anybody_else():
    pair, crowd_of_kai = gave(11, NOOR, LEAST_COINS), crowd(100, senders=FANS[1 : CROWD + 1], creator=KAI)
    (finding,) = findings(activity(pair, *crowd_of_kai))
    assert (finding.kind, finding.members, finding.times) == (FlagKind.ONE_PAIR, (11, NOOR), 100)
    assert findings(activity(pair)) == []
    assert findings(activity(pair._replace(coins=LEAST_COINS - 1), *crowd_of_kai)) == []
    assert findings(activity(pair, *crowd_of_kai, gave(11, KAI, LEAST_COINS))) == []
    assert findings(activity(pair, *crowd_of_kai, gave(30, NOOR, LEAST_COINS // 2))) == []


def bought(flows: Iterable[Flow], *, coins: int = 310, is_new: bool = True) -> dict[int, Purchases]:
    return {flow.sender: Purchases(coins, flow.first_ms - HOUR_MS, is_new) for flow in flows}


def test_first_purchases_that_go_to_one_creator_within_a_day_are_a_funnel():
    flows = crowd(500, senders=FANS[:CROWD])
    happened = replace(activity(*flows), purchases=bought(flows, coins=500))
    (finding,) = findings(happened)
    assert (finding.kind, finding.members, finding.times, finding.coins) == (FlagKind.FUNNEL, (NOOR,), CROWD, 2_500)
    assert finding.entries.senders == set(FANS[:CROWD])

    for changes in (
        bought(flows, coins=500, is_new=False),
        bought(flows, coins=1_000),
        {sender: each._replace(first_ms=0) for sender, each in bought(flows, coins=500).items()},
        bought(flows[1:], coins=500),
    ):
        assert findings(replace(happened, purchases=changes)) == []
    assert findings(replace(happened, flows=(*flows, gave(FANS[0], KAI, 1)))) == []
    assert findings(replace(happened, flows=(*flows, *crowd(500, senders=FANS[CROWD : 2 * CROWD])))) == []


def test_income_that_is_mostly_of_new_accounts_is_flagged():
    flows, old_fans = crowd(1_000, senders=FANS[:3]), crowd(1_000, senders=FANS[3:6])
    (finding,) = findings(activity(*flows, fresh_accounts=FANS[:3]))
    assert (finding.kind, finding.members, finding.times) == (FlagKind.NEW_ACCOUNTS, (NOOR,), 3)
    assert findings(activity(*flows, *old_fans, fresh_accounts=FANS[:3])) == []
    assert findings(activity(*flows[:2], fresh_accounts=FANS[:2])) == []


def test_the_same_gift_from_new_accounts_within_an_hour_is_a_burst():
    burst = Burst(NOOR, 7, dict.fromkeys(FANS[:CROWD], 500))
    many = crowd(5_000, senders=FANS[CROWD:])
    happened = replace(activity(*many, fresh_accounts=FANS[:CROWD]), bursts=(burst,))
    (finding,) = findings(happened)
    assert (finding.kind, finding.times, finding.coins) == (FlagKind.BURST, CROWD, 2_500)
    assert (finding.entries.item, finding.subject) == (7, "1/7")
    assert findings(replace(happened, account_ms=dict.fromkeys(FANS, 0))) == []
    assert findings(replace(happened, bursts=(Burst(NOOR, 7, dict.fromkeys(FANS[:CROWD], 100)),))) == []


def test_grants_that_come_back_to_the_one_who_made_them_are_self_funding():
    happened = activity(gave(11, NOOR, 0, 1_500), gave(12, NOOR, 0, 900))
    granted = (GrantedCoins(NOOR, 11, 1_500), GrantedCoins(NOOR, 12, 5_000))
    (finding,) = findings(replace(happened, grants=granted))
    assert (finding.kind, finding.members, finding.coins, finding.times) == (FlagKind.SELF_FUNDING, (NOOR,), 2_400, 2)
    assert findings(replace(happened, grants=(GrantedCoins(KAI, 11, 1_500), GrantedCoins(KAI, 12, 5_000)))) == []
    assert findings(replace(happened, grants=granted[:1])) == []


def test_payments_that_went_back_after_their_creator_was_paid_are_named_with_their_gifts():
    paybacks = (LatePayback(11, NOOR, 300, (7, 9)), LatePayback(12, NOOR, 200, (8,)))
    (finding,) = findings(replace(activity(), paybacks=paybacks))
    assert (finding.kind, finding.members, finding.coins, finding.times) == (
        FlagKind.REFUND_AFTER_PAYOUT,
        (NOOR,),
        500,
        2,
    )
    assert finding.entries.seqs == (7, 8, 9)
    assert findings(replace(activity(), paybacks=paybacks[:1])) == []


def test_an_erased_member_is_no_new_account():
    flows = crowd(1_000, senders=FANS[:3])
    assert findings(replace(activity(*flows), account_ms={})) == []


def test_what_is_flagged_or_was_decided_lately_is_not_flagged_again():
    (ring,) = findings(activity(gave(NOOR, KAI, 1_000), gave(KAI, NOOR, 1_000)))
    key = ring.kind, ring.subject
    assert fresh([ring], {}, NOW_MS) == [ring]
    assert fresh([ring], {key: None}, NOW_MS) == []
    assert fresh([ring], {key: NOW_MS - WINDOW_MS + 1}, NOW_MS) == []
    assert fresh([ring], {key: NOW_MS - WINDOW_MS}, NOW_MS) == [ring]
    assert fresh([ring], {(FlagKind.FUNNEL, ring.subject): None}, NOW_MS) == [ring]


flows = st.builds(gave, st.integers(1, 12), st.integers(1, 4), st.integers(0, 3_000), st.integers(0, 3_000))


@given(st.lists(flows, max_size=30, unique_by=lambda flow: flow[:2]), st.sets(st.integers(1, 12)))
def test_every_finding_is_about_gifts_that_there_are_and_coins_that_were_given(given_flows: list[Flow], new: set[int]):
    for finding in findings(activity(*given_flows, fresh_accounts=new)):
        concerned = [
            flow
            for flow in given_flows
            if flow.sender in finding.entries.senders and flow.creator in finding.entries.creators
        ]
        assert LEAST_COINS <= finding.coins <= sum(flow.coins + flow.promo for flow in concerned)
        assert set(finding.members) <= {*finding.entries.senders, *finding.entries.creators}
