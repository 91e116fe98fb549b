"""The garbage collector, settled for a process that lives long and makes few circles."""

import gc

YOUNG = 1_000
"""Objects made before the collector looks at the young ones. At 20,000 a look took 8 to 16 ms, and at 4,000 one at the
middle ones up to 57, which a member in a hundred saw at 400 gifts a second; now that takes 7."""
OLD = 10
"""Looks at the middle ones before one at everything. After 30 it met 26,000 objects, 20,000 of them garbage, and took
30 to 55 ms on a slow machine. A gift leaves circles behind, discord.py's, which last until then if they are looked at
while the gift is under way."""


def settle_collector() -> None:
    """Leave what the start has made out of all further collections, and make those rarer."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, OLD)
