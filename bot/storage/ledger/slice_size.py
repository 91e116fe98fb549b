"""How many rows a slice of a fold has, depending on the time that rows take on this machine and in these books."""

AIM_S = 0.008
"""Seconds that the rows of a slice should take, without its commit: a gift may be waiting behind it."""

FEWEST, MOST = 100, 5_000
"""Rows of a slice. The first one has the fewest. Fewer would share too little: a row among 20 takes three times as much
of the processor as one among 200, and a busy machine has none to spare."""


BUSY_AIM_S = 0.1
"""The same while gifts come in large batches: rows that change the same lines share the work. A row among 2,000 takes
0.8 to 0.9 times as much as one among 1,000, and half as much as one among 100."""

BUSY_FEWEST, BUSY_MOST = 1_000, 2_000
"""Rows of such a slice."""


class SliceSize:
    """The size of the next slice, in `rows`: at least `fewest`, and at most `most` or what takes `aim_s` seconds.

    It falls at once when rows took too long. It at most doubles when there was time to spare: a short time may have
    been luck.
    """

    def __init__(self, aim_s: float = AIM_S, fewest: int = FEWEST, most: int = MOST) -> None:
        self._aim_s = aim_s
        self._fewest = fewest
        self._most = most
        self.rows = fewest

    def note(self, rows: int, took_s: float) -> None:
        """Note that `rows` took so long where they were folded.

        The commit and the way there do not count: shorter slices would only make more of both.
        """
        fitting = int(rows * self._aim_s / max(took_s, 1e-6))
        if took_s > self._aim_s:
            self.rows = max(min(self.rows, fitting), self._fewest)
        elif rows >= self.rows:
            self.rows = min(max(self.rows, fitting), 2 * self.rows, self._most)
