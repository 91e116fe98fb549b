"""How many rows a slice of a fold has, depending on the time that rows take on this machine and in these books."""

AIM_S = 0.008
"""Seconds that the rows of a slice should take, without its commit: a gift may be waiting behind it."""

FEWEST, MOST = 100, 5_000
"""Rows of a slice. The first one has the fewest. Fewer would share too little: a row among 20 takes three times as much
of the processor as one among 200, and a busy machine has none to spare."""


class SliceSize:
    """The size of the next slice, in `rows`.

    It falls at once when rows took too long. It at most doubles when there was time to spare: a short time may have
    been luck.
    """

    def __init__(self) -> None:
        self.rows = FEWEST

    def note(self, rows: int, took_s: float) -> None:
        """Note that `rows` took so long where they were folded.

        The commit and the way there do not count: shorter slices would only make more of both.
        """
        fitting = int(rows * AIM_S / max(took_s, 1e-6))
        if took_s > AIM_S:
            self.rows = max(min(self.rows, fitting), FEWEST)
        elif rows >= self.rows:
            self.rows = min(max(self.rows, fitting), 2 * self.rows, MOST)
