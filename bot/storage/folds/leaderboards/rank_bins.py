"""Rank bins: about how many coins somebody has, coarse enough that a few hundred bins hold a million members.

    coins       1    2    3  …  31 | 32–33  34–35  …  62–63 | 64–67  …  124–127 | … | 1,024–1,087  …
    magnitude   1    2    3  …  31 |    32     33  …     47 |    48  …       63 | … |         112  …
                └ one per sum      └ sixteen per power of two
    recency     the rows below 32 coins are cut once more, by when the sum was reached: earlier is ahead

A bin is one number. More coins never give a lower bin, and in the same bin no order is implied.
"""

FEW = 4_096
"""Up to this many places, a leaderboard is counted row by row. Above it, the rows of each bin are counted."""

_STEPS = 4
"""Bits that distinguish magnitudes within one power of two."""

EXACT = 2 << _STEPS
"""Each smaller sum has a magnitude of its own. Many members share such a sum, so recency cuts them into more bins."""

RECENCY_BITS = 15
"""Sums of the same recency were reached within 2**15 transactions of each other."""

_MAGNITUDE_SHIFT = 40
"""Bits of a bin that hold the recency."""


def magnitude_of(coins: int) -> int:
    """Return the magnitude of a sum of coins, a coarse logarithm."""
    shift = coins.bit_length() - _STEPS - 1
    return coins if shift <= 0 else (shift << _STEPS) + (coins >> shift)


def least_of(magnitude: int) -> int:
    """Return the lowest number of coins of a magnitude."""
    shift = max((magnitude >> _STEPS) - 1, 0)
    return (magnitude - (shift << _STEPS)) << shift


def rank_bin_of(coins: int, last_seq: int) -> int:
    """Return the bin of a row with `coins`, whose last gift is transaction `last_seq`. A higher bin is ahead."""
    if coins >= EXACT:
        return magnitude_of(coins) << _MAGNITUDE_SHIFT
    return (coins + 1 << _MAGNITUDE_SHIFT) - 1 - (last_seq >> RECENCY_BITS)


def magnitude_of_bin(rank_bin: int) -> int:
    """Return the magnitude of the sums in a bin."""
    return rank_bin >> _MAGNITUDE_SHIFT


def first_seq_of(rank_bin: int) -> int:
    """Return the lowest sequence number in a bin, whose magnitude must be below EXACT."""
    return ((magnitude_of_bin(rank_bin) + 1 << _MAGNITUDE_SHIFT) - 1 - rank_bin) << RECENCY_BITS
