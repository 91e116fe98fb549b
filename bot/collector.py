"""The garbage collector, settled for a process that lives long and makes few circles."""

import gc

YOUNG = 4_000
"""Objects made before the collector looks at the young ones: at 20,000 a look took 8 to 16 ms, seen by a member in a
hundred at 400 gifts a second; at 700, Python's own number, it looks at every other gift."""


def settle_collector() -> None:
    """Leave what the start has made out of all further collections, and make those rarer."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 50)
