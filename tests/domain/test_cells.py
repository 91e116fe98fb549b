"""Cells: how a long leaderboard is counted in heaps, so that nobody's place depends on the heap they are in."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.money import MAX_BALANCE
from bot.domain.standings import EXACT, SLICE, cell_of, class_of, class_of_cell, first_seq_of, least_of

# Most members have given little: half of the sums are small ones, or lie at the border of a class.
sums = st.one_of(
    st.integers(0, 3 * EXACT),
    st.integers(0, MAX_BALANCE),
    st.builds(lambda power, by: max(2**power + by, 0), st.integers(0, 52), st.integers(-1, 1)),
)
small_sums = st.integers(0, EXACT - 1)
seqs = st.one_of(
    st.integers(0, 2**50),
    st.builds(lambda part, by: max((part << SLICE) + by, 0), st.integers(0, 2**20), st.integers(-1, 1)),
)


@given(sums)
def test_a_class_holds_the_sums_from_its_least_to_just_below_the_next_one(coins):
    rank_class = class_of(coins)

    assert least_of(rank_class) <= coins < least_of(rank_class + 1)


@given(coins=sums, more=sums)
def test_more_coins_are_never_in_a_lower_class(coins, more):
    low, high = sorted([coins, more])

    assert class_of(low) <= class_of(high)
    assert class_of(high) <= class_of(high + 1) <= class_of(high) + 1


@given(small_sums)
def test_small_sums_have_a_class_each(coins):
    assert class_of(coins) == least_of(coins) == coins
    assert class_of(EXACT) == EXACT


def test_each_doubling_has_sixteen_classes():
    for power in range(4, 14):
        assert len({class_of(coins) for coins in range(2**power, 2 ** (power + 1))}) == 16


@given(st.integers(EXACT, class_of(MAX_BALANCE)))
def test_a_class_is_narrow_beside_the_sums_in_it(rank_class):
    least, after = least_of(rank_class), least_of(rank_class + 1)

    assert least < after <= least + least // 16
    assert class_of(least) == class_of(after - 1) == rank_class


@given(coins=sums, seq=seqs, other_coins=sums, other_seq=seqs)
def test_whoever_is_in_a_higher_cell_is_ahead(coins, seq, other_coins, other_seq):
    cell, other_cell = cell_of(coins, seq), cell_of(other_coins, other_seq)

    if cell != other_cell:
        # The same sum is worth more to whoever reached it first.
        assert (cell > other_cell) == ((coins, -seq) > (other_coins, -other_seq))


@given(coins=small_sums, seq=seqs, other_seq=seqs)
def test_equal_small_sums_are_parted_by_when_they_were_reached(coins, seq, other_seq):
    same_slice = seq >> SLICE == other_seq >> SLICE

    assert (cell_of(coins, seq) == cell_of(coins, other_seq)) == same_slice


@given(coins=st.one_of(st.just(EXACT), st.integers(EXACT, MAX_BALANCE)), seq=seqs, other_seq=seqs)
def test_large_sums_share_the_cell_of_their_class_whenever_they_were_reached(coins, seq, other_seq):
    assert cell_of(coins, seq) == cell_of(coins, other_seq) == cell_of(least_of(class_of(coins)), 0)


@given(coins=sums, seq=seqs)
def test_a_cell_knows_its_class(coins, seq):
    assert class_of_cell(cell_of(coins, seq)) == class_of(coins)


@given(coins=small_sums, seq=seqs)
def test_a_cell_of_small_sums_knows_the_first_transaction_that_it_can_hold(coins, seq):
    cell = cell_of(coins, seq)
    first = first_seq_of(cell)

    assert first <= seq < first + 2**SLICE
    assert cell_of(coins, first) == cell
    assert first == 0 or cell_of(coins, first - 1) > cell


def test_cells_stay_what_they_were():
    """They are stored: with other numbers, the tallies of every guild would be wrong."""
    assert cell_of(0, 0) == 2**40 - 1
    assert cell_of(5, 0) == 6 * 2**40 - 1
    assert cell_of(5, 3 * 2**15 + 7) == 6 * 2**40 - 4
    assert (cell_of(32, 9), cell_of(1_024, 9)) == (32 * 2**40, 112 * 2**40)
