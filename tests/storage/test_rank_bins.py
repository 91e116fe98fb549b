"""Rank bins: a long leaderboard is counted bin by bin, and nobody's place depends on it."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.money import MAX_BALANCE
from bot.storage.folds.leaderboards.rank_bins import (
    EXACT,
    RECENCY_BITS,
    first_seq_of,
    least_of,
    magnitude_of,
    magnitude_of_bin,
    rank_bin_of,
)

# Most members have given little: half of the sums are small ones, or lie at the border of a magnitude.
sums = st.one_of(
    st.integers(0, 3 * EXACT),
    st.integers(0, MAX_BALANCE),
    st.builds(lambda power, by: max(2**power + by, 0), st.integers(0, 52), st.integers(-1, 1)),
)
small_sums = st.integers(0, EXACT - 1)
seqs = st.one_of(
    st.integers(0, 2**50),
    st.builds(lambda part, by: max((part << RECENCY_BITS) + by, 0), st.integers(0, 2**20), st.integers(-1, 1)),
)


@given(sums)
def test_a_magnitude_holds_the_sums_from_its_least_to_just_below_the_next_one(coins):
    magnitude = magnitude_of(coins)

    assert least_of(magnitude) <= coins < least_of(magnitude + 1)


@given(coins=sums, more=sums)
def test_more_coins_are_never_in_a_lower_magnitude(coins, more):
    low, high = sorted([coins, more])

    assert magnitude_of(low) <= magnitude_of(high)
    assert magnitude_of(high) <= magnitude_of(high + 1) <= magnitude_of(high) + 1


@given(small_sums)
def test_small_sums_have_a_magnitude_each(coins):
    assert magnitude_of(coins) == least_of(coins) == coins
    assert magnitude_of(EXACT) == EXACT


def test_each_doubling_has_sixteen_magnitudes():
    for power in range(4, 14):
        assert len({magnitude_of(coins) for coins in range(2**power, 2 ** (power + 1))}) == 16


@given(st.integers(EXACT, magnitude_of(MAX_BALANCE)))
def test_a_magnitude_is_narrow_beside_the_sums_in_it(magnitude):
    least, after = least_of(magnitude), least_of(magnitude + 1)

    assert least < after <= least + least // 16
    assert magnitude_of(least) == magnitude_of(after - 1) == magnitude


@given(coins=sums, seq=seqs, other_coins=sums, other_seq=seqs)
def test_whoever_is_in_a_higher_bin_is_ahead(coins, seq, other_coins, other_seq):
    rank_bin, other_bin = rank_bin_of(coins, seq), rank_bin_of(other_coins, other_seq)

    if rank_bin != other_bin:
        # The same sum is worth more to whoever reached it first.
        assert (rank_bin > other_bin) == ((coins, -seq) > (other_coins, -other_seq))


@given(coins=small_sums, seq=seqs, other_seq=seqs)
def test_equal_small_sums_are_parted_by_when_they_were_reached(coins, seq, other_seq):
    same_recency = seq >> RECENCY_BITS == other_seq >> RECENCY_BITS

    assert (rank_bin_of(coins, seq) == rank_bin_of(coins, other_seq)) == same_recency


@given(coins=st.one_of(st.just(EXACT), st.integers(EXACT, MAX_BALANCE)), seq=seqs, other_seq=seqs)
def test_large_sums_share_the_rank_bin_of_their_magnitude_whenever_they_were_reached(coins, seq, other_seq):
    assert rank_bin_of(coins, seq) == rank_bin_of(coins, other_seq) == rank_bin_of(least_of(magnitude_of(coins)), 0)


@given(coins=sums, seq=seqs)
def test_a_bin_knows_its_magnitude(coins, seq):
    assert magnitude_of_bin(rank_bin_of(coins, seq)) == magnitude_of(coins)


@given(coins=small_sums, seq=seqs)
def test_a_rank_bin_of_small_sums_knows_the_first_transaction_that_it_can_hold(coins, seq):
    rank_bin = rank_bin_of(coins, seq)
    first = first_seq_of(rank_bin)

    assert first <= seq < first + 2**RECENCY_BITS
    assert rank_bin_of(coins, first) == rank_bin
    assert first == 0 or rank_bin_of(coins, first - 1) > rank_bin


def test_bins_stay_what_they_were():
    """They are stored: with other numbers, the counts of every guild would be wrong."""
    assert rank_bin_of(0, 0) == 2**40 - 1
    assert rank_bin_of(5, 0) == 6 * 2**40 - 1
    assert rank_bin_of(5, 3 * 2**15 + 7) == 6 * 2**40 - 4
    assert (rank_bin_of(32, 9), rank_bin_of(1_024, 9)) == (32 * 2**40, 112 * 2**40)
