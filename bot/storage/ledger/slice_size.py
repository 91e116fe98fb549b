"""How many rows a slice of a fold has, after the time that slices take on this machine and in these books."""

LIMIT_S = 0.02
"""Seconds that a slice may take, its commit included."""

AIM_S = 0.008
"""Seconds that its rows should take, without the commit. The cost of rows varies."""

FEWEST, MOST = 20, 5_000
"""Rows of a slice. The first one has the fewest."""


class SliceSize:
    """The size of the next slice, in `rows`.

    It falls at once when a slice took too long, because a gift may be waiting behind the next one. It at most doubles
    when there was time to spare: a short time may have been luck.
    """

    def __init__(self) -> None:
        self.rows = FEWEST
        self._least_s = float("inf")

    def note(self, rows: int, took_s: float) -> None:
        """Note that a slice of `rows` took so long, its commit included."""
        # Every slice pays for a commit, however small it is. The shortest slice so far stands for that: on a slow disk,
        # shorter slices would not help much, and there would be many more of them.
        self._least_s = min(self._least_s, took_s)
        rows_s = took_s - self._least_s
        fitting = int(rows * AIM_S / max(rows_s, 1e-6))
        if rows_s > AIM_S:
            self.rows = max(min(self.rows, fitting), FEWEST)
        elif rows >= self.rows and took_s <= LIMIT_S:
            self.rows = min(max(self.rows, fitting), 2 * self.rows, MOST)
